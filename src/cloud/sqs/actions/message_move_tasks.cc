// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html, _List..,
// _Cancel..
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"
#include "cloud/sqs/move_task.h"

namespace ads::cloud::sqs {
namespace {

WireError no_such_resource() {
  return resource_not_found("The resource that you specified for the SourceArn parameter doesn't exist.");
}

}  // namespace

Answer start_message_move_task(Sqs& sqs, Call&, json::object input) {
  auto source_arn = required_text(input, "SourceArn");
  if (!source_arn) co_return refuse(source_arn.error());
  const auto source = sqs.queues().find_arn(*source_arn);
  if (!source) co_return refuse(no_such_resource());
  auto sources = sqs.queues().list_sources(*source, "", 1);
  if (!sources) co_return refuse(sources.error());
  if (sources->urls.empty()) {
    co_return refuse(invalid_parameter("Source queue must be configured as a Dead Letter Queue."));
  }
  const std::string destination_arn = text_of(input, "DestinationArn");
  if (!destination_arn.empty()) {
    const auto destination = sqs.queues().find_arn(destination_arn);
    if (!destination) {
      co_return refuse(
          resource_not_found("The resource that you specified for the DestinationArn parameter doesn't exist."));
    }
    if (destination == source)
      co_return refuse(invalid_parameter("Source queue and destination queue can't be the same."));
    if (destination->settings().is_fifo != source->settings().is_fifo) {
      co_return refuse(invalid_parameter("Source queue and destination queue must be of the same type."));
    }
  }
  auto rate = whole_in(input, "MaxNumberOfMessagesPerSecond", 1, 500);
  if (!rate) co_return refuse(rate.error());
  const auto earlier = move_tasks(sqs.environment().store, source->definition());
  for (const auto& task : earlier) {
    if (task.status == "RUNNING" || task.status == "CANCELLING") {
      co_return refuse(unsupported_operation(
          "There is already a task running. Only one active task is allowed for a source queue arn at a given time."));
    }
  }
  MoveTask task;
  task.started = sqs.now();
  if (!earlier.empty()) task.started = std::max(task.started, earlier.front().started + 1);
  task.source_arn = *source_arn;
  task.destination_arn = destination_arn;
  task.per_second = rate->value_or(0);
  task.to_move = static_cast<std::int64_t>(source->ready());
  if (auto saved = save_move_task(sqs.environment().store, task); !saved)
    co_return refuse(internal_failure(saved.error()));
  if (auto done = co_await sqs.environment().store.durable(); !done) co_return refuse(internal_failure(done.error()));
  const std::string handle = task.handle();
  spawn_move_task(sqs, std::move(task));
  co_return json::object{{"TaskHandle", handle}};
}

Answer list_message_move_tasks(Sqs& sqs, Call&, json::object input) {
  auto source_arn = required_text(input, "SourceArn");
  if (!source_arn) co_return refuse(source_arn.error());
  auto most = whole_in(input, "MaxResults", 1, 10);
  if (!most) co_return refuse(most.error());
  const auto source = sqs.queues().find_arn(*source_arn);
  if (!source) co_return refuse(no_such_resource());
  json::array results;
  for (const auto& task : move_tasks(sqs.environment().store, source->definition())) {
    if (results.size() == static_cast<std::size_t>(most->value_or(1))) break;
    json::object result{{"Status", task.status},
                        {"SourceArn", task.source_arn},
                        {"ApproximateNumberOfMessagesMoved", task.moved},
                        {"ApproximateNumberOfMessagesToMove", task.to_move},
                        {"StartedTimestamp", task.started}};
    if (task.status == "RUNNING") result["TaskHandle"] = task.handle();
    if (!task.destination_arn.empty()) result["DestinationArn"] = task.destination_arn;
    if (task.per_second != 0) result["MaxNumberOfMessagesPerSecond"] = task.per_second;
    if (!task.failure.empty()) result["FailureReason"] = task.failure;
    results.push_back(std::move(result));
  }
  json::object answer;
  if (!results.empty()) answer["Results"] = std::move(results);
  co_return answer;
}

Answer cancel_message_move_task(Sqs& sqs, Call&, json::object input) {
  auto handle = required_text(input, "TaskHandle");
  if (!handle) co_return refuse(handle.error());
  auto task = find_move_task(sqs.environment().store, *handle);
  if (!task) co_return refuse(resource_not_found("Task does not exist."));
  if (task->status != "RUNNING") {
    co_return refuse(unsupported_operation("Only active tasks can be cancelled: this one is " + task->status + "."));
  }
  task->status = "CANCELLING";
  if (auto saved = save_move_task(sqs.environment().store, *task); !saved)
    co_return refuse(internal_failure(saved.error()));
  if (auto done = co_await sqs.environment().store.durable(); !done) co_return refuse(internal_failure(done.error()));
  co_return json::object{{"ApproximateNumberOfMessagesMoved", task->moved}};
}

}  // namespace ads::cloud::sqs
