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

Reply start_message_move_task(Context& context, const json::object& input) {
  const auto source_arn = text(input, "SourceArn");
  const auto source = context.sqs.queues().find_arn(source_arn);
  if (!source) return refuse(no_such_resource());
  auto sources = context.sqs.queues().list_sources(*source, "", 1);
  if (!sources) return refuse(sources.error());
  if (sources->urls.empty()) {
    return refuse(invalid_parameter("Source queue must be configured as a Dead Letter Queue."));
  }
  const std::string destination_arn = text(input, "DestinationArn");
  if (!destination_arn.empty()) {
    const auto destination = context.sqs.queues().find_arn(destination_arn);
    if (!destination) {
      return refuse(
          resource_not_found("The resource that you specified for the DestinationArn parameter doesn't exist."));
    }
    if (destination == source)
      return refuse(invalid_parameter("Source queue and destination queue can't be the same."));
    if (destination->settings().is_fifo != source->settings().is_fifo) {
      return refuse(invalid_parameter("Source queue and destination queue must be of the same type."));
    }
  }
  auto rate = whole_in(input, "MaxNumberOfMessagesPerSecond", 1, 500);
  if (!rate) return refuse(rate.error());
  const auto earlier = move_tasks(context.sqs.environment().store, source->definition());
  for (const auto& task : earlier) {
    if (task.status == "RUNNING" || task.status == "CANCELLING") {
      return refuse(unsupported_operation(
          "There is already a task running. Only one active task is allowed for a source queue arn at a given time."));
    }
  }
  MoveTask task;
  task.started = context.sqs.now();
  if (!earlier.empty()) task.started = std::max(task.started, earlier.front().started + 1);
  task.source_arn = source_arn;
  task.destination_arn = destination_arn;
  task.per_second = rate->value_or(0);
  task.to_move = static_cast<std::int64_t>(source->ready());
  if (auto saved = save_move_task(context.sqs.environment().store, task); !saved)
    return refuse(internal_failure(saved.error()));
  const std::string handle = task.handle();
  spawn_move_task(context.sqs, std::move(task));
  return json::object{{"TaskHandle", handle}};
}

Reply list_message_move_tasks(Context& context, const json::object& input) {
  const auto source_arn = text(input, "SourceArn");
  auto most = whole_in(input, "MaxResults", 1, 10);
  if (!most) return refuse(most.error());
  const auto source = context.sqs.queues().find_arn(source_arn);
  if (!source) return refuse(no_such_resource());
  json::array results;
  for (const auto& task : move_tasks(context.sqs.environment().store, source->definition())) {
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
  return answer;
}

Reply cancel_message_move_task(Context& context, const json::object& input) {
  const auto handle = text(input, "TaskHandle");
  auto task = find_move_task(context.sqs.environment().store, handle);
  if (!task) return refuse(resource_not_found("Task does not exist."));
  if (task->status != "RUNNING") {
    return refuse(unsupported_operation("Only active tasks can be cancelled: this one is " + task->status + "."));
  }
  task->status = "CANCELLING";
  if (auto saved = save_move_task(context.sqs.environment().store, *task); !saved)
    return refuse(internal_failure(saved.error()));
  return json::object{{"ApproximateNumberOfMessagesMoved", task->moved}};
}

}  // namespace ads::cloud::sqs
