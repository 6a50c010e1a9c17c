// What all simulated services stand on: time, chance, the plan of faults, the log, and the list of what went wrong.
#pragma once
#include <fmt/core.h>

#include <string>
#include <vector>

#include "simulation/dice.h"
#include "simulation/event_log.h"
#include "simulation/expectation.h"
#include "simulation/faults.h"
#include "simulation/timeline.h"

namespace ads::simulation {

struct Ground {
  Ground(std::uint64_t seed, SystemTime start)
      : timeline(start),
        log(timeline),
        dice(seed, 3),
        function_dice(seed, 4),
        scenario(draw_scenario(seed, start)),
        expectations(scenario),
        faults(draw_faults(seed, start)) {}

  Timeline timeline;
  EventLog log;
  Dice dice;           // of the cloud
  Dice function_dice;  // what the functions call random
  const Scenario scenario;
  Expectations expectations;
  const FaultPlan faults;
  FaultCounts counts{};
  std::uint64_t calls = 0;          // of all sandboxes
  std::uint64_t mail_troubles = 0;  // mails that were refused or whose fate was unknown
  std::vector<std::string> violations;

  SystemTime now() const { return timeline.now(); }
  bool is_calm() const { return now() >= faults.calm; }
  void count(Fault fault) { ++counts[static_cast<std::size_t>(fault)]; }
  // Does a fault of this rate happen now?
  bool strikes(double rate, Fault fault) {
    if (rate <= 0 || is_calm() || !dice.chance(rate)) return false;
    count(fault);
    return true;
  }

  // A promise of the product, or a limit of AWS, was broken.
  template <class... Args>
  void violate(fmt::format_string<Args...> format, Args&&... args) {
    std::string text = fmt::format(format, std::forward<Args>(args)...);
    log.note("VIOLATION: {}", text);
    if (violations.size() < 20) violations.push_back(std::move(text));
  }

 private:
  static Scenario draw_scenario(std::uint64_t seed, SystemTime start) {
    Dice dice(seed, 1);
    return Scenario::draw(dice, start);
  }
  static FaultPlan draw_faults(std::uint64_t seed, SystemTime start) {
    Dice dice(seed, 2);
    return FaultPlan::draw(dice, start);
  }
};

}  // namespace ads::simulation
