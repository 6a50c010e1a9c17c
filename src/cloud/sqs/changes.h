// One transaction over one or more queues: everything it does reaches the store in one write, or nothing of it does.
#pragma once
#include <vector>

#include "base/result.h"
#include "cloud/store.h"

namespace ads::cloud::sqs {

class Queue;

// Make, change, apply without a co_await in between.
class Changes {
 public:
  Batch batch;

  // The queue takes part: its state is written with the rest.
  void touch(Queue& queue);
  // Applies and wakes who waits for a message. On failure the queues' memory is read again from the store.
  Result<void> apply(Store& store);
  // Forgets everything, as if it had not been begun.
  void undo();

 private:
  std::vector<Queue*> queues_;
};

}  // namespace ads::cloud::sqs
