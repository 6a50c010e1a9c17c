// Batch files of one form each, made in memory, as the micro benchmarks read them.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ads::bench {

inline constexpr std::size_t kFileBytes = std::size_t{16} << 20;

struct BatchForm {
  std::string name;
  std::function<std::string(std::size_t bytes)> make;  // a file of about that size
};

// Records: 20 % server faults, of which a quarter has used up its retries; UUIDs of a user
// each.
std::vector<BatchForm> batch_forms();

}  // namespace ads::bench
