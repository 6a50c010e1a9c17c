// Why a transaction was cancelled: one reason for each of its actions, "None" for those that were fine.
#pragma once
#include <optional>
#include <vector>

#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

class Cancellation {
 public:
  explicit Cancellation(std::size_t actions) : reasons_(actions) {}
  // The first blame of an action counts.
  void blame(std::size_t action, WireError error);
  // Errors: TransactionCanceledException with CancellationReasons, where any action was blamed.
  Outcome<void> verdict() const;

 private:
  std::vector<std::optional<WireError>> reasons_;
};

}  // namespace ads::cloud::dynamodb
