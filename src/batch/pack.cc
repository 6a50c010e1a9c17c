#include "batch/pack.h"

#include <cstdint>

namespace ads::batch {

Packing pack(std::span<const std::size_t> sizes, PackLimits limits) {
  Packing packing;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] > limits.bytes) {
      packing.oversize.push_back(i);
      continue;
    }
    bool fits =
        !packing.batches.empty() && packing.batches.back().size() < limits.entries && bytes + sizes[i] <= limits.bytes;
    if (!fits) {
      packing.batches.emplace_back().reserve(limits.entries);
      bytes = 0;
    }
    packing.batches.back().push_back(i);
    bytes += sizes[i];
  }
  return packing;
}

std::size_t lane_of(std::string_view service_uuid, std::size_t lanes) {
  // FNV-1a: the same on every machine, unlike std::hash.
  std::uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char c : service_uuid) hash = (hash ^ c) * 0x100000001b3;
  return lanes == 0 ? 0 : static_cast<std::size_t>((hash >> 16) % lanes);
}

}  // namespace ads::batch
