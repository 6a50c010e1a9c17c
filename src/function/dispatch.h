// The role `dispatch`: an object event becomes a run, or a refusal.
#pragma once
#include "batch/event.h"
#include "function/invocation.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// Handles an S3 event: a small file is processed at once, a larger one is cut into shards for the workers. Twice-safe:
// a repeated event finds its run and goes on, or has nothing to do. An error asks Lambda to repeat the event. The
// answer tells what became of each object.
Task<Result<std::string>> dispatch(World& world, const Settings& settings, Invocation invocation);

}  // namespace ads::function
