// The role `retry`: records from the retry queue get their notification, each once, each user's in order.
#pragma once
#include "function/invocation.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// Handles an SQS event. The answer names the messages that failed: these come back, and after the queue's last receive
// go to its dead-letter queue. A group stops at its first failure; the other groups go on.
Task<Result<std::string>> retry(World& world, const Settings& settings, Invocation invocation);

}  // namespace ads::function
