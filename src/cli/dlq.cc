#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "aws/lambda/client.h"
#include "aws/logs/client.h"
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/dead_letters.h"
#include "cli/interrupt.h"
#include "cli/printable.h"
#include "cli/run_table.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace ads::cli {
namespace {

constexpr std::size_t kMostShown = 10'000;  // as many are held at once at most
constexpr int kMostLogPages = 50;
constexpr std::chrono::days kLogSearch{6};  // before a message came here: longer than it waited on the retry queue

struct DlqFlags {
  DeadQueue queue = DeadQueue::retry;
  std::string message_id;
  std::size_t limit = 20;
  int per_second = 0;
  bool is_yes = false;
};

struct QueueHandle {
  std::string url, arn;
  std::uint64_t depth = 0;
};

Task<Result<QueueHandle>> open_queue(Session& session, DeadQueue queue) {
  auto url = co_await session.stack_output(std::string(output_name(queue)));
  if (!url) co_return fail(url.error());
  auto attributes = co_await aws::sqs::Client(**session.connection())
                        .get_queue_attributes(*url, {"QueueArn", "ApproximateNumberOfMessages"});
  if (!attributes) co_return fail(attributes.error());
  co_return QueueHandle{*url, (*attributes)["QueueArn"],
                        std::strtoull((*attributes)["ApproximateNumberOfMessages"].c_str(), nullptr, 10)};
}

Task<Result<std::string>> queue_arn(Session& session, std::string output) {
  auto url = co_await session.stack_output(std::move(output));
  if (!url) co_return fail(url.error());
  auto attributes = co_await aws::sqs::Client(**session.connection()).get_queue_attributes(*url, {"QueueArn"});
  if (!attributes) co_return fail(attributes.error());
  co_return (*attributes)["QueueArn"];
}

Task<int> list_messages(Session& session, DlqFlags flags) {
  auto queue = co_await open_queue(session, flags.queue);
  if (!queue) co_return report_error(session, queue.error());
  HeldMessages held(**session.connection(), flags.queue, queue->url);
  Result<bool> more = true;
  while (more && *more && held.messages().size() < flags.limit) more = co_await held.receive();
  auto given_back = co_await held.give_back();
  if (!more) co_return report_error(session, more.error());
  if (!given_back) co_return report_error(session, given_back.error());

  std::vector<DeadMessage> messages = held.messages();
  std::sort(messages.begin(), messages.end(), [](const auto& a, const auto& b) { return a.sent < b.sent; });
  if (messages.size() > flags.limit) messages.resize(flags.limit);
  SystemTime now = system_clock().now();
  if (session.is_json()) {
    json::array list;
    for (const auto& dead : messages) list.push_back(dead_message_json(dead, now));
    print_json({{"queue", name_of(flags.queue)}, {"depth", queue->depth}, {"messages", std::move(list)}});
    co_return kSuccess;
  }
  for (const auto& dead : messages) print_text(dead_message_line(flags.queue, dead, now));
  const auto depth = std::max<std::uint64_t>(queue->depth, messages.size());
  if (messages.empty()) {
    print_text(fmt::format("The dead-letter queue of {} is empty.\n", name_of(flags.queue)));
    co_return kSuccess;
  }
  print_text(fmt::format("\nShowing {} of about {} message{}{}.\n", messages.size(), depth, depth == 1 ? "" : "s",
                         flags.queue == DeadQueue::retry ? "; SQS hands out only the first ones of each user" : ""));
  print_text(fmt::format(
      "`ads dlq show ID --queue {0}` shows one in full; `ads dlq redrive --queue {0}` retries all of them.\n",
      name_of(flags.queue)));
  co_return kSuccess;
}

Task<Result<std::string>> last_log_line(Session& session, const DeadMessage& dead) {
  auto function = co_await session.stack_output("RetryFunction");
  if (!function) co_return fail(function.error());
  aws::logs::FilterLogEventsInput input;
  input.group = "/aws/lambda/" + *function;
  input.start = dead.sent - kLogSearch;
  input.pattern = fmt::format("{{ $.messageId = \"{}\" }}", dead.message_id);
  aws::logs::Client logs(**session.connection());
  std::string last;
  for (int page = 0; page < kMostLogPages; ++page) {
    auto found = co_await logs.filter_log_events(input);
    if (!found && found.error().code == "ResourceNotFoundException") break;
    if (!found) co_return fail(found.error());
    if (!found->events.empty()) last = found->events.back().message;
    input.next_token = found->next_token;
    if (!input.next_token) break;
  }
  co_return last;
}

// What went wrong, from wherever that kind of message has it.
Task<Result<std::string>> last_error(Session& session, DeadQueue queue, const DeadMessage& dead) {
  if (queue == DeadQueue::events) co_return dead.error;
  if (queue == DeadQueue::shards) {
    if (!dead.shard) co_return std::string();
    auto shard = co_await find_shard(session, dead.run_id, *dead.shard);
    if (!shard) co_return fail(shard.error());
    co_return *shard ? (*shard)->trouble : std::string();
  }
  auto line = co_await last_log_line(session, dead);
  if (!line) co_return fail(line.error());
  auto fields = parse_json_object(*line);
  if (!fields) co_return *line;
  auto code = get_string(*fields, "code"), error = get_string(*fields, "error");
  co_return code&& error ? fmt::format("{}: {}", *code, *error) : *line;
}

json::object attributes_json(const DeadMessage& dead) {
  json::object object;
  for (const auto& [name, value] : dead.attributes) object[name] = value;
  for (const auto& [name, attribute] : dead.message_attributes) object[name] = attribute.value;
  return object;
}

Task<int> show_message(Session& session, DlqFlags flags) {
  auto queue = co_await open_queue(session, flags.queue);
  if (!queue) co_return report_error(session, queue.error());
  HeldMessages held(**session.connection(), flags.queue, queue->url);
  std::optional<DeadMessage> dead;
  Result<bool> more = true;
  for (std::size_t seen = 0; !dead && more && *more && held.messages().size() < kMostShown;) {
    more = co_await held.receive();
    for (; seen < held.messages().size(); ++seen)
      if (held.messages()[seen].message_id == flags.message_id) dead = held.messages()[seen];
  }
  auto given_back = co_await held.give_back();
  if (!more) co_return report_error(session, more.error());
  if (!given_back) co_return report_error(session, given_back.error());
  if (!dead)
    co_return report_error(
        session, "NoSuchMessage",
        fmt::format("the dead-letter queue of {} has no message {}, or SQS does not hand it out now: `ads dlq "
                    "list --queue {}` lists the others",
                    name_of(flags.queue), flags.message_id, name_of(flags.queue)));
  auto error = co_await last_error(session, flags.queue, *dead);
  SystemTime now = system_clock().now();
  auto body = parse_json(dead->body);
  if (session.is_json()) {
    json::object object = dead_message_json(*dead, now);
    object["body"] = body ? std::move(*body) : json::value(dead->body);
    object["attributes"] = attributes_json(*dead);
    object["lastError"] = error ? *error : "";
    if (!error) object["lastErrorUnknown"] = error.error().message;
    print_json(object);
    co_return kSuccess;
  }
  print_text(dead_message_line(flags.queue, *dead, now));
  print_text(fmt::format("\nlast error\n  {}\n", !error           ? "could not be read: " + error.error().message
                                                 : error->empty() ? "not known: the log has no line about this message"
                                                                  : printable(*error)));
  print_text("\nattributes\n");
  for (const auto& [name, value] : attributes_json(*dead))
    print_text(fmt::format("  {:<34} {}\n", std::string_view(name), printable(std::string_view(value.as_string()))));
  print("\nbody\n" + (body ? pretty(*body) : printable(dead->body)) + "\n");
  co_return kSuccess;
}

// SQS moves the messages by itself; this program only watches.
Task<int> move_back(Session& session, DlqFlags flags, QueueHandle queue) {
  aws::sqs::Client sqs(**session.connection());
  // Said, not left to SQS: a message that was sent to the dead-letter queue by hand has no source queue.
  auto home = co_await queue_arn(session, std::string(home_output_name(flags.queue)));
  if (!home) co_return report_error(session, home.error());
  aws::sqs::StartMessageMoveTaskInput input;
  input.source_arn = queue.arn;
  input.destination_arn = *home;
  if (flags.per_second > 0) input.max_per_second = flags.per_second;
  auto started = co_await sqs.start_message_move_task(std::move(input));
  if (!started) co_return report_error(session, started.error());
  when_interrupted("ads: interrupted. SQS continues to move the messages without this program.");
  std::optional<aws::sqs::MessageMoveTask> task;
  for (auto pause = std::chrono::milliseconds(50);; pause = std::min(pause * 2, std::chrono::milliseconds(2000))) {
    auto tasks = co_await sqs.list_message_move_tasks(queue.arn, 1);
    if (!tasks) co_return report_error(session, tasks.error());
    if (!tasks->empty()) task = tasks->front();
    if (task && task->status != "RUNNING") break;
    co_await sleep_for(pause);
  }
  if (task->status != "COMPLETED")
    co_return report_error(session, "MoveEnded",
                           fmt::format("the move ended as {}{}{}: {} messages were moved", task->status,
                                       task->failure_reason.empty() ? "" : ": ", task->failure_reason, task->moved));
  if (session.is_json())
    print_json({{"queue", name_of(flags.queue)}, {"moved", task->moved}});
  else
    print_text(fmt::format("{} message{} moved back to the {} queue.\n", task->moved,
                           task->moved == 1 ? " was" : "s were", name_of(flags.queue)));
  co_return kSuccess;
}

// Each event is handed to the function again, and removed once Lambda has taken it. A repetition does no harm: a run is
// known by its file's version.
Task<int> invoke_again(Session& session, DlqFlags flags, QueueHandle queue) {
  auto function = co_await session.stack_output("DispatchFunction");
  if (!function) co_return report_error(session, function.error());
  aws::lambda::Client lambda(**session.connection());
  HeldMessages held(**session.connection(), flags.queue, queue.url);
  std::size_t at = 0, sent = 0;
  json::array left;
  std::optional<Error> error;
  while (!error) {
    auto more = co_await held.receive();
    if (!more) error = more.error();
    if (!more || !*more) break;
    for (; at < held.messages().size() && !error; ++at) {
      const DeadMessage& dead = held.messages()[at];
      auto payload = payload_of_failed_event(dead.body);
      if (!payload) {
        left.push_back(json::object{{"messageId", dead.message_id}, {"problem", payload.error().message}});
        continue;
      }
      aws::lambda::InvokeInput input;
      input.function = *function;
      input.payload = std::move(*payload);
      input.type = aws::lambda::InvocationType::event;
      auto invoked = co_await lambda.invoke(std::move(input));
      if (!invoked) {
        error = invoked.error();
        break;
      }
      ++sent;
      if (auto removed = co_await held.remove(at); !removed) error = removed.error();
    }
  }
  auto given_back = co_await held.give_back();
  if (!error && !given_back) error = given_back.error();
  if (error) co_return report_error(session, *error);
  if (session.is_json()) {
    print_json({{"queue", name_of(flags.queue)}, {"moved", sent}, {"left", left}});
  } else {
    print_text(
        fmt::format("{} event{} sent to the function {} again.\n", sent, sent == 1 ? " was" : "s were", *function));
    for (const auto& one : left)
      print_text(fmt::format("  not sent: {}: {}\n", std::string_view(one.at("messageId").as_string()),
                             printable(std::string_view(one.at("problem").as_string()))));
  }
  co_return left.empty() ? kSuccess : kFailure;
}

Task<int> redrive(Session& session, DlqFlags flags) {
  auto queue = co_await open_queue(session, flags.queue);
  if (!queue) co_return report_error(session, queue.error());
  if (flags.queue == DeadQueue::events) co_return co_await invoke_again(session, flags, std::move(*queue));
  co_return co_await move_back(session, flags, std::move(*queue));
}

Task<int> purge(Session& session, DlqFlags flags) {
  auto queue = co_await open_queue(session, flags.queue);
  if (!queue) co_return report_error(session, queue.error());
  Question question{fmt::format("Delete about {} messages from the dead-letter queue of {} permanently? [y/N] ",
                                queue->depth, name_of(flags.queue)),
                    fmt::format("the deletion of about {} messages", queue->depth),
                    {}};
  auto consent = confirm(question, flags.is_yes ? YesFlag::given : YesFlag::absent);
  if (!consent) co_return report_error(session, consent.error()), kUsage;
  if (*consent == Consent::refused) co_return report_error(session, "NotPurged", "nothing was deleted");
  auto purged = co_await aws::sqs::Client(**session.connection()).purge_queue(queue->url);
  if (!purged) co_return report_error(session, purged.error());
  if (session.is_json())
    print_json({{"queue", name_of(flags.queue)}, {"removed", queue->depth}});
  else
    print_text(
        fmt::format("The dead-letter queue of {} is being emptied (about {} messages); AWS takes up to a minute.\n",
                    name_of(flags.queue), queue->depth));
  co_return kSuccess;
}

}  // namespace

void add_dlq(CLI::App& program, Session& session) {
  auto* dlq =
      program.add_subcommand("dlq", "Dead-letter queues: list, show, retry or delete messages that kept failing");
  dlq->require_subcommand(1);
  auto flags = std::make_shared<DlqFlags>();
  auto add = [&](const char* name, const char* about, auto act) {
    auto* command = dlq->add_subcommand(name, about);
    add_choice(*command, "--queue", flags->queue,
               "retry: records that kept failing; shards: shards that did; events: batch files whose event failed",
               {{"retry", DeadQueue::retry}, {"shards", DeadQueue::shards}, {"events", DeadQueue::events}});
    command->callback(
        [&session, flags, act] { session.action = [&session, flags, act] { return act(session, *flags); }; });
    return command;
  };
  auto* list = add("list", "List the messages, oldest first. Removes none of them.", list_messages);
  list->add_option("--limit", flags->limit, "How many at most")->check(CLI::Range(1, 10'000))->capture_default_str();
  auto* show = add("show", "Show one message: body, attributes, and the last error where it is known", show_message);
  show->add_option("ID", flags->message_id, "A message's id, as `ads dlq list` shows it")->required();
  auto* again = add("redrive",
                    "Retry all of them, once the cause is fixed: retries and shards are moved back to their queue,\n"
                    "events are sent to the dispatch function again",
                    redrive);
  again->add_option("--rate", flags->per_second, "Messages per second at most (not of events)")
      ->check(CLI::Range(1, 500));
  auto* drop = add("purge", "Delete all of them permanently; asks first", purge);
  drop->add_flag("--yes", flags->is_yes, "Don't ask");
}

}  // namespace ads::cli
