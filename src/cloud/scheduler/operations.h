// The scheduler's table of operations.
#pragma once
#include "cloud/operations/pipeline.h"
#include "cloud/scheduler/state.h"

namespace ads::cloud::scheduler {

operations::Pipeline make_pipeline(Environment& environment, State& state);

}  // namespace ads::cloud::scheduler
