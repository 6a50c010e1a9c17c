// The role `sweep`: every five minutes it goes on with what crashed between two steps, and it buries what the shards
// queue gave up.
#pragma once
#include "function/invocation.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// Handles a schedule's event, or an SQS event from the dead-letter queue of the shards. Twice-safe.
Task<Result<std::string>> sweep(World& world, const Settings& settings, Invocation invocation);

}  // namespace ads::function
