#include "simulation/simulation.h"

#include "simulation/oracle.h"
#include "simulation/payloads.h"

namespace ads::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kSweep{5}, kLook{7};
// Whatever is not settled this long after the last fault never will be.
constexpr hours kPatience{16};

class Day {
 public:
  Day(std::uint64_t seed, Options options)
      : ground_(seed, std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + hours(9)),
        cloud_(ground_),
        operators_(cloud_, seed) {
    if (options.log == Options::Log::on) ground_.log.turn_on();
    cloud_.lambda.set_mutant(options.mutant);
    cloud_.runs.set_listener([this](const function::StoredRun& run) {
      if (run.run.is_partial) judge_partial(cloud_, run);
    });
  }

  Verdict live() {
    operators_.plan_uploads();
    operators_.plan_cancellations();
    sweep_again();
    look_again();
    while (!is_over_ && ground_.timeline.step()) {
    }
    // The dead and the frozen are heard to their end: what they sent may still arrive.
    SystemTime end = ground_.now() + minutes(20);
    while (ground_.timeline.next() < end) ground_.timeline.step();
    Oracle(cloud_, operators_).judge();
    return verdict();
  }

 private:
  void sweep_again() {
    ground_.timeline.after(kSweep, [this] {
      if (is_over_) return;
      cloud_.lambda.send_event(function::Role::sweep, schedule_event());
      sweep_again();
    });
  }

  void look_again() {
    ground_.timeline.after(kLook, [this] {
      bool has_acted = operators_.look_after();
      bool is_quiet = !has_acted && is_settled();
      if (is_quiet && cloud_.retry_dead_letters.is_empty()) is_over_ = true;
      if (is_quiet && ground_.is_calm() && !operators_.redrive()) is_over_ = true;
      if (ground_.now() > ground_.faults.calm + kPatience) is_over_ = true;
      if (!is_over_) look_again();
    });
  }

  bool is_settled() const {
    if (operators_.have_plans() || operators_.are_needed() || !cloud_.lambda.is_idle()) return false;
    for (const MessageQueue* queue : {&cloud_.shard_queue, &cloud_.shard_dead_letters, &cloud_.retry_queue})
      if (!queue->is_empty()) return false;
    for (const auto& [id, run] : cloud_.runs.runs())
      if (run.is_open()) return false;
    return true;
  }

  Verdict verdict() {
    Verdict out;
    out.violations = ground_.violations;
    out.faults = ground_.counts;
    out.calls = ground_.calls;
    out.sandboxes = cloud_.lambda.troubles().size();
    for (const Upload& upload : ground_.scenario.uploads) out.lines += upload.lines.size();
    out.runs = cloud_.runs.runs().size();
    out.shards = cloud_.runs.shards().size();
    out.partial_runs = operators_.partial_runs();
    out.log = ground_.log.text();
    return out;
  }

  Ground ground_;
  Cloud cloud_;
  Operators operators_;
  bool is_over_ = false;
};

}  // namespace

Verdict simulate(std::uint64_t seed, Options options) {
  return Day(seed, options).live();
}

}  // namespace ads::simulation
