// The role `worker`: messages of the shards queue. Works on a shard, or finalises a run.
#pragma once
#include "function/invocation.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// Handles an SQS event. The answer names the messages that are to come again: each was given the time after which it
// does. Twice-safe: what is stored decides, a repeated message finds its work done.
Task<Result<std::string>> worker(World& world, const Settings& settings, Invocation invocation);

}  // namespace ads::function
