// The Runs table in the business's words: runs, the leases and checkpoints of their shards, and the retries done.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "batch/counters.h"
#include "batch/decompress.h"
#include "batch/layout.h"
#include "batch/report.h"
#include "batch/run.h"
#include "batch/shard.h"

namespace ads::function {

struct StoredRun {
  batch::Run run;
  // Grows with every save: who saves on top of another one's save gets a conflict instead of overwriting it.
  std::uint64_t revision = 0;
  std::uint64_t bytes_read = 0;  // of the object
  std::string quarantine_key;
  std::string mail_error;  // why the report was not mailed
  std::vector<batch::ByteRange> unprocessed;

  bool is_failing() const { return !run.sentence.empty(); }
};

enum class ShardStatus { open, done };

struct ShardState {
  batch::Shard range;
  std::uint64_t offset = 0;  // the first byte whose line has not had its effect
  std::uint64_t fence = 0;   // grows with every lease; who holds an older one writes nothing any more
  std::string lease_owner;
  SystemTime lease_until{};
  ShardStatus status = ShardStatus::open;
  std::optional<batch::Layout> layout;  // known after the first chunk
  batch::Compression compression = batch::Compression::none;
  std::uint64_t bytes_read = 0;  // of the object; of a shard that is done
  batch::Counters counters;
};

struct LeaseRequest {
  std::string run_id;
  batch::Shard range;
  std::string owner;  // the same for the repetitions of one invocation: these cannot run side by side
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

class Runs {
 public:
  virtual ~Runs() = default;
  // Read consistently.
  virtual Task<Result<std::optional<StoredRun>>> find(std::string run_id) = 0;
  // Errors: conflict, when the run is known.
  virtual Task<Result<void>> create(const StoredRun& run) = 0;
  // Stores run.revision + 1 if the stored revision is run.revision. Errors: conflict.
  virtual Task<Result<void>> save(const StoredRun& run) = 0;

  virtual Task<Result<std::optional<ShardState>>> find_shard(std::string run_id, std::uint32_t shard) = 0;
  // Makes the shard where it is new. Gives what is stored afterwards: one more in the fence. Errors: conflict, while
  // somebody else's lease lasts.
  virtual Task<Result<ShardState>> take_lease(LeaseRequest request) = 0;
  // One conditional write: the offset with its counters, if fence and old offset are as said. Errors: conflict.
  virtual Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) = 0;
  // The shard is done, and counted in its run, in one transaction, if the fence is as said. Errors: conflict.
  virtual Task<Result<void>> finish_shard(Lease lease, std::uint64_t bytes_read) = 0;
  // Ends the lease early. Errors: conflict.
  virtual Task<Result<void>> release(Lease lease) = 0;
};

// What was already done with the records on the retry queue: a message that comes twice is published once.
class RetryLedger {
 public:
  virtual ~RetryLedger() = default;
  enum class Claim { granted, done, held };
  virtual Task<Result<Claim>> claim(std::string record_id, std::string owner, SystemTime now, SystemTime until) = 0;
  // The record has had its effect. Errors: conflict, when the claim has gone to somebody else.
  virtual Task<Result<void>> settle(std::string record_id, std::string owner) = 0;
  // Gives the claim back. Errors: conflict.
  virtual Task<Result<void>> release(std::string record_id, std::string owner) = 0;
};

}  // namespace ads::function
