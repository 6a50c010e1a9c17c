// Seeds that once found a fault: each is run again for ever.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace ads::simulation {

struct NamedSeed {
  std::uint64_t seed;
  std::string_view what;  // what was wrong
};

std::span<const NamedSeed> named_seeds();

}  // namespace ads::simulation
