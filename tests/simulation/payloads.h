// The events that the roles get, as Lambda hands them over.
#pragma once
#include <string>
#include <vector>

#include "base/clock.h"
#include "batch/record.h"
#include "simulation/queues.h"

namespace ads::simulation {

std::string object_event(const batch::ObjectIdentity& object, SystemTime when);
std::string queue_event(const MessageQueue& queue, const std::vector<Message>& messages);
std::string schedule_event();
// Of an answer's batchItemFailures. An answer that cannot be read means that all failed, as for Lambda.
struct FailedItems {
  bool are_all = false;
  std::vector<std::string> ids;
};
FailedItems failed_items(const std::string& answer);

}  // namespace ads::simulation
