// Which messages go into which call, and which call must wait for which, so that each user's messages keep their order.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "batch/pack.h"

namespace ads::function {

struct Parcel {
  std::string_view user;
  std::string_view id;
  std::size_t size = 0;
};

struct DeliveryPlan {
  struct Call {
    std::vector<std::size_t> positions;    // in the parcels; no user twice, since a partial failure would swap the two
    std::vector<std::size_t> followed_by;  // calls that have to wait for this one
    std::size_t waits_for = 0;             // how many calls have to be over first
  };
  std::vector<Call> calls;
  std::vector<std::size_t> oversize;  // larger than a call takes, alone
};

// `parcels` in the order of the file. Calls that share no user run side by side.
DeliveryPlan plan_delivery(std::span<const Parcel> parcels, batch::PackLimits limits);

}  // namespace ads::function
