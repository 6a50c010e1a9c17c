// Which statuses of a user count as active: the stack's parameter ActiveStatus.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ads::batch {

class ActiveStatuses {
 public:
  ActiveStatuses() : ActiveStatuses(std::vector<std::string>{"Active"}) {}
  explicit ActiveStatuses(std::vector<std::string> statuses);
  // Statuses separated by commas; blanks around each are ignored. Errors: invalid / "BadActiveStatus" where there is
  // none, or an empty one.
  static Result<ActiveStatuses> parse(std::string_view list);

  // Compared without case and without the blanks around.
  bool contains(std::string_view status) const;
  // As they were given, the first being the one to write: never empty.
  const std::vector<std::string>& statuses() const { return statuses_; }

  bool operator==(const ActiveStatuses&) const = default;

 private:
  std::vector<std::string> statuses_;
  std::vector<std::string> folded_;
};

// Lower case of ASCII, and of the Latin, Greek and Cyrillic letters of two UTF-8 bytes; everything else stays as it is.
// For comparing, not for showing: the final sigma becomes the other one.
std::string fold_case(std::string_view text);

}  // namespace ads::batch
