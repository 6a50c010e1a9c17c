// The table of objects and their versions: what a put, a copy and a delete change, under each versioning state.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "cloud/s3/bucket.h"
#include "cloud/s3/object_record.h"

namespace ads::cloud::s3 {

class Objects {
 public:
  Objects(Store& store, Sequence& sequence) : store_(store), sequence_(sequence) {}

  // The current object; nothing where there is none or a delete marker covers it.
  std::optional<ObjectRecord> current(const Bucket& bucket, std::string_view key) const;
  std::optional<ObjectSummary> current_summary(const Bucket& bucket, std::string_view key) const;
  // The delete marker that covers the key, where there is one.
  std::optional<ObjectSummary> current_marker(const Bucket& bucket, std::string_view key) const;
  // `version` as clients give it, "null" included. A delete marker is found too.
  std::optional<ObjectRecord> version(const Bucket& bucket, std::string_view key, std::string_view version) const;
  static bool is_valid_version_id(std::string_view version);

  // Makes `record` the current object, giving it its sequence and version id.
  void put(Transaction& transaction, const Bucket& bucket, std::string_view key, ObjectRecord& record);
  // Writes a changed record (tags) back to where it stands.
  void rewrite(Transaction& transaction, const Bucket& bucket, std::string_view key, const ObjectRecord& record);

  struct Removed {
    bool is_marker_made = false;     // DELETE without a version put a delete marker
    bool is_marker_removed = false;  // the version removed was one
    bool existed = false;
    std::string version_id;  // of the marker made, or of the version removed; empty in buckets never versioned
    std::uint64_t sequence = 0;
  };
  // DELETE without versionId.
  Removed remove(Transaction& transaction, const Bucket& bucket, std::string_view key, SystemTime now);
  // DELETE with versionId: gone for good; the version below comes to light.
  Removed remove_version(Transaction& transaction, const Bucket& bucket, std::string_view key,
                         std::string_view version);

  bool is_empty(const Bucket& bucket) const;

 private:
  struct Place {
    bool is_current = false;
    std::uint64_t sequence = 0;
  };
  std::optional<Place> locate(const Bucket& bucket, std::string_view key, std::string_view version) const;
  void cover(Transaction& transaction, const Bucket& bucket, std::string_view key, std::string_view current);
  void drop_null_version(Transaction& transaction, const Bucket& bucket, std::string_view key);

  Store& store_;
  Sequence& sequence_;
};

}  // namespace ads::cloud::s3
