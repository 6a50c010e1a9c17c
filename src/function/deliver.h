// Delivers messages by batch calls: many at once, each user's in order, only what failed again, until all are settled.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "batch/reason.h"
#include "batch/reconcile.h"
#include "function/delivery_plan.h"
#include "function/flow.h"

namespace ads::function {

struct Delivered {
  struct Refused {
    std::size_t position;
    batch::Reason reason;  // oversize, sender_fault
    std::string detail;
  };
  std::vector<Refused> refused;  // every other parcel was acknowledged
  std::uint64_t partial_failures = 0;
};

// Sends the parcels at these positions as one batch call.
using SendBatch = std::function<Task<Result<batch::BatchAnswer>>(const std::vector<std::size_t>& positions)>;

// `pace` (may be null) slows it down. Errors: what no repeating helps against, or the last one when the time is over;
// some parcels may have been sent then.
Task<Result<Delivered>> deliver(World& world, Flow& flow, std::span<const Parcel> parcels, batch::PackLimits limits,
                                PublishPace* pace, SendBatch send);

}  // namespace ads::function
