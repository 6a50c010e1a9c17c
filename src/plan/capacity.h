// How long a batch file takes on AWS, what limits it, and what it costs: arithmetic over what the engine does with a
// chunk, AWS's quotas and prices, and assumed answer times. docs/scale.md explains the model.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plan/deployment.h"
#include "plan/price_list.h"
#include "plan/workload.h"

namespace ads::plan {

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
