// S3: one bucket, with versions or without. It notices at once when a file is lost or overwritten.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "function/ports.h"
#include "simulation/ground.h"

namespace ads::simulation {

class ObjectStore {
 public:
  struct Version {
    std::string id;  // empty in a bucket without versions
    std::string etag, content, copied_by;
    bool is_marker = false;  // of a deletion
  };

  explicit ObjectStore(Ground& ground) : ground_(ground), is_versioned_(ground.scenario.is_versioned) {}

  // By a person. Gives what S3's event tells.
  batch::ObjectIdentity upload(std::string key, std::string content);

  void delete_by_hand(const std::string& key);

  Result<function::ObjectFacts> facts(const batch::ObjectIdentity& object) const;
  Result<std::string> read(const batch::ObjectIdentity& object, std::uint64_t begin, std::uint64_t length) const;
  Result<void> copy(const batch::ObjectIdentity& source, const std::string& key, const std::string& run_id);
  Result<void> remove(const batch::ObjectIdentity& object);
  Result<std::string> read_whole(const std::string& key) const;
  Result<void> put(const std::string& key, std::string content);
  Result<void> remove_key(const std::string& key);
  Result<function::ObjectPage> list(const std::string& prefix, const std::string& after) const;
  Result<std::string> start_upload(const std::string& key);
  Result<function::UploadedPart> upload_part(const std::string& upload_id, int number, std::string content);
  Result<void> finish_upload(const std::string& upload_id, const std::vector<function::UploadedPart>& parts);
  Result<void> abort_upload(const std::string& upload_id);

  // What a copy without conditions does; only mutants do that.
  void overwrite(const std::string& key, std::string content, std::string copied_by);

  // As it is now; null where there is none.
  const Version* current(const std::string& key) const;
  const std::map<std::string, std::vector<Version>>& keys() const { return keys_; }

 private:
  Version& store(const std::string& key, std::string content, std::string copied_by);
  // The pinned version, or why not.
  Result<const Version*> pinned(const batch::ObjectIdentity& object) const;
  void note_loss(const std::string& key, const Version& lost);

  Ground& ground_;
  bool is_versioned_;
  int versions_ = 0;
  std::map<std::string, std::vector<Version>> keys_;
  struct Parts {
    std::string key;
    std::map<int, std::string> contents;
  };
  std::map<std::string, Parts> uploads_;
};

}  // namespace ads::simulation
