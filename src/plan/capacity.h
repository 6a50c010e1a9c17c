// How long a batch file takes on AWS, what limits it, and what it costs: arithmetic over what the engine does with a
// chunk, AWS's quotas and prices, and assumed answer times. docs/scale.md explains the model.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plan/price_list.h"
#include "plan/workload.h"

namespace ads::plan {

// The template's parameters that have to do with speed; the defaults are the template's.
struct Deployment {
  int worker_concurrency = 10, retry_concurrency = 10;
  double publish_rate = 0;
  std::uint64_t shard_bytes = std::uint64_t{64} << 20;
  int function_memory = 1769;
  enum class Ordering { by_shard, by_file } ordering = Ordering::by_shard;
  enum class Topic { standard, fifo } topic = Topic::standard;
  enum class Architecture { x86_64, arm64 } architecture = Architecture::x86_64;
};

// Seconds from request to answer inside a region, and what the function itself takes.
struct CallTimes {
  double batch_get = 0.015;      // BatchGetItem, 100 keys
  double publish_batch = 0.025;  // 10 messages
  double send_batch = 0.015;     // SendMessageBatch, FIFO, 10 messages
  double update_item = 0.005;
  double transaction = 0.015;  // TransactWriteItems, 10 to 11 items
  double put_object = 0.030;
  double copy_byte = 1.0 / 100e6;    // CopyObject and UploadPartCopy: 100 MB/s, one part after the other
  double event = 1.0;                // from the upload to the function's start
  double hand_over = 0.1;            // from a message to its invocation, warm or cold
  double retry_overhead = 0.025;     // Lambda's receive, invoke and delete around each batch of retries
  double cpu_per_record = 0.000040;  // on a whole processor (1,769 MB)
  int calls_in_flight = 16;
};

// One thing that a file has to pass. All run side by side: the slowest decides.
struct Stage {
  std::string name;
  double per_second = 0;  // records of the file, or retries
  double seconds = 0;     // for all of them
  std::string moved_by;   // the parameter, quota or property that changes it
};

struct CallCount {
  std::string service, operation;
  double calls = 0;
};

struct Cost {
  std::string service, what;
  double usd = 0;
};

struct Estimate {
  std::uint32_t shards = 1;
  int workers = 1;              // at work at the same time
  std::size_t chunk_lines = 0;  // between two checkpoints
  double chunk_seconds = 0;
  double worker_rate = 0;  // records per second of one worker that nothing slows down
  std::vector<Stage> stages;
  std::size_t limit = 0;  // the slowest of them
  double processing_seconds = 0;
  double copy_seconds = 0;          // to the new name
  double seconds = 0;               // from upload to report
  std::vector<Stage> retry_stages;  // empty without retries
  std::size_t retry_limit = 0;
  double settled_seconds = 0;  // from upload to the end of the last retry
  std::vector<CallCount> calls;
  double calls_per_record = 0;  // of the file, as its report counts them: without the retries' and those of its ends
  std::vector<Cost> costs;
  double usd = 0;
  std::vector<std::string> warnings;
};

// `workload.records` is at least 1.
Estimate estimate(const Workload& workload, const Deployment& deployment, const RegionFacts& region,
                  const CallTimes& times = {});

// Seconds for `units` from a table on demand that starts at `rate` units per second and doubles every half hour, up to
// kTableQuota.
double table_seconds(double units, double rate);

}  // namespace ads::plan
