// The embedded metric format: log lines of JSON whose "_aws" member says which of their members are metrics.
#pragma once
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "cloud/ports.h"

namespace ads::cloud::logs {

// {"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"ADS","Dimensions":[["Role"]],"Metrics":[{"Name":"Lines","Unit":"Count"}]}]},
//  "Role":"dispatch","Lines":7} -> one datum per metric, value and set of dimensions. Anything malformed gives nothing,
// as AWS does: the line stays a log line.
std::vector<MetricDatum> embedded_metrics(std::string_view message, SystemTime received);

}  // namespace ads::cloud::logs
