#include "cloud/scheduler/dispatcher.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/ids.h"
#include "base/log.h"
#include "cloud/scheduler/errors.h"
#include "cloud/scheduler/target.h"

namespace ads::cloud::scheduler {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t kMostInFlight = 64, kRemovedAtOnce = 500;
// A machine that sleeps, or is given another time, is noticed after this long at the latest.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::minutes(5);

// What another attempt may change: the other side's failures, not its refusals.
bool may_pass(const WireError& error) {
  return error.status >= 500 || error.status == 429;
}

void report(std::string_view what, const Result<void>& result) {
  if (!result) log(LogLevel::error, what, {{"error", result.error().message}});
}

}  // namespace

std::chrono::seconds pause_after(int attempts) {
  return std::chrono::seconds(std::min(900, 1 << std::clamp(attempts - 1, 0, 10)));
}

Dispatcher::Dispatcher(Environment& environment, Book& book)
    : environment_(environment), book_(book), bell_(environment.executor), tasks_(environment.executor) {}

void Dispatcher::start() {
  for (auto& [region, name] : book_.groups_in_removal()) remove_group(region, name);
  tasks_.spawn("schedules", run());
}

Task<void> Dispatcher::stop() {
  is_stopping_ = true;
  bell_.ring_all();
  co_await tasks_.drain();
}

Task<void> Dispatcher::run() {
  while (!is_stopping_) {
    const auto now = environment_.clock.now();
    auto turned = book_.turn(now);
    if (!turned) {
      log(LogLevel::error, "schedules could not be turned", {{"error", turned.error().message}});
      co_await bell_.wait_until(Steady::now() + std::chrono::seconds(1));
      continue;
    }
    std::optional<SystemTime> next = *turned ? std::optional(now) : book_.next_due();
    while (in_flight_.size() < kMostInFlight) {
      auto pending = book_.first_delivery(in_flight_);
      if (!pending) break;
      if (pending->due > now) {
        next = next ? std::min(*next, pending->due) : pending->due;
        break;
      }
      in_flight_.insert(pending->key);
      tasks_.spawn("an invocation of a schedule", deliver(*std::move(pending)));
    }
    if (!next) {
      co_await bell_.wait();
    } else if (*next > now) {
      co_await bell_.wait_until(Steady::now() + std::min<std::chrono::milliseconds>(*next - now, kLongestWait));
    } else {  // let others have a turn
      co_await asio::post(environment_.executor, asio::use_awaitable);
    }
  }
}

Task<void> Dispatcher::deliver(Book::Pending pending) {
  const auto key = pending.key;
  co_await attempt(std::move(pending));
  in_flight_.erase(key);
  bell_.ring_all();
}

Task<void> Dispatcher::attempt(Book::Pending pending) {
  const auto schedule = book_.find(pending.delivery.region, pending.delivery.group, pending.delivery.name);
  if (!schedule) {  // deleted while it was on its way
    report("a delivery could not be removed", book_.settle(pending));
    co_return;
  }
  auto& delivery = pending.delivery;
  const InvocationContext context{
      .schedule_arn = schedule_arn(environment_.account, delivery.region, delivery.group, delivery.name),
      .scheduled_time = iso8601_seconds(delivery.scheduled),
      .execution_id = random_hex(16),
      .attempt_number = std::to_string(delivery.attempts + 1)};
  auto payload = payload_of(*schedule, context, environment_.account, delivery.region);
  const auto age_ends = delivery.since + schedule->maximum_age();
  if (environment_.clock.now() > age_ends) {
    co_await give_up(pending, *schedule, std::move(payload),
                     {400, "EventAgeExceeded", "The event's maximum age was reached."}, "MaximumEventAgeInSeconds",
                     context.execution_id);
    co_return;
  }
  ++delivery.attempts;
  count(delivery, "InvocationAttemptCount");
  auto invoked = co_await invoke_target(environment_, delivery.region, *schedule, payload);
  if (invoked) {
    report("a delivery could not be removed", book_.settle(pending));
    co_return;
  }
  count(delivery, invoked.error().status == 429 ? "TargetErrorThrottledCount" : "TargetErrorCount");
  const auto retry_at = environment_.clock.now() + pause_after(delivery.attempts);
  std::string condition;
  if (may_pass(invoked.error())) {
    const bool has_retries = delivery.attempts <= schedule->maximum_retries();
    if (has_retries && retry_at <= age_ends) {
      report("a delivery could not be put back", book_.put_back(pending, retry_at));
      co_return;
    }
    condition = has_retries ? "MaximumEventAgeInSeconds" : "MaximumRetryAttempts";
  }
  co_await give_up(pending, *schedule, std::move(payload), invoked.error(), std::move(condition), context.execution_id);
}

Task<void> Dispatcher::give_up(const Book::Pending& pending, const Schedule& schedule, std::string payload,
                               WireError error, std::string condition, std::string execution_id) {
  const auto& delivery = pending.delivery;
  count(delivery, "InvocationDroppedCount");
  log(LogLevel::warning, "a schedule's invocation was given up",
      {{"schedule", schedule_arn(environment_.account, delivery.region, delivery.group, delivery.name)},
       {"target", schedule.target_arn()},
       {"code", error.code},
       {"error", error.message}});
  DeadLetter letter{.payload = std::move(payload),
                    .error = std::move(error),
                    .execution_id = std::move(execution_id),
                    .condition = std::move(condition),
                    .scheduled_time = iso8601_seconds(delivery.scheduled),
                    .retries = std::max(0, delivery.attempts - 1)};
  const bool has_queue = schedule.target().contains("DeadLetterConfig");
  auto buried = co_await bury(environment_, delivery.region, schedule, std::move(letter));
  if (has_queue)
    count(delivery, buried ? "InvocationsSentToDeadLetterCount" : "InvocationsFailedToBeSentToDeadLetterCount");
  if (!buried)
    log(LogLevel::warning, "a schedule's dead-letter queue refused an event",
        {{"schedule", schedule.name}, {"error", buried.error().message}});
  report("a delivery could not be removed", book_.settle(pending));
}

void Dispatcher::remove_group(std::string region, std::string name) {
  tasks_.spawn("removal of a schedule group", empty_group(std::move(region), std::move(name)));
}

Task<void> Dispatcher::empty_group(std::string region, std::string name) {
  const auto any = [](const Schedule&) { return true; };
  while (!is_stopping_) {
    std::string next;
    const auto page = book_.list(region, name, any, {"", kRemovedAtOnce}, next);
    Batch batch;
    for (const auto& schedule : page) book_.remove(batch, region, schedule);
    if (next.empty()) book_.remove_group(batch, region, name);
    auto removed = environment_.store.apply(std::move(batch));
    report("a schedule group could not be removed", removed);
    if (next.empty() || !removed) co_return;
    co_await asio::post(environment_.executor, asio::use_awaitable);
  }
}

void Dispatcher::count(const Delivery& delivery, const char* metric) {
  if (environment_.metrics == nullptr) return;
  environment_.metrics->record(
      delivery.region,
      {{"AWS/Scheduler", metric, {{"ScheduleGroup", delivery.group}}, 1, "Count", environment_.clock.now()}});
}

}  // namespace ads::cloud::scheduler
