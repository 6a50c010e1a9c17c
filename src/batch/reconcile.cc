#include "batch/reconcile.h"

#include <fmt/format.h>

#include <unordered_map>

namespace ads::batch {
namespace {

// AWS's codes for "slower, please" inside a batch's answer.
bool says_slow_down(const EntryFailure& failure) {
  return failure.code.find("Throttl") != std::string::npos || failure.code == "RequestThrottled" ||
         failure.code == "KMSThrottling" || failure.code == "SlowDown";
}

struct Fate {
  int successes = 0, failures = 0;
  const EntryFailure* failure = nullptr;
};

}  // namespace

Reconciled reconcile(std::span<const std::string> sent, const BatchAnswer& answer) {
  Reconciled result;
  std::unordered_map<std::string_view, std::size_t> position_of;
  for (std::size_t i = 0; i < sent.size(); ++i) position_of.emplace(sent[i], i);
  std::vector<Fate> fates(sent.size());
  auto fate_of = [&](const std::string& id) -> Fate* {
    auto found = position_of.find(id);
    if (found != position_of.end()) return &fates[found->second];
    result.oddities.push_back(fmt::format("the answer names entry '{}', which was not sent", id));
    return nullptr;
  };
  for (const std::string& id : answer.successful)
    if (Fate* fate = fate_of(id)) ++fate->successes;
  for (const EntryFailure& failure : answer.failed) {
    Fate* fate = fate_of(failure.id);
    if (!fate) continue;
    ++fate->failures;
    fate->failure = &failure;
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const Fate& fate = fates[i];
    if (fate.successes + fate.failures == 0) {
      result.oddities.push_back(fmt::format("the answer does not name entry '{}'", sent[i]));
      result.again.push_back(i);
      continue;
    }
    if (fate.successes + fate.failures > 1)
      result.oddities.push_back(fmt::format("the answer names entry '{}' {} times as successful and {} times as failed",
                                            sent[i], fate.successes, fate.failures));
    if (fate.failures == 0) {
      result.done.push_back(i);
    } else if (fate.successes == 0 && fate.failures == 1 && fate.failure->sender_fault) {
      result.refused.push_back({i, *fate.failure});
    } else {
      result.again.push_back(i);
      result.throttled |= says_slow_down(*fate.failure);
    }
  }
  return result;
}

}  // namespace ads::batch
