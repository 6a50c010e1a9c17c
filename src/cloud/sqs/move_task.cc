#include "cloud/sqs/move_task.h"

#include "base/encoding.h"
#include "base/ids.h"
#include "base/log.h"
#include "cloud/sqs/service.h"

namespace ads::cloud::sqs {
namespace {

constexpr std::size_t kKept = 10;
constexpr std::size_t kAtOnce = 100;

std::string key_of(const MoveTask& task) {
  const auto source = parse_queue_arn(task.source_arn).value_or(QueueName{});
  std::string key = move_tasks_prefix(source.region, source.name);
  append_number(key, static_cast<std::uint64_t>(task.started));
  return key;
}

std::string encode(const MoveTask& task) {
  return json::serialize(json::object{{"started", task.started},
                                      {"source", task.source_arn},
                                      {"destination", task.destination_arn},
                                      {"perSecond", task.per_second},
                                      {"status", task.status},
                                      {"moved", task.moved},
                                      {"toMove", task.to_move},
                                      {"failure", task.failure}});
}

std::optional<MoveTask> decode(std::string_view stored) {
  auto object = parse_json_object(stored);
  if (!object) return {};
  MoveTask task;
  task.started = get_integer(*object, "started").value_or(0);
  task.source_arn = get_string(*object, "source").value_or("");
  task.destination_arn = get_string(*object, "destination").value_or("");
  task.per_second = get_integer(*object, "perSecond").value_or(0);
  task.status = get_string(*object, "status").value_or("");
  task.moved = get_integer(*object, "moved").value_or(0);
  task.to_move = get_integer(*object, "toMove").value_or(0);
  task.failure = get_string(*object, "failure").value_or("");
  return task;
}

// Moves up to `most` messages in one transaction. Errors: a text for FailureReason.
std::expected<std::size_t, std::string> move_some(Service& sqs, Queue& source, const MoveTask& task, std::size_t most) {
  Changes changes;
  source.settle(changes, sqs.now());
  if (!changes.apply(sqs.environment().store)) return std::unexpected("AWS.SimpleQueueService.InternalFailure");
  auto messages = source.extract(changes, most, sqs.now());
  std::vector<QueuePointer> kept;  // alive until the changes are applied
  for (Message& message : messages) {
    const std::string arn = task.destination_arn.empty() ? message.dead_letter_source : task.destination_arn;
    auto destination = sqs.queues().find_arn(arn);
    if (!destination) {
      // Nothing of this transaction happens; the messages stay where they are.
      changes.undo();
      return std::unexpected("AWS.SimpleQueueService.NonExistentQueue");
    }
    message.id = random_uuid();  // a redriven message is a new one, but for its content
    message.dead_letter_source.clear();
    if (destination->settings().is_fifo) message.deduplication_id = message.id;
    destination->append(changes, std::move(message), 0, sqs.now());
    kept.push_back(std::move(destination));
  }
  if (!changes.apply(sqs.environment().store)) return std::unexpected("AWS.SimpleQueueService.InternalFailure");
  return messages.size();
}

Task<void> run(Service& sqs, MoveTask task) {
  const auto report = [&](std::string status) {
    task.status = std::move(status);
    if (auto saved = save_move_task(sqs.environment().store, task); !saved) {
      log(LogLevel::error, "a move task can't be saved",
          {{"source", task.source_arn}, {"error", saved.error().message}});
    }
  };
  const std::size_t at_once = task.per_second == 0
                                  ? kAtOnce
                                  : std::clamp<std::size_t>(static_cast<std::size_t>(task.per_second) / 10, 1, kAtOnce);
  const auto pause = task.per_second == 0
                         ? std::chrono::milliseconds(0)
                         : std::chrono::milliseconds(1000 * static_cast<std::int64_t>(at_once) / task.per_second);
  for (;;) {
    const auto current = find_move_task(sqs.environment().store, task.handle());
    const auto source = sqs.queues().find_arn(task.source_arn);
    if (!current || !source) co_return;  // deleted with its queue
    if (current->status == "CANCELLING") co_return report("CANCELLED");
    const auto moved = move_some(sqs, *source, task, at_once);
    if (!moved) {
      task.failure = moved.error();
      co_return report("FAILED");
    }
    task.moved += static_cast<std::int64_t>(*moved);
    if (*moved == 0 || (task.moved >= task.to_move && source->ready() == 0)) co_return report("COMPLETED");
    report("RUNNING");
    if (pause.count() > 0) {
      co_await sleep_for(pause);
    } else {
      co_await asio::post(sqs.environment().executor, asio::use_awaitable);
    }
  }
}

}  // namespace

std::string MoveTask::handle() const {
  return to_base64(json::serialize(json::object{{"taskId", started}, {"sourceArn", source_arn}}));
}

std::vector<MoveTask> move_tasks(Store& store, const Definition& source) {
  std::vector<MoveTask> tasks;
  auto cursor = store.scan_prefix(move_tasks_prefix(source.region, source.name), ScanOrder::descending);
  for (; cursor.valid() && tasks.size() < kKept; cursor.next()) {
    if (auto task = decode(cursor.value())) tasks.push_back(std::move(*task));
  }
  return tasks;
}

std::optional<MoveTask> find_move_task(Store& store, std::string_view handle) {
  const auto text = from_base64(handle);
  const auto named = text ? parse_json_object(*text) : Result<json::object>(fail(ErrorKind::invalid, "", ""));
  if (!named) return {};
  MoveTask key;
  key.started = get_integer(*named, "taskId").value_or(0);
  key.source_arn = get_string(*named, "sourceArn").value_or("");
  const auto stored = store.get(key_of(key));
  if (!stored) return {};
  return decode(*stored);
}

Result<void> save_move_task(Store& store, const MoveTask& task) {
  Batch batch;
  batch.put(key_of(task), encode(task));
  const auto source = parse_queue_arn(task.source_arn).value_or(QueueName{});
  std::size_t kept = 1;
  auto cursor = store.scan_prefix(move_tasks_prefix(source.region, source.name), ScanOrder::descending);
  for (; cursor.valid(); cursor.next()) {
    if (cursor.key() != key_of(task) && ++kept > kKept) batch.remove(cursor.key());
  }
  return store.apply(std::move(batch));
}

void spawn_move_task(Service& sqs, MoveTask task) {
  sqs.tasks().spawn("sqs move task", run(sqs, std::move(task)));
}

void resume_move_tasks(Service& sqs) {
  for (auto cursor = sqs.environment().store.scan_prefix(move_tasks_prefix()); cursor.valid(); cursor.next()) {
    auto task = decode(cursor.value());
    if (task && (task->status == "RUNNING" || task->status == "CANCELLING")) spawn_move_task(sqs, std::move(*task));
  }
}

}  // namespace ads::cloud::sqs
