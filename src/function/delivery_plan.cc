#include "function/delivery_plan.h"

#include <unordered_map>

namespace ads::function {

DeliveryPlan plan_delivery(std::span<const Parcel> parcels, batch::PackLimits limits) {
  DeliveryPlan plan;
  std::unordered_map<std::string_view, std::size_t> last_call_of;  // user -> call
  last_call_of.reserve(parcels.size());
  std::size_t bytes = 0;
  for (std::size_t position = 0; position < parcels.size(); ++position) {
    const Parcel& parcel = parcels[position];
    if (parcel.size > limits.bytes) {
      plan.oversize.push_back(position);
      continue;
    }
    auto [previous, is_first] = last_call_of.try_emplace(parcel.user, plan.calls.size());
    bool starts_new = plan.calls.empty() || plan.calls.back().positions.size() == limits.entries ||
                      bytes + parcel.size > limits.bytes || (!is_first && previous->second == plan.calls.size() - 1);
    if (starts_new) {
      plan.calls.emplace_back();
      bytes = 0;
    }
    std::size_t call = plan.calls.size() - 1;
    plan.calls[call].positions.push_back(position);
    bytes += parcel.size;
    if (!is_first) {
      auto& followers = plan.calls[previous->second].followed_by;
      if (followers.empty() || followers.back() != call) {
        followers.push_back(call);
        ++plan.calls[call].waits_for;
      }
    }
    previous->second = call;
  }
  return plan;
}

}  // namespace ads::function
