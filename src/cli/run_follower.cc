#include "cli/run_follower.h"

#include <fmt/core.h>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/run_table.h"

namespace ads::cli {

Task<int> follow_run(Session& session, std::string run_id, std::uint64_t size, std::chrono::seconds timeout) {
  auto end = std::chrono::steady_clock::now() + timeout;
  auto pause = std::chrono::milliseconds(20);
  when_interrupted(
      fmt::format("ads: interrupted. Run {0} continues without this program: `ads status {0}` shows how far "
                  "it is, `ads report {0}` its end, `ads cancel {0}` stops it.",
                  run_id));
  {
    Progress progress("answering", size, "bytes");
    for (;;) {
      auto run = co_await find_run(session, run_id);
      if (!run) co_return report_error(session, run.error());
      if (*run && batch::is_final((*run)->run.status)) {
        if ((*run)->run.status == batch::RunStatus::done) progress.set(size);
        break;
      }
      if (*run) {
        if (auto shards = co_await look_at_shards(session, **run)) progress.set(shards->bytes_settled);
      }
      if (std::chrono::steady_clock::now() > end)
        co_return report_error(
            session, "StillRunning",
            *run ? fmt::format("run {} has not ended within {} s: `ads status {}` shows how far it is", run_id,
                               timeout.count(), run_id)
                 : fmt::format("run {} has not begun within {} s: does `ads logs` say why?", run_id, timeout.count()));
      co_await sleep_for(pause);
      pause = std::min(pause * 2, std::chrono::milliseconds(500));
    }
  }
  co_return co_await print_report(session, run_id);
}

}  // namespace ads::cli
