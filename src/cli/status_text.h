// `ads status RUN` in words: where a run stands, how fast it is, when it will probably end, and what to do next.
#pragma once
#include <string>
#include <vector>

#include "cli/run_table.h"
#include "cli/terminal.h"

namespace ads::cli {

// How far a run is, as far as that is known.
struct RunPace {
  std::optional<double> percent;                  // of the file's bytes; not known of a compressed file
  std::optional<double> records_per_second;       // since it began
  std::optional<std::chrono::seconds> time_left;  // at that rate
};
RunPace pace_of(const function::StoredRun& run, const ShardOverview& shards, SystemTime now);

// "2 h 05 min", "3 min 20 s", "8 s".
std::string duration_text(std::chrono::seconds duration);
// "1.2 MB"; bytes below 10 kB.
std::string bytes_text(std::uint64_t bytes);

std::vector<Line> status_text(const function::StoredRun& run, const ShardOverview& shards, SystemTime now);

}  // namespace ads::cli
