// Deadlines of messages in the store, after the machine's clock was set back: each comes earlier by as much.
#pragma once
#include "cloud/sqs/message.h"
#include "cloud/store.h"

namespace ads::cloud::sqs {

// Of every queue: when messages in flight and delayed messages may be received, and what was sent within the window of
// deduplication. Call it before any queue is loaded.
void bring_forward(const Store& store, Batch& batch, Millis by);

}  // namespace ads::cloud::sqs
