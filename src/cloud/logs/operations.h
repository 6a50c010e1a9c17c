// CloudWatch Logs' table of operations.
#pragma once
#include "cloud/logs/context.h"
#include "cloud/operations/pipeline.h"

namespace ads::cloud::logs {

operations::Pipeline make_pipeline(Environment& environment, State& state);

}  // namespace ads::cloud::logs
