#include "aws/sqs/client.h"

#include "aws/services.h"
#include "aws/sqs/codec.h"

namespace ads::aws::sqs {
namespace {

using std::chrono::milliseconds;

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::corrupt, "MalformedAnswer", "SQS: " + std::move(message));
}

Result<std::string> required(const json::object& body, std::string_view name) {
  auto text = get_string(body, name);
  if (!text) return malformed("the answer has no " + std::string(name));
  return std::string(*text);
}

}  // namespace

Task<Result<json::object>> Client::call(std::string_view operation, json::object input, milliseconds timeout) const {
  co_return co_await connection_.call_json({kSqs, operation, Protocol::json, timeout}, "AmazonSQS", "1.0",
                                           std::move(input));
}

Task<Result<SendMessageOutput>> Client::send_message(SendMessageInput input) const {
  auto body = co_await call("SendMessage", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_send(*body, input);
}

Task<Result<SendMessageBatchOutput>> Client::send_message_batch(std::string queue_url,
                                                                std::vector<SendEntry> entries) const {
  auto body = co_await call("SendMessageBatch", encode_send_batch(queue_url, entries));
  if (!body) co_return fail(body.error());
  co_return decode_send_batch(*body, entries);
}

Task<Result<std::vector<Message>>> Client::receive_message(ReceiveMessageInput input) const {
  auto timeout = std::chrono::duration_cast<milliseconds>(input.wait) + milliseconds(10'000);
  auto body = co_await call("ReceiveMessage", encode(input), timeout);
  if (!body) co_return fail(body.error());
  co_return decode_receive(*body);
}

Task<Result<void>> Client::delete_message(std::string queue_url, std::string receipt_handle) const {
  json::object input{{"QueueUrl", queue_url}, {"ReceiptHandle", receipt_handle}};
  auto body = co_await call("DeleteMessage", std::move(input));
  if (!body) co_return fail(body.error());
  co_return Result<void>();
}

Task<Result<BatchOutput>> Client::delete_message_batch(std::string queue_url, std::vector<DeleteEntry> entries) const {
  auto body = co_await call("DeleteMessageBatch", encode_delete_batch(queue_url, entries));
  if (!body) co_return fail(body.error());
  co_return decode_batch(*body);
}

Task<Result<void>> Client::change_message_visibility(std::string queue_url, std::string receipt_handle,
                                                     std::chrono::seconds visibility) const {
  json::object input{
      {"QueueUrl", queue_url}, {"ReceiptHandle", receipt_handle}, {"VisibilityTimeout", visibility.count()}};
  auto body = co_await call("ChangeMessageVisibility", std::move(input));
  if (!body) co_return fail(body.error());
  co_return Result<void>();
}

Task<Result<BatchOutput>> Client::change_message_visibility_batch(std::string queue_url,
                                                                  std::vector<VisibilityEntry> entries) const {
  auto body = co_await call("ChangeMessageVisibilityBatch", encode_visibility_batch(queue_url, entries));
  if (!body) co_return fail(body.error());
  co_return decode_batch(*body);
}

Task<Result<Attributes>> Client::get_queue_attributes(std::string queue_url, std::vector<std::string> names) const {
  json::object input{{"QueueUrl", queue_url}};
  json::array list;
  for (auto& name : names) list.emplace_back(name);
  input["AttributeNames"] = std::move(list);
  auto body = co_await call("GetQueueAttributes", std::move(input));
  if (!body) co_return fail(body.error());
  co_return decode_attributes(*body);
}

Task<Result<std::string>> Client::get_queue_url(std::string queue_name) const {
  json::object input{{"QueueName", queue_name}};
  auto body = co_await call("GetQueueUrl", std::move(input));
  if (!body) co_return fail(body.error());
  co_return required(*body, "QueueUrl");
}

Task<Result<std::string>> Client::create_queue(std::string queue_name, Attributes attributes) const {
  json::object input{{"QueueName", queue_name}};
  json::object list;
  for (auto& [name, value] : attributes) list[name] = value;
  if (!list.empty()) input["Attributes"] = std::move(list);
  auto body = co_await call("CreateQueue", std::move(input));
  if (!body) co_return fail(body.error());
  co_return required(*body, "QueueUrl");
}

Task<Result<void>> Client::delete_queue(std::string queue_url) const {
  json::object input{{"QueueUrl", queue_url}};
  auto body = co_await call("DeleteQueue", std::move(input));
  if (!body) co_return fail(body.error());
  co_return Result<void>();
}

Task<Result<void>> Client::purge_queue(std::string queue_url) const {
  json::object input{{"QueueUrl", queue_url}};
  auto body = co_await call("PurgeQueue", std::move(input));
  if (!body) co_return fail(body.error());
  co_return Result<void>();
}

Task<Result<std::string>> Client::start_message_move_task(StartMessageMoveTaskInput input) const {
  auto body = co_await call("StartMessageMoveTask", encode(input));
  if (!body) co_return fail(body.error());
  co_return required(*body, "TaskHandle");
}

Task<Result<std::vector<MessageMoveTask>>> Client::list_message_move_tasks(std::string source_arn, int most) const {
  json::object input{{"SourceArn", source_arn}, {"MaxResults", most}};
  auto body = co_await call("ListMessageMoveTasks", std::move(input));
  if (!body) co_return fail(body.error());
  std::vector<MessageMoveTask> tasks;
  if (const json::array* results = get_array(*body, "Results"))
    for (const json::value& result : *results) {
      if (!result.is_object()) co_return malformed("a move task is no object");
      const json::object& task = result.get_object();
      tasks.push_back({std::string(get_string(task, "Status").value_or("")),
                       std::string(get_string(task, "FailureReason").value_or("")),
                       get_integer(task, "ApproximateNumberOfMessagesMoved").value_or(0),
                       get_integer(task, "ApproximateNumberOfMessagesToMove").value_or(0)});
    }
  co_return tasks;
}

}  // namespace ads::aws::sqs
