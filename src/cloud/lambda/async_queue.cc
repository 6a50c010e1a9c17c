#include "cloud/lambda/async_queue.h"

#include "base/ids.h"
#include "base/log.h"
#include "cloud/lambda/access.h"
#include "cloud/lambda/destination.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {
using Steady = std::chrono::steady_clock;
// Deliveries of one function that wait for a sandbox at the same time; the others wait on disk.
constexpr std::size_t kMostInFlight = 64;
constexpr auto kLongestThrottleDelay = std::chrono::minutes(5);
}  // namespace

AsyncQueue::AsyncQueue(Environment& environment, const Limits& limits, State& state, Pool& pool)
    : environment_(environment),
      limits_(limits),
      state_(state),
      pool_(pool),
      tasks_(environment.executor),
      next_sequence_(now() * 1000) {}

std::uint64_t AsyncQueue::now() const {
  return std::max<std::int64_t>(0, environment_.clock.now().time_since_epoch().count());
}

std::string AsyncQueue::new_key(std::string_view region, std::string_view name, std::uint64_t due) {
  auto key = async_prefix(region, name);
  append_number(key, due);
  append_number(key, next_sequence_++);
  return key;
}

Task<Outcome<void>> AsyncQueue::add(std::string region, FunctionName name, AsyncEvent event) {
  event.qualifier = name.qualifier;
  event.accepted = now();
  auto key = new_key(region, name.name, event.accepted);
  Batch batch;
  batch.put(key, encode(event));
  if (auto stored = co_await state_.store().commit(std::move(batch)); !stored)
    co_return refuse(internal_failure(stored.error()));
  wake(region, name.name, key);
  co_return Outcome<void>{};
}

void AsyncQueue::wake(const std::string& region, const std::string& name, const std::string& key) {
  if (is_stopping_) return;
  auto& lane = lanes_[{region, name}];
  if (!lane) {
    lane = std::make_shared<Lane>(environment_.executor);
    lane->region = region;
    lane->name = name;
    lane->first = key;
    tasks_.spawn("asynchronous invocations", run(lane));
    return;
  }
  if (key < lane->first) lane->first = key;
  lane->bell.ring_all();
}

void AsyncQueue::bring_forward(Batch& batch, std::chrono::milliseconds by) const {
  const auto earlier = [&](std::uint64_t time) {
    return time - std::min(time, static_cast<std::uint64_t>(by.count()));
  };
  const auto all = key_of({"async"});
  for (auto cursor = state_.store().scan_prefix(all); cursor.valid(); cursor.next()) {
    std::string_view rest = cursor.key().substr(all.size());
    const auto region = take_text(rest), name = take_text(rest);
    const auto due = take_number(rest), sequence = take_number(rest);
    auto event = decode_async_event(cursor.value());
    if (!region || !name || !due || !sequence || !event) continue;
    event->accepted = earlier(event->accepted);
    auto key = async_prefix(*region, *name);
    append_number(key, earlier(*due));
    append_number(key, *sequence);
    batch.remove(cursor.key());
    batch.put(key, encode(*event));
  }
}

void AsyncQueue::start() {
  auto all = key_of({"async"}), end = after_prefix(all);
  // From one function's first event to the next function's: a seek each.
  for (std::string from = all;;) {
    auto cursor = state_.store().scan(from, end);
    if (!cursor.valid()) return;
    std::string_view rest = cursor.key().substr(all.size());
    auto region = take_text(rest), name = take_text(rest);
    if (!region || !name) return;
    wake(*region, *name, std::string(cursor.key()));
    from = after_prefix(async_prefix(*region, *name));
  }
}

// One function's queue, until it is empty.
Task<void> AsyncQueue::run(std::shared_ptr<Lane> lane) {
  auto prefix = async_prefix(lane->region, lane->name), end = after_prefix(prefix);
  while (!is_stopping_) {
    std::optional<std::uint64_t> next_due;
    std::string key, value;
    bool is_first = true;
    for (auto cursor = state_.store().scan(std::max(lane->first, prefix), end); cursor.valid(); cursor.next()) {
      if (is_first) lane->first = cursor.key();  // what stood before is gone
      is_first = false;
      std::string candidate(cursor.key());
      if (lane->in_flight.contains(candidate)) continue;
      std::string_view rest = std::string_view(candidate).substr(prefix.size());
      next_due = take_number(rest).value_or(0);
      key = candidate;
      value = cursor.value();
      break;
    }
    if (!next_due && lane->in_flight.empty()) {
      lanes_.erase({lane->region, lane->name});
      co_return;
    }
    bool is_due = next_due && *next_due <= now();
    if (is_due && lane->in_flight.size() < kMostInFlight) {
      lane->in_flight.insert(key);
      tasks_.spawn("asynchronous invocation", deliver(lane, key, std::move(value)));
      continue;
    }
    auto until = Steady::time_point::max();
    if (next_due && !is_due) until = Steady::now() + std::chrono::milliseconds(*next_due - now());
    co_await lane->bell.wait_until(until);
  }
}

Task<void> AsyncQueue::deliver(std::shared_ptr<Lane> lane, std::string key, std::string value) {
  co_await attempt(*lane, key, std::move(value));
  lane->in_flight.erase(key);
  lane->bell.ring_all();
}

Task<void> AsyncQueue::attempt(Lane& lane, std::string key, std::string value) {
  auto event = decode_async_event(value);
  auto function = state_.resolve(lane.region, {lane.name, event ? event->qualifier : ""});
  if (!event || !function) {
    // Unreadable, or the function is gone: AWS drops the events of a deleted function too.
    log(LogLevel::warning, "an asynchronous event is dropped", {{"function", lane.name}});
    Batch batch;
    batch.remove(key);
    if (auto applied = state_.store().apply(std::move(batch)); !applied)
      log(LogLevel::error, "the store failed", {{"error", applied.error().message}});
    co_return;
  }
  auto config = state_.invoke_config(lane.region, lane.name, event->qualifier).value_or(InvokeConfig{});
  auto age_limit = std::uint64_t(config.maximum_age) * 1000;
  if (now() > event->accepted + age_limit)
    co_return co_await settle(lane, key, *event, "EventAgeExceeded", nullptr, config, *function);

  Invocation invocation{.request_id = event->request_id,
                        .payload = event->payload,
                        .function_arn = state_.arn(lane.region, {lane.name, event->qualifier}),
                        .trace_id = event->trace_id};
  // Waits for a sandbox as long as the event may live; a function with no concurrency at all is throttled instead.
  auto about = state_.about(lane.region, lane.name);
  bool is_shut = about && about->reserved_concurrency == 0;
  auto patience = std::chrono::milliseconds(event->accepted + age_limit - now());
  auto result = co_await pool_.invoke(
      *function, std::move(invocation),
      {.machine = Steady::now() + patience, .reserved = is_shut ? Steady::time_point{} : Steady::now() + patience});
  if (is_stopping_ && (!result || !result->is_success())) co_return;  // still on disk: repeated after the next start
  if (!result) {
    auto delay = std::min<std::chrono::milliseconds>(
        limits_.throttle_delay * (1 << std::min<std::uint64_t>(event->throttles, 16)), kLongestThrottleDelay);
    ++event->throttles;
    if (now() + delay.count() > event->accepted + age_limit)
      co_return co_await settle(lane, key, *event, "EventAgeExceeded", nullptr, config, *function);
    put_back(lane, key, *event, delay);
    co_return;
  }
  ++event->attempts;
  if (result->is_success()) co_return co_await settle(lane, key, *event, "Success", &*result, config, *function);
  auto retry = event->attempts - 1;
  if (retry < std::uint64_t(config.maximum_retries) && !limits_.retry_delays.empty()) {
    auto delay = limits_.retry_delays[std::min<std::size_t>(retry, limits_.retry_delays.size() - 1)];
    if (now() + delay.count() <= event->accepted + age_limit) {
      put_back(lane, key, *event, delay);
      co_return;
    }
  }
  co_await settle(lane, key, *event, "RetriesExhausted", &*result, config, *function);
}

void AsyncQueue::put_back(Lane& lane, const std::string& key, const AsyncEvent& event,
                          std::chrono::milliseconds delay) {
  Batch batch;
  batch.remove(key);
  // Not where the function went away meanwhile: a new one of that name must not get its events.
  if (state_.store().get(key)) batch.put(new_key(lane.region, lane.name, now() + delay.count()), encode(event));
  if (auto applied = state_.store().apply(std::move(batch)); !applied)
    log(LogLevel::error, "the store failed", {{"error", applied.error().message}});
}

Task<void> AsyncQueue::settle(Lane& lane, std::string key, AsyncEvent event, std::string condition,
                              const InvocationResult* result, InvokeConfig config, Function function) {
  bool is_success = condition == "Success";
  std::string version = event.qualifier.empty() ? "$LATEST" : event.qualifier;
  std::string arn = state_.arn(lane.region, {lane.name, version});
  std::string target = is_success ? config.on_success : config.on_failure;
  Source source = acting_for(environment_, function);
  std::string error_message = result ? result->error_message : "The event's maximum age was reached.";
  if (!target.empty()) {
    auto record = destination_record(event, arn, condition, result, environment_.clock.now());
    Enqueue enqueue = [this](std::string to, std::string payload) -> Task<Outcome<void>> {
      auto region = region_of_arn(to);
      auto name = parse_function_name(to, region, environment_.account);
      if (!name) co_return refuse(name.error());
      if (auto found = state_.resolve(region, *name); !found) co_return refuse(found.error());
      AsyncEvent next{.request_id = random_uuid(), .payload = std::move(payload)};
      co_return co_await add(region, *name, std::move(next));
    };
    auto sent = co_await send_record(environment_, enqueue, target, source, std::move(record));
    if (!sent)
      log(LogLevel::warning, "a destination refused a record",
          {{"destination", target}, {"error", sent.error().message}});
  }
  if (!is_success && !function.dead_letter_arn.empty()) {
    auto sent = co_await send_dead_letter(environment_, function.dead_letter_arn, source, event, error_message);
    if (!sent)
      log(LogLevel::warning, "a dead-letter target refused an event",
          {{"target", function.dead_letter_arn}, {"error", sent.error().message}});
  }
  Batch batch;
  batch.remove(key);
  if (auto applied = state_.store().apply(std::move(batch)); !applied)
    log(LogLevel::error, "the store failed", {{"error", applied.error().message}});
}

Task<void> AsyncQueue::stop() {
  is_stopping_ = true;
  for (auto& [_, lane] : lanes_) lane->bell.ring_all();
  co_await tasks_.drain();
}

}  // namespace ads::cloud::lambda
