// Delivers messages by batch calls: many at once, in the order that the destination keeps, only what failed again,
// until all are settled or the time is over.
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
  std::vector<Refused> refused;
  // The time was over before their calls could begin. Every other entry was acknowledged or refused.
  std::vector<std::size_t> unsent;
  std::vector<std::size_t>
      reordered;  // acknowledged after a later entry of their user: never where the order is strict
  std::uint64_t partial_failures = 0;
};

// Sends the entries at these positions as one batch call.
using SendBatch = std::function<Task<Result<batch::BatchAnswer>>(const std::vector<std::size_t>& positions)>;

// Errors: what no repeating helps against, or the last one when flow.budget.give_up has passed; some entries may have
// been sent then.
Task<Result<Delivered>> deliver(World& world, Flow& flow, Destination& destination, std::span<const BatchEntry> entries,
                                SendBatch send);

}  // namespace ads::function
