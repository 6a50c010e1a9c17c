// Deliveries to functions that failed on the other side: kept on disk, tried again as AWS does, then put on the
// subscription's dead-letter queue. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
#pragma once
#include "base/task.h"
#include "cloud/environment.h"
#include "cloud/sns/topic.h"
#include "cloud/sns/topic_metrics.h"

namespace ads::cloud::sns {

struct Delivery {
  std::string subscription_arn, topic_arn, function_arn;
  std::string payload;                     // the event
  std::string envelope;                    // what a dead-letter queue gets
  std::string dead_letter_arn;             // empty: a delivery that can't be made is dropped, with a line in the log
  std::string group_id, deduplication_id;  // of a FIFO topic's message
  int attempts = 0;
};

class Outbox {
 public:
  Outbox(Environment& environment, TopicMetrics& metrics)
      : environment_(environment), metrics_(metrics), bell_(environment.executor), tasks_(environment.executor) {}

  // On return it is in the store.
  Outcome<void> add(const Delivery& delivery);
  void start();
  // Every delivery that waits comes so much earlier.
  void bring_forward(Batch& batch, std::chrono::milliseconds by) const;
  Task<void> stop();

  // To the dead-letter queue, where there is one; in the store on return.
  void bury(const Delivery& delivery, const WireError& error);

 private:
  Task<void> run();
  // Makes one delivery that is due: done, buried, or put back for later.
  Task<void> attempt(std::string key, Delivery delivery);

  Environment& environment_;
  TopicMetrics& metrics_;
  Bell bell_;
  TaskGroup tasks_;
};

// When to try again after so many attempts; nothing: never. Three at once, two after a second each, ten with growing
// pauses up to 20 s, then every 20 s for 23 days.
std::optional<std::chrono::milliseconds> pause_after(int attempts);

}  // namespace ads::cloud::sns
