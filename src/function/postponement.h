// When each message of the retry queue that failed shows again.
#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "batch/event.h"

namespace ads::function {

// Receipt handles by the time after which they show. A group's messages come back together, after the time that suits
// the first of them: one that stays invisible longer would hold up the others. Those at their last receive show at
// once, upon which SQS moves them to the dead-letter queue.
std::map<std::chrono::seconds, std::vector<std::string>> postponements(const std::vector<batch::QueueMessage>& messages,
                                                                       const std::vector<bool>& has_failed,
                                                                       int last_receive);

}  // namespace ads::function
