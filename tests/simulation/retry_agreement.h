// What the report says of a run's retries is where their messages are.
#pragma once
#include "simulation/cloud.h"

namespace ads::simulation {

// Called when a run's retries are settled: each record that is dead lies in the dead-letter queue, or came back from
// it.
void check_settlement(Cloud& cloud, const function::StoredRun& run);

// The message has had its last receive: SQS moves it to the dead-letter queue when it is next asked.
bool is_to_be_moved(const MessageQueue& queue, const Message& message);

}  // namespace ads::simulation
