// One seed: a day of the service, its faults, what the operators do, and the verdict at the end.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "simulation/faults.h"
#include "simulation/mutants.h"

namespace ads::simulation {

struct Options {
  const Mutant* mutant = nullptr;
  enum class Log { off, on } log = Log::off;
};

struct Verdict {
  std::vector<std::string> violations;  // empty: every promise was kept
  FaultCounts faults{};
  std::uint64_t calls = 0, sandboxes = 0, lines = 0, runs = 0, shards = 0, partial_runs = 0;
  std::string log;
};

Verdict simulate(std::uint64_t seed, Options options = {});

}  // namespace ads::simulation
