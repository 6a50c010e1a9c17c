// What `ads plan` is told: the template's parameters by name, and the mix of the records.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/capacity.h"

namespace ads::cli {

// "Name=Value" of the template's parameters about speed. Errors: invalid / "BadParameter", naming those known and what
// is accepted.
Result<plan::Deployment> parse_deployment(const std::vector<std::string>& pairs);

struct Mix {
  double retry_share = 0.20, bad_share = 0;
};
// "retry=20,bad=1": percent of the records. Errors: invalid / "BadMix".
Result<Mix> parse_mix(std::string_view text);

}  // namespace ads::cli
