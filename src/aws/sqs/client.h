// SQS's client over its JSON protocol: one coroutine per operation.
#pragma once
#include <string>
#include <vector>

#include "aws/connection.h"
#include "aws/sqs/sqs.h"

namespace ads::aws::sqs {

// Errors are the wire's: not_found / "QueueDoesNotExist", invalid / "ReceiptHandleIsInvalid", "InvalidMessageContents",
// throttled / "RequestThrottled", "OverLimit", ... A send whose answer has another MD5 than its body is corrupt /
// "WrongMd5".
class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}

  Task<Result<SendMessageOutput>> send_message(SendMessageInput input) const;
  Task<Result<SendMessageBatchOutput>> send_message_batch(std::string queue_url, std::vector<SendEntry> entries) const;
  Task<Result<std::vector<Message>>> receive_message(ReceiveMessageInput input) const;
  Task<Result<void>> delete_message(std::string queue_url, std::string receipt_handle) const;
  Task<Result<BatchOutput>> delete_message_batch(std::string queue_url, std::vector<DeleteEntry> entries) const;
  Task<Result<void>> change_message_visibility(std::string queue_url, std::string receipt_handle,
                                               std::chrono::seconds visibility) const;
  Task<Result<BatchOutput>> change_message_visibility_batch(std::string queue_url,
                                                            std::vector<VisibilityEntry> entries) const;
  Task<Result<Attributes>> get_queue_attributes(std::string queue_url, std::vector<std::string> names) const;
  Task<Result<std::string>> get_queue_url(std::string queue_name) const;
  // Answers the queue's URL; the same name with the same attributes twice is no error.
  Task<Result<std::string>> create_queue(std::string queue_name, Attributes attributes) const;
  Task<Result<void>> delete_queue(std::string queue_url) const;
  Task<Result<void>> purge_queue(std::string queue_url) const;
  Task<Result<std::string>> start_message_move_task(StartMessageMoveTaskInput input) const;  // the task's handle
  // The newest first, at most ten.
  Task<Result<std::vector<MessageMoveTask>>> list_message_move_tasks(std::string source_arn, int most) const;

 private:
  Task<Result<json::object>> call(std::string_view operation, json::object input,
                                  std::chrono::milliseconds timeout = std::chrono::seconds(30)) const;
  Connection& connection_;
};

}  // namespace ads::aws::sqs
