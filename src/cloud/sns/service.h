// SNS: topics, subscriptions, and the fan-out of what is published to queues and functions.
// Subscriptions to queues and functions are confirmed at once. Other protocols are refused by name: nothing here could
// deliver to them. Before Publish is answered every delivery is on disk: in the queue, in the function's own queue of
// asynchronous events, or in the outbox.
#pragma once
#include "cloud/access.h"
#include "cloud/environment.h"
#include "cloud/operations/pipeline.h"
#include "cloud/sns/draft.h"
#include "cloud/sns/outbox.h"
#include "cloud/sns/topics.h"

namespace ads::cloud::sns {

class Service : public cloud::Service, public TopicPort {
 public:
  explicit Service(Environment& environment);

  Task<http::Reply> answer(Call& call) override;
  Task<void> start() override;
  Task<void> stop() override;
  void bring_deadlines_forward(Batch& batch, std::chrono::milliseconds by) override;
  ResourceTypes resource_types();

  // TopicPort
  Task<Outcome<std::string>> publish(std::string topic_arn, std::string subject, OutgoingMessage message,
                                     Source source) override;
  Outcome<void> may(const std::string& topic_arn, std::string_view action, const Source& source) override;

  // ---- for the actions ----
  Environment& environment() { return environment_; }
  Topics& topics() { return topics_; }
  access::PolicyCache& policies() { return policies_; }

  struct Accepted {
    std::string message_id, sequence_number;
  };
  // Delivers checked messages of one topic, in order; the caller waits for the disk. One outcome each.
  Task<Outcome<std::vector<Accepted>>> publish(TopicPointer topic, std::vector<Publication> publications);
  Task<Outcome<void>> durable();

  // Errors: InvalidParameter; idempotent as AWS's CreateTopic and Subscribe are.
  Outcome<Topic> create_topic(const std::string& region, const std::string& name, const Attributes& attributes,
                              const std::map<std::string, std::string>& tags);
  Outcome<Subscription> subscribe(const LoadedTopic& topic, const std::string& protocol, const std::string& endpoint,
                                  const Attributes& attributes, const std::string& made_by = "");

 private:
  // Drops what a FIFO topic got within five minutes already; fills in sequence numbers.
  std::vector<Publication> deduplicate(const Topic& topic, std::vector<Publication> publications,
                                       std::vector<Accepted>& accepted, Batch& batch);
  Outcome<void> deliver_to_queue(const Subscription& subscription, const std::vector<const Publication*>& publications);
  Task<Outcome<void>> deliver_to_function(const Subscription& subscription, const Publication& publication);

  Environment& environment_;
  Topics topics_;
  access::PolicyCache policies_;
  TopicMetrics metrics_;
  Outbox outbox_;
  operations::Pipeline pipeline_;
};

}  // namespace ads::cloud::sns
