// Dashboards: kept and given back; nobody draws them here.
#pragma once
#include <string_view>

#include "base/clock.h"
#include "cloud/store.h"
#include "cloud/wire_error.h"

namespace ads::cloud::cloudwatch {

// Errors: InvalidParameterInput, for a bad name and a body that is no JSON object.
Outcome<void> put_dashboard(Batch& batch, std::string_view region, std::string_view name, std::string_view body,
                            SystemTime now);
void remove_dashboard(Batch& batch, std::string_view region, std::string_view name);

}  // namespace ads::cloud::cloudwatch
