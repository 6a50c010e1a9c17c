// An estimate as people and as programs read it.
#pragma once
#include <string>

#include "base/json.h"
#include "plan/capacity.h"

namespace ads::cli {

json::object plan_json(const plan::Workload& workload, const plan::RegionFacts& region, const plan::Estimate& estimate);
std::string plan_text(const plan::Workload& workload, const plan::RegionFacts& region, const plan::Estimate& estimate);

// "0.4 s", "12 s", "3.5 min", "2.1 h", "5.3 d".
std::string duration_text(double seconds);
// "$0.0042", "$1.23", "$1,234".
std::string dollars(double usd);

}  // namespace ads::cli
