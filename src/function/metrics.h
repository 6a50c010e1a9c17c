// Metrics as log lines: CloudWatch's embedded metric format, namespace ADS, dimensions Stack and Role
// (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "function/ports.h"

namespace ads::function {

struct Metric {
  std::string_view name;
  std::string_view unit;  // "Count", "Seconds", "Bytes", "Percent", "None"
  double value;
};

// {"_aws":{"Timestamp","CloudWatchMetrics":[{"Namespace":"ADS","Dimensions":[["Stack","Role"]],"Metrics":[{"Name","Unit"}]}]},
//  "Stack":"ads","Role":"dispatch","Records":1000,...}, without a newline. `properties` can be searched for in the log.
std::string metrics_line(const World& world, std::string_view role, const std::vector<Metric>& metrics,
                         const json::object& properties = {});

// Of a run that is over, with the role "run": Runs, RunsFailed (an operator's `ads cancel` is not a failure),
// RunsCanceled, Records, Published, RetryQueued, Quarantined,
// QuarantinedPercent, RunSeconds, RunBytes, RecordsPerSecond, Throttles, PartialFailures, ApiCalls.
std::string run_metrics(const World& world, const StoredRun& run);

}  // namespace ads::function
