#include "cloud/cloudwatch/service.h"

#include "base/log.h"
#include "cloud/cloudwatch/errors.h"
#include "cloud/cloudwatch/operations.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr auto kFlushDelay = std::chrono::seconds(1);
// A machine that sleeps, or is given another time, is noticed after this long at the latest.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::minutes(5);

}  // namespace

Service::Service(Environment& environment)
    : environment_(environment),
      metrics_(environment.store, environment.clock),
      alarms_(environment.store),
      history_(environment.store),
      watch_(environment, metrics_, alarms_, history_),
      notifier_(environment.executor),
      state_{environment, metrics_, alarms_, history_, watch_, notifier_},
      pipeline_(make_pipeline(environment, state_)),
      tasks_(environment.executor) {}

Task<http::Reply> Service::answer(Call& call) {
  return pipeline_.answer(call);
}

void Service::record(const std::string& region, std::vector<MetricDatum> data) {
  for (auto& datum : data) {
    Aggregate sample;
    sample.add(datum.value);
    const Metric metric{std::move(datum.metric_namespace), std::move(datum.name), std::move(datum.dimensions)};
    auto added = metrics_.add(region, metric, datum.time, std::move(datum.unit), sample);
    if (!added) log(LogLevel::error, "a metric could not be kept", {{"error", added.error().message}});
    if (watch_.touched(region, metric, datum.time)) notifier_.ring_all();
  }
  if (metrics_.is_clean() || is_flushing_) return;
  is_flushing_ = true;
  tasks_.spawn("metrics flush", flush_soon());
}

Task<void> Service::flush_soon() {
  co_await sleep_for(kFlushDelay);
  is_flushing_ = false;
  if (auto flushed = metrics_.flush(); !flushed) {
    log(LogLevel::error, "metrics could not be written", {{"error", flushed.error().message}});
  }
}

Task<void> Service::start() {
  tasks_.spawn("alarms", watch_alarms());
  co_return;
}

Task<void> Service::watch_alarms() {
  using Steady = std::chrono::steady_clock;
  for (;;) {
    while (auto pending = watch_.first_notice()) co_await tell(*std::move(pending));
    const auto now = environment_.clock.now();
    auto turned = watch_.turn(now);
    if (!turned) log(LogLevel::error, "alarms could not be evaluated", {{"error", turned.error().message}});
    if (watch_.first_notice()) continue;
    const auto next = turned && *turned ? std::optional(now) : watch_.next_due();
    if (!turned) {
      co_await sleep_for(std::chrono::seconds(1));
    } else if (!next) {
      co_await notifier_.wait();
    } else {
      co_await notifier_.wait_until(Steady::now() + std::min<std::chrono::milliseconds>(*next - now, kLongestWait));
    }
  }
}

// Topics hear of a change of state; other actions (Auto Scaling, EC2) do not exist here, and the history says so.
Task<void> Service::tell(Watch::Pending pending) {
  std::optional<WireError> failure;
  const auto& notice = pending.notice;
  if (!notice.action.starts_with("arn:aws:sns:")) {
    failure = not_implemented("the alarm action " + notice.action);
  } else if (environment_.topics != nullptr) {
    OutgoingMessage message{.body = notice.message};
    auto sent = co_await environment_.topics->publish(
        notice.action, notice.subject, std::move(message),
        {"cloudwatch.amazonaws.com",
         fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", notice.region, environment_.account, notice.alarm)});
    if (!sent) failure = sent.error();
  }
  if (failure)
    log(LogLevel::warning, "an alarm's action failed", {{"action", notice.action}, {"error", failure->message}});
  if (auto settled = watch_.settle(pending, failure); !settled) {
    log(LogLevel::error, "an alarm's history could not be written", {{"error", settled.error().message}});
    co_await sleep_for(std::chrono::seconds(1));
  }
}

Task<void> Service::stop() {
  co_await tasks_.stop();
  if (auto flushed = metrics_.flush(); !flushed) {
    log(LogLevel::error, "metrics could not be written", {{"error", flushed.error().message}});
  }
}

}  // namespace ads::cloud::cloudwatch
