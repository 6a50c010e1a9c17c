// What is uploaded, and what is to become of each line: drawn from the seed together with the users and the settings.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "batch/notification.h"
#include "batch/reason.h"
#include "batch/user.h"
#include "function/settings.h"
#include "simulation/dice.h"

namespace ads::simulation {

inline constexpr const char* kSuspended = "Suspended";  // every other status that is drawn is active

inline constexpr const char* kBucket = "batches";
inline constexpr const char* kToday = "22-11-2026";

// A line as it was written, with its meaning: known from how it was made, not by reading it.
struct WrittenLine {
  enum class Kind { record, blank, header, bad };
  Kind kind = Kind::record;
  std::uint64_t offset = 0;  // in the content
  std::string text, ending;
  int status_code = 0, retry_count = 0;
  std::string user;
  batch::Reason reason = batch::Reason::field_count;

  std::uint64_t length() const { return text.size() + ending.size(); }
};

struct Upload {
  std::string key;
  bool is_refused = false;  // its name is no batch file's
  SystemTime when;
  std::vector<WrittenLine> lines;
  std::string content;  // as lines
  std::string bytes;    // as uploaded, perhaps compressed
  bool is_compressed = false;
  bool is_damaged = false;                 // lacks its end
  std::optional<SystemTime> deleted_when;  // by somebody
};

struct Scenario {
  std::vector<Upload> uploads;  // in the order of their time
  bool is_versioned = true;
  // Somebody else's object under a name that a processed file would get.
  std::string stranger_key;
  std::optional<SystemTime> stranger_when;
  bool has_operators_topic = true;
  std::map<std::string, batch::User> users;
  std::set<std::string> refused_by_topic;        // users about whom no notification can ever be published
  std::set<std::string> refused_by_retry_queue;  //
  function::Settings settings;
  std::chrono::seconds timeout{900};  // of dispatch and worker
  std::size_t shard_batch = 1;        // messages of the shards queue in one invocation
  int workers = 2;

  static Scenario draw(Dice& dice, SystemTime start);
};

}  // namespace ads::simulation
