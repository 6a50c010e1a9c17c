// What happens next with a run: decided from what is stored alone, so that whoever comes next decides the same.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "batch/report.h"
#include "batch/run.h"
#include "batch/shard_state.h"

namespace ads::batch {

// A shard that was leased so often without a checkpoint in between is abandoned.
inline constexpr std::uint32_t kMaxStalls = 5;
// How long a lease lasts without a checkpoint or a renewal, which comes after half of it. Shorter than the minute after
// which Lambda repeats a failed event.
inline constexpr std::chrono::seconds kLease{50};
// How long the sweep leaves alone what may only be between two steps; Lambda repeats a failed event within it.
inline constexpr std::chrono::seconds kSweepAfter{240};
// A shard that nobody has leased waits for its message this long, however full the queue is.
inline constexpr std::chrono::hours kLostAfter{1};

// The time after which a message that failed is tried again: 30 s, 60 s, 120 s, ... 900 s. `receives` counts from 1.
std::chrono::seconds retry_delay(int receives);

bool is_working(RunStatus status);     // planned or running: lines are still to have their effect
bool is_finalising(RunStatus status);  // finalising, copied or reported
// An operator has canceled it, and its shards stop at their next checkpoint.
bool is_canceling(const Run& run);
// Every shard is done or dead.
bool is_complete(const Run& run);

// An event of the batch file; `fits_inline`: the file is processed where its event arrives.
enum class EventStep {
  begin,        // nothing is known: judge the name, make the run
  work,         // as its only shard, here and now
  send_shards,  // to the workers
  finalise,
  leave,  // over, or somebody else's: a late repetition
};
enum class Size { fits_inline, large };
EventStep on_event(const std::optional<Run>& run, Size size);

// A message of the shards queue.
enum class MessageStep {
  work,      // lease the shard
  finalise,  // the run
  drop,      // it is about nothing that is left to do
};
MessageStep on_shard(const std::optional<Run>& run, std::uint32_t shard);
MessageStep on_finalise(const std::optional<Run>& run);

// A shard whose lease was just taken.
enum class LeaseStep {
  work,
  conclude,  // it is done already: the answer, or the message after it, got lost
  bury,      // it stalls, or the run has been sentenced
};
LeaseStep on_lease(const Run& run, const ShardState& shard);

// What the sweep finds.
enum class SweepStep { leave, send_shard, send_finalise };
// `touched`: when the run was last saved; `after`: kSweepAfter. A run whose shards are still open needs a look at each
// of them.
SweepStep sweep_run(const Run& run, SystemTime touched, SystemTime finaliser_until, SystemTime now,
                    std::chrono::seconds after);
enum class QueueState { idle, busy };  // idle: no message waits
// `shard` is absent where nobody has leased it yet.
SweepStep sweep_shard(const std::optional<ShardState>& shard, SystemTime touched, QueueState queue, SystemTime now);

// The message of a shard was given up by its queue. `shard` as whoever decides this has just leased it: nobody works on
// it.
enum class DeadLetterStep { bury, send_again, conclude };
DeadLetterStep on_dead_letter(const ShardState& shard);

// The sum over all shards, and how the run ends: with a sentence it fails.
struct Closing {
  Counters counters;
  Compression compression = Compression::none;
  std::uint64_t bytes_read = 0;
  std::vector<ByteRange> unprocessed;
  std::uint32_t resumes = 0;  // leases beyond the first of each shard
  std::string sentence;
  bool is_partial = false;
  bool is_canceled = false;  // by an operator, before every shard was done
};
// `shards` in their order; one that nobody has leased is absent.
Closing close(const Run& run, std::span<const std::optional<ShardState>> shards, int max_bad_percent);

// How many lines the file has before each shard; nothing behind one that is not done.
std::vector<std::optional<std::uint64_t>> lines_before(std::span<const std::optional<ShardState>> shards);

// Why a run ends whose beginning was a batch file's: too much of what was processed is in quarantine. Names what not to
// send again.
std::string too_bad_sentence(const Counters& counters, int max_bad_percent, Moment moment, std::string_view run_id);

}  // namespace ads::batch
