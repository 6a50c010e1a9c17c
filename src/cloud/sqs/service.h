// SQS: queues and their messages, for clients over either wire protocol and for the other services of the cloud.
// Receive counts and visibility are written but not waited for: after a power loss a message in flight may be visible
// again early, which at-least-once delivery allows. Sends and deletes are on disk before they are answered.
#pragma once
#include "cloud/access.h"
#include "cloud/environment.h"
#include "cloud/operations/pipeline.h"
#include "cloud/sqs/queue_metrics.h"
#include "cloud/sqs/queues.h"

namespace ads::cloud::sqs {

// One message as a client or another service wants it sent.
struct Draft {
  std::string body;
  MessageAttributes attributes;
  std::optional<std::int64_t> delay_seconds;
  std::string group, deduplication_id, trace_header;
  std::string sender;
};

class Service : public cloud::Service, public QueuePort {
 public:
  explicit Service(Environment& environment);
  ~Service() override;

  Task<http::Reply> answer(Call& call) override;
  Task<void> start() override;
  Task<void> stop() override;
  // One of the operations, as a request has it.
  operations::Answer perform(const Call& call, std::string operation, json::object input);
  void bring_deadlines_forward(Batch& batch, std::chrono::milliseconds by) override;
  ResourceTypes resource_types();

  // QueuePort
  Task<Outcome<std::string>> send(std::string queue_arn, OutgoingMessage message, Source source) override;
  std::vector<Outcome<std::string>> enqueue(const std::string& queue_arn, std::vector<OutgoingMessage> messages,
                                            const Source& source) override;
  Task<Outcome<std::vector<ReceivedMessage>>> receive(std::string queue_arn, int most,
                                                      std::chrono::milliseconds wait) override;
  Task<Outcome<void>> remove(std::string queue_arn, std::vector<std::string> receipt_handles) override;
  Task<Outcome<void>> change_visibility(std::string queue_arn, std::string receipt_handle,
                                        std::chrono::seconds timeout) override;
  Outcome<void> may(const std::string& queue_arn, std::string_view action, const Source& source) override;
  Outcome<std::map<std::string, std::string>> attributes(const std::string& queue_arn) override;

  // ---- for the actions ----
  Environment& environment() { return environment_; }
  Queues& queues() { return queues_; }
  QueueMetrics& metrics() { return metrics_; }
  access::PolicyCache& policies() { return policies_; }
  Millis now() const { return environment_.clock.now().time_since_epoch().count(); }
  Outcome<QueuePointer> queue_of(const Call& call, const json::object& input);

  // Checks a draft against the queue's and SQS's rules. Errors: as SendMessage has them.
  Outcome<Message> check(const Queue& queue, Draft draft) const;

  struct Receiving {
    std::size_t most = 1;
    std::optional<Millis> visibility;
    Millis wait = 0;
    std::string attempt;
  };
  // Waits for a first message, woken by its arrival. Errors: OverLimit, QueueDoesNotExist (deleted while waiting).
  Task<Outcome<std::vector<Received>>> receive(QueuePointer queue, Receiving receiving);

  // Deletes or refuses one receipt. Errors: ReceiptHandleIsInvalid, InvalidParameterValue (expired, FIFO).
  Outcome<void> remove_one(Queue& queue, Changes& changes, const std::string& handle);
  Outcome<void> change_one(Queue& queue, Changes& changes, const std::string& handle, Millis timeout);
  // Applies, and waits for the disk.
  Task<Outcome<void>> commit(Changes changes);
  // Every attribute that GetQueueAttributes may answer.
  Attributes all_attributes(Queue& queue);

  // The move tasks that run; see move_task.h.
  TaskGroup& tasks() { return tasks_; }

 private:
  Environment& environment_;
  Queues queues_;
  QueueMetrics metrics_;
  access::PolicyCache policies_;
  TaskGroup tasks_;
  operations::Pipeline pipeline_;
  bool is_stopping_ = false;
};

}  // namespace ads::cloud::sqs
