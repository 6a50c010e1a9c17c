// The table of `ads runs`, and what selects its rows: text from values.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/terminal.h"
#include "function/stored_run.h"

namespace ads::cli {

struct RunRow {
  function::StoredRun stored;
  batch::Counters counters;  // of the shards' checkpoints while it runs
};

// Good for what is done, a warning for bad lines and refused files, danger for what failed.
Tone tone_of(const RunRow& row);

// A header and a line for each run, no wider than `columns`: columns of less weight are left out where there is no
// room; below 60 columns a run takes two lines. Ids are as short as they can be told apart, and at least 8 digits;
// whole ones where `columns` is kEverything.
std::vector<Line> run_list(const std::vector<RunRow>& rows, std::size_t columns);

// "30m", "12h", "7d", "2026-12-01" or "2026-12-01T08:00:00Z": a moment before `now`. Errors: invalid / "BadTime".
Result<SystemTime> parse_since(std::string_view text, SystemTime now);

// What `--status` takes, in small letters: "running" is every status that is not final.
bool has_status(const function::StoredRun& run, std::string_view wanted);

}  // namespace ads::cli
