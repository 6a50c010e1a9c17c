// CloudWatch's table of operations.
#pragma once
#include "cloud/cloudwatch/state.h"
#include "cloud/operations/pipeline.h"

namespace ads::cloud::cloudwatch {

operations::Pipeline make_pipeline(Environment& environment, State& state);

}  // namespace ads::cloud::cloudwatch
