#include "batch/overtaken.h"

#include <algorithm>

namespace ads::batch {
namespace {

// Decimal numbers of up to 128 bits, perhaps with leading zeros.
bool is_less(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

bool arrived_before(const Arrival& a, const Arrival& b) {
  if (!a.sequence_number.empty() && !b.sequence_number.empty()) return is_less(a.sequence_number, b.sequence_number);
  return a.attempt < b.attempt;
}

}  // namespace

std::vector<std::size_t> overtaken(std::span<const Arrival> arrivals) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < arrivals.size(); ++i)
    for (std::size_t later = i + 1; later < arrivals.size(); ++later)
      if (arrivals[later].group == arrivals[i].group && arrived_before(arrivals[later], arrivals[i])) {
        out.push_back(i);
        break;
      }
  return out;
}

}  // namespace ads::batch
