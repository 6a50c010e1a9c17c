// The Runs table in the business's words: runs, the leases and checkpoints of their shards, and the retries done.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "batch/report.h"
#include "batch/retry_tally.h"
#include "batch/run.h"
#include "batch/shard_state.h"

namespace ads::function {

using batch::ShardState;
using batch::ShardStatus;

struct StoredRun {
  batch::Run run;
  // Grows with every save: who saves on top of another one's save gets a conflict instead of overwriting it.
  std::uint64_t revision = 0;
  // Who finalises, until when: nobody else does meanwhile.
  std::string finaliser;
  SystemTime finaliser_until{};
  SystemTime touched{};          // when it was last saved; set by the store
  std::uint64_t bytes_read = 0;  // of the object
  std::string quarantine_key;
  std::uint32_t mails_begun = 0;          // of the report: a crash may repeat it once
  std::uint32_t retries_mails_begun = 0;  // of its second line
  std::string mail_error;                 // why the report was not mailed
  std::vector<batch::ByteRange> unprocessed;
  std::optional<batch::RetryTally> retries;  // once all of them are settled

  bool is_failing() const { return !run.sentence.empty(); }
  // Something is still to happen: the run itself, or its retries. Such runs are what open_runs() gives.
  bool is_open() const;
};

struct LeaseRequest {
  std::string run_id;
  batch::Shard range;
  std::string owner;  // of one invocation alone
  SystemTime now{}, until{};
};

struct Lease {
  std::string run_id;
  std::uint32_t shard = 0;
  std::string owner;
  std::uint64_t fence = 0;
};

struct Checkpoint {
  std::uint64_t from = 0, to = 0;  // offsets
  batch::Counters counters;        // of everything before `to`
  batch::Layout layout;
  batch::Compression compression = batch::Compression::none;
  SystemTime lease_until{};
};

// How a shard ends: done, or dead with the reason. A sentence is about the whole run: its other shards end too.
struct ShardEnding {
  ShardStatus status = ShardStatus::done;
  std::uint64_t bytes_read = 0;
  std::string trouble;
  std::string run_sentence;
};

struct OpenRuns {
  std::vector<std::string> run_ids;
  std::string next;  // for the next page; empty: this was the last
};

class Runs {
 public:
  virtual ~Runs() = default;
  // Read consistently.
  virtual Task<Result<std::optional<StoredRun>>> find(std::string run_id) = 0;
  // Errors: conflict, when the run is known.
  virtual Task<Result<void>> create(const StoredRun& run) = 0;
  // Stores run.revision + 1 if the stored revision is run.revision. Errors: conflict.
  virtual Task<Result<void>> save(const StoredRun& run) = 0;
  // Runs that are not over, oldest first. May lag behind a little.
  virtual Task<Result<OpenRuns>> open_runs(std::string after) = 0;

  virtual Task<Result<std::optional<ShardState>>> find_shard(std::string run_id, std::uint32_t shard) = 0;
  // Makes the shard where it is new. Gives what is stored afterwards: one more in fence and stalls. Errors: conflict,
  // while somebody else's lease lasts, and once the shard is dead; of one that is done the lease is given.
  virtual Task<Result<ShardState>> take_lease(LeaseRequest request) = 0;
  // The lease lasts longer, if the fence is as said. Errors: conflict.
  virtual Task<Result<void>> renew(Lease lease, SystemTime until) = 0;
  // One conditional write: the offset with its counters, no stalls, the lease, if fence and old offset are as said.
  // Errors: conflict.
  virtual Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) = 0;
  // The shard is done or dead, and counted in its run, in one transaction, if it is open and the fence is as said.
  // Errors: conflict.
  virtual Task<Result<void>> finish_shard(Lease lease, const ShardEnding& ending) = 0;
  // Ends the lease early, and says why. Errors: conflict.
  virtual Task<Result<void>> release(Lease lease, std::string trouble) = 0;
  // A dead shard is open again, and no longer counted as dead, in one transaction. Errors: conflict, if it is not dead.
  virtual Task<Result<void>> reopen_shard(std::string run_id, std::uint32_t shard) = 0;
};

// A mail that was begun this often is not sent again, whatever became of it.
inline constexpr std::uint32_t kMailTries = 2;

struct RetryKey {
  std::string record_id, run_id;
};

struct RetrySettlement {
  RetryKey key;
  batch::RetryEnd end = batch::RetryEnd::processed;
  std::uint64_t reordered = 0;  // added to the tally's
};

// A try that failed, of a record on the retry queue.
struct RetryFailure {
  std::string run_id;
  Error error;
};

// Why a run's retries failed, as far as they did.
struct RetryFailures {
  std::map<std::string, std::uint64_t> attempts;  // by to_string(ErrorKind), none of them 0
  std::string last_error;                         // "code: message" of the newest; empty: none has failed
  SystemTime last_at{};
};

// What was already done with the records on the retry queue: a message that comes twice is published once, and each
// record is counted once.
class RetryLedger {
 public:
  virtual ~RetryLedger() = default;
  // done: processed, not-active, not-found or quarantined. A dead record is granted again, and no longer counted.
  enum class Claim { granted, done, held };
  // One answer for each key; at most ten keys, each once.
  virtual Task<Result<std::vector<Claim>>> claim(std::vector<RetryKey> keys, std::string owner, SystemTime now,
                                                 SystemTime until) = 0;
  enum class Settled { settled, lost };  // lost: the claim has gone to somebody else
  // Each record's end, and one more in its run's tally, in one transaction. One answer for each; at most ten.
  virtual Task<Result<std::vector<Settled>>> settle(std::vector<RetrySettlement> settlements, std::string owner) = 0;
  // Gives claims back, where they are still held. At most ten.
  virtual Task<Result<void>> release(std::vector<RetryKey> keys, std::string owner) = 0;
  virtual Task<Result<batch::RetryTally>> tally(std::string run_id) = 0;
  // Counts failed tries by the kind of their error, and keeps the last one of each run. For people only: nothing is
  // decided by it.
  virtual Task<Result<void>> note_failures(std::vector<RetryFailure> failures, std::string owner) = 0;
};

}  // namespace ads::function
