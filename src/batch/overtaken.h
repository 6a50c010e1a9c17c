// Messages of one batch call that reached their FIFO group after a later one of it: the service refused an earlier
// entry and took a later one, and deduplication forbids sending the later one again.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ads::batch {

// A message that the service has acknowledged.
struct Arrival {
  std::string_view group;
  int attempt = 0;  // the call's repetition whose answer acknowledged it
  // Grows within a group; a repeated message has the number of its first arrival. Empty where the service gives none.
  std::string sequence_number;
};

// `arrivals` in the order in which they were to arrive. Gives the positions of those that came after a later one of
// their group. Sequence numbers decide where both have one: they also tell of an entry that was taken by a call whose
// answer was lost. Otherwise the attempts do: the entries of one call arrive in its order.
std::vector<std::size_t> overtaken(std::span<const Arrival> arrivals);

}  // namespace ads::batch
