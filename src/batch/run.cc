#include "batch/run.h"

#include <array>

namespace ads::batch {
namespace {

// Stored by name, so that the order may change.
constexpr std::array<std::string_view, 8> kNames{"PLANNED",  "RUNNING", "FINALISING", "COPIED",
                                                 "REPORTED", "DONE",    "FAILED",     "REFUSED"};

}  // namespace

std::string_view to_string(RunStatus status) {
  return kNames[static_cast<std::size_t>(status)];
}

std::optional<RunStatus> parse_run_status(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<RunStatus>(i);
  return std::nullopt;
}

bool is_final(RunStatus status) {
  return status == RunStatus::done || status == RunStatus::failed || status == RunStatus::refused;
}

bool may_follow(RunStatus from, RunStatus to) {
  if (to == RunStatus::failed) return !is_final(from);
  switch (from) {
    case RunStatus::planned:
      return to == RunStatus::running || to == RunStatus::finalising;
    case RunStatus::running:
      return to == RunStatus::finalising;
    case RunStatus::finalising:
      return to == RunStatus::copied;
    case RunStatus::copied:
      return to == RunStatus::reported;
    case RunStatus::reported:
      return to == RunStatus::done;
    case RunStatus::failed:
      return to == RunStatus::running;
    case RunStatus::done:
    case RunStatus::refused:
      break;
  }
  return false;
}

}  // namespace ads::batch
