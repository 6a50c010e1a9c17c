// Which entries go into which batch call, and which call has to wait for which, so that the order that a destination
// keeps is kept.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "batch/pack.h"

namespace ads::function {

// What has to be kept of the file's order.
enum class DeliveryOrder {
  none,      // a standard topic or queue keeps no order: nothing waits for it
  per_user,  // FIFO: a call keeps the order of its entries; where AWS refuses one and takes a later one of the same
             // user, the two swap
  strict,    // FIFO, and no user twice in a call: nothing can swap
};

struct BatchEntry {
  std::string_view user;
  std::string_view id;
  std::size_t size = 0;
};

struct DeliveryPlan {
  struct Call {
    std::vector<std::size_t> positions;    // in the entries, ascending
    std::vector<std::size_t> followed_by;  // calls that have to wait for this one
    std::size_t waits_for = 0;             // how many calls have to be over first
  };
  std::vector<Call> calls;            // by their first positions, so that what was sent is a beginning of the file
  std::vector<std::size_t> oversize;  // larger than a call takes, alone
};

// `entries` in the order of the file. Calls that do not follow each other run side by side.
// none: ten to a call in the file's order. per_user: a user's entries share a call wherever they fit; at most one call
// in eight entries, and no chain of calls longer than that of the user with the most entries, plus one. strict: at most
// one call in ten entries where there are enough users.
DeliveryPlan plan_delivery(std::span<const BatchEntry> entries, batch::PackLimits limits, DeliveryOrder order);

}  // namespace ads::function
