#include "simulation/faults.h"

namespace ads::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// One mishap in an otherwise good day: each single call's crash is met by some seed.
void draw_accident(FaultPlan& plan, Dice& dice) {
  std::int64_t highest = dice.one_of({20, 60, 200, 500});
  plan.accident = {static_cast<std::uint64_t>(dice.between(1, highest)),
                   dice.one_of({Fault::crash_before, Fault::crash_after, Fault::crash_after, Fault::frozen,
                                Fault::frozen, Fault::answer_lost, Fault::late_effect, Fault::slow})};
}

void draw_rates(FaultPlan& plan, Dice& dice, double storm) {
  auto rate = [&](double highest) { return dice.chance(0.5) ? 0 : storm * highest * dice.real(); };
  plan.rates = {rate(0.05), rate(0.05), rate(0.03), rate(0.02), rate(0.02), rate(0.02), rate(0.02), rate(0.02)};
  plan.entry_failed = rate(0.3);
  plan.entry_fail_lied = rate(0.1);
  plan.entry_forgotten = rate(0.05);
  plan.unprocessed_keys = rate(0.5);
  plan.mail_refused = dice.chance(0.2) ? 1 : rate(0.5);
  plan.event_twice = rate(0.8);
  plan.event_late = rate(0.3);
  plan.message_twice = rate(0.3);
  plan.delete_lost = rate(0.3);
  plan.invoked_twice = rate(0.3);
  plan.early_resume = rate(0.8);
}

void draw_bursts(FaultPlan& plan, Dice& dice, SystemTime start) {
  for (auto count = dice.between(0, 3); count > 0; --count) {
    SystemTime from = start + dice.time(seconds(0), minutes(10));
    // Most are over soon; some outlast a message's last receive, so that shards get buried.
    milliseconds length = dice.chance(0.2) ? dice.time(minutes(20), minutes(90)) : dice.time(seconds(1), minutes(5));
    plan.bursts.push_back({static_cast<Service>(dice.below(kServices)), from, from + length,
                           dice.one_of({Fault::throttled, Fault::unavailable, Fault::denied})});
  }
}

}  // namespace

FaultPlan FaultPlan::draw(Dice& dice, SystemTime start) {
  FaultPlan plan;
  plan.calm = start + dice.time(minutes(10), minutes(90));
  switch (dice.below(10)) {
    case 0:  // nothing fails, but services may be slow
      plan.is_good_day = true;
      break;
    case 1:
    case 2:
    case 3:
      draw_accident(plan, dice);
      break;
    case 4:
    case 5:
    case 6:
      draw_rates(plan, dice, 0.4);
      break;
    case 7:
    case 8:
      draw_rates(plan, dice, 1.0);
      draw_bursts(plan, dice, start);
      break;
    case 9:
      draw_rates(plan, dice, 3.0);
      draw_bursts(plan, dice, start);
      break;
  }
  if (dice.chance(0.3)) plan.latency_high = dice.one_of({milliseconds(300), milliseconds(1500), milliseconds(6000)});
  if (dice.chance(0.1)) {  // seconds for a call, of every service
    plan.latency_low = milliseconds(dice.one_of({500, 1000, 2000}));
    plan.latency_high = 2 * plan.latency_low;
  }
  if (dice.chance(0.2)) plan.skew = dice.one_of({milliseconds(300), milliseconds(5000)});
  return plan;
}

std::string_view to_string(Service service) {
  constexpr std::array<std::string_view, kServices> names{"objects",     "users", "topic", "retry-queue",
                                                          "shard-queue", "runs",  "mail"};
  return names[static_cast<std::size_t>(service)];
}

std::string_view to_string(Fault fault) {
  constexpr std::array<std::string_view, kFaults> names{"throttled",        "unavailable",      "denied",
                                                        "answer-lost",      "late-effect",      "slow",
                                                        "crash-before",     "crash-after",      "frozen",
                                                        "entry-failed",     "entry-fail-lied",  "entry-forgotten",
                                                        "unprocessed-keys", "mail-refused",     "event-twice",
                                                        "event-late",       "message-twice",    "delete-lost",
                                                        "invoked-twice",    "deadline",         "to-dead-letters",
                                                        "event-failed",     "second-upload",    "file-deleted",
                                                        "file-damaged",     "operator-resumed", "operator-redrove",
                                                        "operator-resent"};
  return names[static_cast<std::size_t>(fault)];
}

}  // namespace ads::simulation
