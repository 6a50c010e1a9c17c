// One running invocation of a function, as the cloud sees it: alive, frozen or dead, and what it did.
#pragma once
#include <exception>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/clock.h"
#include "function/settings.h"
#include "simulation/dice.h"

namespace ads::simulation {

// What the coroutines of a dead sandbox end by.
struct SandboxDied : std::exception {
  const char* what() const noexcept override { return "the sandbox died"; }
};

struct Sandbox {
  int number = 0;
  function::Role role = function::Role::dispatch;
  std::string request_id;
  SystemTime deadline{};
  milliseconds skew{0};  // of its clock
  bool is_dead = false;
  SystemTime frozen_until{};
  std::uint64_t calls = 0;
  int troubles = 0;  // crashes, pauses, calls whose outcome it could not know

  bool is_in_a_chunk = false;  // it has sent effects that no checkpoint tells of yet

  using ShardKey = std::pair<std::string, std::uint32_t>;
  std::map<ShardKey, std::uint64_t> fences;                // of the leases it took
  std::map<ShardKey, std::set<std::uint64_t>> stale_work;  // offsets of lines it sent without holding the lease

  std::string name() const { return "#" + std::to_string(number) + " " + std::string(to_string(role)); }
};

}  // namespace ads::simulation
