// SQS's metrics in CloudWatch: once a minute per active queue. A queue is active while it holds messages, and for six
// hours after it was last used; where none is, nothing runs.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
#pragma once
#include <vector>

#include "base/task.h"
#include "cloud/sqs/queues.h"

namespace ads::cloud::sqs {

class Service;

class QueueMetrics {
 public:
  explicit QueueMetrics(Service& sqs);

  void start();
  Task<void> stop();
  // A request or another service has used the queue.
  void used(const QueuePointer& queue);
  // Writes every active queue's metrics of the minute before `now`, and forgets those that are no longer active.
  void publish(SystemTime now);

 private:
  Task<void> run();
  // Queues that were active when the cloud ended.
  void load();

  Service& sqs_;
  std::vector<QueuePointer> active_;
  Bell bell_;
  TaskGroup tasks_;
};

}  // namespace ads::cloud::sqs
