// The states that a run goes through, and what may follow what.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "batch/counters.h"
#include "batch/decompress.h"
#include "batch/inspection.h"
#include "batch/layout.h"
#include "batch/record.h"

namespace ads::batch {

enum class RunStatus { planned, running, finalising, copied, reported, done, failed, refused };

std::string_view to_string(RunStatus status);  // "PLANNED"; stored by name
std::optional<RunStatus> parse_run_status(std::string_view name);
bool is_final(RunStatus status);  // done, failed, refused
// planned > running > finalising > copied > reported > done, where workers may be done before `running` is stored;
// failed from any that is not final, and failed > running by resume.
bool may_follow(RunStatus from, RunStatus to);

// A run as a value; whoever stores it chooses the attributes.
struct Run {
  std::string id;
  ObjectIdentity object;
  RunStatus status = RunStatus::planned;
  std::string sentence;      // why it failed or was refused
  bool is_partial = false;   // it failed for some of its shards, and may be resumed
  bool is_canceled = false;  // and that because an operator canceled it; known at its end
  Compression compression = Compression::none;
  Inspection inspection = Inspection::none;  // before the first effect; of a small plain file it is not stored
  std::optional<Layout> layout;              // of an uncompressed file with several shards
  std::uint32_t shard_count = 1;
  std::uint32_t shards_done = 0;
  std::uint32_t shards_dead = 0;
  std::uint32_t resumes = 0;
  std::string today;          // the date it was accepted on, DD-MM-YYYY
  std::string processed_key;  // chosen before the copy
  SystemTime start{}, end{};
  Counters counters;
};

}  // namespace ads::batch
