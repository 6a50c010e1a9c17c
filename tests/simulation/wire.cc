#include "simulation/wire.h"

namespace ads::simulation {
namespace {

using std::chrono::seconds;

Error unavailable(const char* code) {
  return {ErrorKind::unavailable, code, "the call failed on its way"};
}

}  // namespace

void Wire::die(std::string_view why) {
  if (sandbox_.is_dead) return;
  ground_.log.note("{} dies: {}", sandbox_.name(), why);
  sandbox_.is_dead = true;
  ++sandbox_.troubles;
  on_death();
}

std::optional<Fault> Wire::fault_of(Service service) {
  const FaultPlan& plan = ground_.faults;
  if (ground_.is_calm()) return std::nullopt;
  if (plan.accident && plan.accident->call == ground_.calls) return plan.accident->fault;
  for (const auto& burst : plan.bursts)
    if (burst.service == service && ground_.now() >= burst.from && ground_.now() < burst.until)
      if (ground_.dice.chance(0.95)) return burst.fault;
  double left = ground_.dice.real();
  const auto& rates = plan.rates;
  for (auto [rate, fault] : {std::pair{rates.throttled, Fault::throttled},
                             {rates.unavailable, Fault::unavailable},
                             {rates.answer_lost, Fault::answer_lost},
                             {rates.late_effect, Fault::late_effect},
                             {rates.slow, Fault::slow},
                             {rates.crash_before, Fault::crash_before},
                             {rates.crash_after, Fault::crash_after},
                             {rates.frozen, Fault::frozen}}) {
    if (left < rate) return fault;
    left -= rate;
  }
  return std::nullopt;
}

Wire::Journey Wire::draw(Service service) {
  Dice& dice = ground_.dice;
  const FaultPlan& plan = ground_.faults;
  Journey journey;
  bool is_slow_day = !ground_.is_calm();
  milliseconds low = is_slow_day ? plan.latency_low : milliseconds(5);
  milliseconds high = is_slow_day ? plan.latency_high : milliseconds(30);
  journey.effect_at = ground_.now() + dice.time(low, high);
  journey.answer_at = journey.effect_at + dice.time(low, high);
  journey.outlives_sender = dice.chance(0.5);
  auto fault = fault_of(service);
  if (!fault) return journey;
  ground_.count(*fault);
  if (service == Service::mail) ++ground_.mail_troubles;
  if (*fault != Fault::crash_before && *fault != Fault::crash_after && *fault != Fault::frozen) ++sandbox_.troubles;
  switch (*fault) {
    case Fault::throttled:
      journey.has_effect = false;
      journey.error = {ErrorKind::throttled, "ThrottlingException", "slow down"};
      break;
    case Fault::unavailable:
      journey.has_effect = false;
      journey.error = unavailable("ServiceUnavailable");
      break;
    case Fault::denied:
      journey.has_effect = false;
      journey.error = {ErrorKind::denied, "AccessDeniedException", "a permission is missing"};
      break;
    case Fault::answer_lost:
      journey.error = unavailable("AnswerLost");
      break;
    case Fault::late_effect:
      journey.answer_at = ground_.now() + seconds(30);
      journey.effect_at = journey.answer_at + dice.time(milliseconds(0), seconds(dice.one_of({1, 20, 90})));
      journey.outlives_sender = true;
      journey.error = unavailable("TimedOut");
      break;
    case Fault::slow:
      journey.effect_at += dice.time(seconds(0), seconds(dice.one_of({5, 30, 100})));
      journey.answer_at = journey.effect_at + dice.time(milliseconds(0), seconds(dice.one_of({5, 30, 100})));
      break;
    case Fault::crash_before:
      journey.kills = true;
      journey.has_effect = false;
      break;
    case Fault::crash_after:
      journey.kills = true;
      break;
    case Fault::frozen:
      journey.freezes = true;
      break;
    default:
      break;
  }
  return journey;
}

Wire::Journey Wire::begin(Service service, std::string_view what) {
  check_alive();
  ++ground_.calls;
  ++sandbox_.calls;
  Journey journey = draw(service);
  ground_.log.note("{} {} {}", sandbox_.name(), to_string(service), what);
  if (journey.kills && !journey.has_effect) {
    die("before the call");
    throw SandboxDied();
  }
  return journey;
}

bool Wire::arrives(const Journey& journey, std::string_view what) {
  if (sandbox_.is_dead && !journey.outlives_sender) return false;
  if (sandbox_.is_dead || (journey.error && journey.effect_at > journey.answer_at))
    ground_.log.note("{} {}: takes effect late", sandbox_.name(), what);
  if (journey.kills) die("as the call takes effect");
  if (journey.freezes) {
    milliseconds pause = ground_.dice.time(seconds(20), seconds(ground_.dice.one_of({60, 120, 400, 880})));
    ground_.log.note("{} stands still for {} s", sandbox_.name(), pause.count() / 1000);
    sandbox_.frozen_until = std::max(sandbox_.frozen_until, ground_.now() + pause);
    ++sandbox_.troubles;
  }
  return true;
}

Task<void> Wire::come_back(Journey journey) {
  // Later than an effect of the same moment.
  co_await ground_.timeline.wait_until(journey.answer_at);
  while (sandbox_.frozen_until > ground_.now() && !sandbox_.is_dead)
    co_await ground_.timeline.wait_until(std::min(sandbox_.frozen_until, sandbox_.deadline));
  check_alive();
}

Task<void> Wire::sleep(milliseconds time) {
  check_alive();
  SystemTime until = ground_.now() + time;
  co_await ground_.timeline.wait_until(until);
  while (sandbox_.frozen_until > ground_.now() && !sandbox_.is_dead)
    co_await ground_.timeline.wait_until(std::min(sandbox_.frozen_until, sandbox_.deadline));
  check_alive();
}

}  // namespace ads::simulation
