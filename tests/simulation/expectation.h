// What is to become of each line of an upload, by the rules of the product written down once more, and on purpose not
// by its code: the oracle knows records by their ids.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "batch/counters.h"
#include "simulation/scenario.h"

namespace ads::simulation {

struct ExpectedRecord {
  enum class Fate {
    published,    // looked up and published
    retried,      // queued, and published by the retry consumer in the end
    quarantined,  // a record that no service takes
  };
  Fate fate = Fate::published;
  std::size_t upload = 0, line = 0;
  std::string user;
  batch::Outcome outcome = batch::Outcome::not_found;
  bool is_refused_by_topic = false;  // of a retried one: it ends in quarantine
};

struct ExpectedRun {
  std::string run_id;
  std::size_t upload = 0;
  std::string version_id, etag;
  // Its beginning is no batch file's, or it is compressed, damaged, and small enough to be verified: no effect at all.
  bool is_unreadable = false, is_verified_damage = false;
  bool is_replaced = false;  // or deleted before it was done, in a bucket without versions
  batch::Counters counters;
  std::map<std::uint64_t, std::pair<batch::Reason, std::string>> quarantine;  // by offset
  std::map<std::uint64_t, std::string> record_ids;                            // by offset: those with an effect
};

class Expectations {
 public:
  explicit Expectations(const Scenario& scenario) : scenario_(scenario) {}

  // An upload has happened, as this object.
  void add(std::size_t upload, std::string version_id, std::string etag);

  const ExpectedRecord* record(const std::string& record_id) const;
  const ExpectedRun* run(const std::string& run_id) const;
  std::map<std::string, ExpectedRun>& runs() { return runs_; }
  const std::map<std::string, ExpectedRecord>& records() const { return records_; }

 private:
  void add_line(ExpectedRun& run, std::size_t index, const WrittenLine& line);

  const Scenario& scenario_;
  std::map<std::string, ExpectedRun> runs_;
  std::map<std::string, ExpectedRecord> records_;
};

}  // namespace ads::simulation
