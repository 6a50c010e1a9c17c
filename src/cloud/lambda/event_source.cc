#include "cloud/lambda/event_source.h"

#include "base/ids.h"
#include "base/log.h"
#include "cloud/lambda/access.h"
#include "cloud/lambda/event_filter.h"

namespace ads::cloud::lambda {

namespace {
constexpr auto kLongPoll = std::chrono::milliseconds(20'000);
// After the queue refused (deleted, say): it may come back.
constexpr auto kAfterRefusal = std::chrono::milliseconds(5'000);
constexpr std::size_t kRemovedAtOnce = 10;
}  // namespace

void EventSources::start() {
  for (auto& mapping : all_mappings(state_, ""))
    if (mapping.is_enabled) launch(std::move(mapping));
}

void EventSources::launch(Mapping mapping) {
  auto poller = std::make_shared<Poller>(environment_.executor, std::move(mapping));
  for (auto& text : poller->mapping.filters)
    if (auto pattern = parse_event_pattern(text)) poller->filters.push_back(std::move(*pattern));
  pollers_[poller->mapping.uuid] = poller;
  poller->task.spawn("event source mapping", poll(poller));
}

Task<void> EventSources::refresh(std::string region, std::string uuid) {
  if (auto running = pollers_.extract(uuid)) {
    running.mapped()->is_stopping = true;
    running.mapped()->freed.ring_all();
    co_await running.mapped()->task.stop();
  }
  auto mapping = find_mapping(state_, region, uuid);
  if (mapping && mapping->is_enabled && environment_.queues && !pollers_.contains(uuid)) launch(std::move(*mapping));
}

Task<void> EventSources::stop() {
  auto pollers = std::move(pollers_);
  pollers_.clear();
  for (auto& [_, poller] : pollers) {
    poller->is_stopping = true;
    co_await poller->task.stop();
  }
  co_await batches_.drain();
}

std::string EventSources::last_result(const std::string& uuid) const {
  auto found = pollers_.find(uuid);
  return found == pollers_.end() ? "No records processed" : found->second->last_result;
}

Task<void> EventSources::poll(Shared poller) {
  auto& mapping = poller->mapping;
  std::size_t most = mapping.maximum_concurrency ? *mapping.maximum_concurrency : limits_.event_source_batches;
  while (!poller->is_stopping) {
    // A message's visibility timeout runs from its receipt: none is taken before there is somebody to give it to.
    if (poller->running >= most) {
      co_await poller->freed.wait();
      continue;
    }
    if (!co_await pool_.wait_for_room(mapping.region, mapping.function.name, Steady::now() + kLongPoll)) continue;
    if (auto allowed = may_poll(mapping); !allowed) {
      poller->last_result = "PROBLEM: " + allowed.error().message;
      co_await poller->freed.wait_until(Steady::now() + kAfterRefusal);
      continue;
    }
    auto batch = co_await gather(poller);
    if (batch.empty()) continue;
    ++poller->running;
    batches_.spawn("event source batch", process(poller, std::move(batch)));
  }
}

// The role's policies may have changed since the mapping was made.
Outcome<void> EventSources::may_poll(const Mapping& mapping) {
  auto function = state_.resolve(mapping.region, mapping.function);
  if (!function) return {};  // said when there is a batch for it
  return check_source_permissions(environment_, *function, mapping.queue_arn);
}

// Messages until the batch is full, the window is over or the event would be too large; those that a filter drops are
// removed from the queue on the way.
Task<std::vector<ReceivedMessage>> EventSources::gather(Shared poller) {
  auto& mapping = poller->mapping;
  std::vector<ReceivedMessage> batch;
  std::size_t bytes = 0;
  auto window_end = Steady::time_point::max();  // the window opens with the first message
  for (;;) {
    int wanted = std::min<int>(10, mapping.batch_size - static_cast<int>(batch.size()));
    auto left =
        batch.empty() ? kLongPoll : std::chrono::duration_cast<std::chrono::milliseconds>(window_end - Steady::now());
    auto received =
        co_await environment_.queues->receive(mapping.queue_arn, wanted, std::max(left, std::chrono::milliseconds(0)));
    if (!received) {
      poller->last_result = "PROBLEM: " + received.error().message;
      if (batch.empty()) co_await sleep_for(kAfterRefusal);
      co_return batch;
    }
    std::vector<std::string> filtered;
    bool is_full = false;
    for (auto& message : *received) {
      auto record = queue_record(message, mapping.queue_arn, mapping.region);
      if (!passes(poller->filters, record)) {
        filtered.push_back(message.receipt_handle);
        continue;
      }
      std::size_t size = json::serialize(record).size() + 1;
      if (!batch.empty() && bytes + size + 16 > kEventLimit) {
        // Back to the queue at once, for the next batch.
        is_full = true;
        auto released = co_await environment_.queues->change_visibility(mapping.queue_arn, message.receipt_handle,
                                                                        std::chrono::seconds(0));
        if (!released) log(LogLevel::warning, "a message was not released", {{"error", released.error().message}});
        continue;
      }
      bytes += size;
      batch.push_back(std::move(message));
    }
    if (!filtered.empty()) co_await remove(mapping, std::move(filtered));
    if (batch.empty()) {
      if (poller->is_stopping) co_return batch;
      continue;
    }
    if (window_end == Steady::time_point::max()) window_end = Steady::now() + std::chrono::seconds(mapping.window);
    if (is_full || static_cast<int>(batch.size()) >= mapping.batch_size || Steady::now() >= window_end) co_return batch;
  }
}

Task<void> EventSources::process(Shared poller, std::vector<ReceivedMessage> batch) {
  co_await run_batch(*poller, std::move(batch));
  --poller->running;
  poller->freed.ring_all();
}

Task<void> EventSources::run_batch(Poller& poller, std::vector<ReceivedMessage> batch) {
  auto& mapping = poller.mapping;
  auto function = state_.resolve(mapping.region, mapping.function);
  if (!function) {
    poller.last_result = "PROBLEM: Function not found";
    co_return;
  }
  // {"Records":[...]}
  json::array records;
  for (auto& message : batch) records.push_back(queue_record(message, mapping.queue_arn, mapping.region));
  Invocation invocation{.request_id = random_uuid(),
                        .payload = json::serialize(json::object{{"Records", std::move(records)}}),
                        .function_arn = state_.arn(mapping.region, mapping.function)};
  // A batch waits for room only as long as its messages surely stay hidden.
  auto attributes = environment_.queues->attributes(mapping.queue_arn);
  long visibility = attributes && attributes->contains("VisibilityTimeout")
                        ? std::atol(attributes->at("VisibilityTimeout").c_str())
                        : 30;
  auto patience = std::chrono::seconds(std::max(1L, visibility - function->timeout));
  auto result = co_await pool_.invoke(*function, std::move(invocation), Pool::until(Steady::now() + patience));
  if (!result) {
    // Throttled: the messages come back after their visibility timeout, as AWS leaves them.
    poller.last_result = "PROBLEM: " + result.error().message;
    co_return;
  }
  if (!result->is_success()) {
    poller.last_result = "PROBLEM: Function call failed";
    co_return;
  }
  auto verdict = mapping.reports_item_failures ? judge_item_failures(batch, result->payload) : judge_success(batch);
  poller.last_result = verdict.has_failures ? "PROBLEM: Function call failed" : "OK";
  co_await remove(mapping, std::move(verdict.to_remove));
}

Task<void> EventSources::remove(const Mapping& mapping, std::vector<std::string> handles) {
  std::string queue_arn = mapping.queue_arn;
  for (std::size_t at = 0; at < handles.size(); at += kRemovedAtOnce) {
    std::vector<std::string> some(handles.begin() + at,
                                  handles.begin() + std::min(handles.size(), at + kRemovedAtOnce));
    auto removed = co_await environment_.queues->remove(queue_arn, std::move(some));
    if (!removed)
      log(LogLevel::warning, "messages were not removed", {{"queue", queue_arn}, {"error", removed.error().message}});
  }
}

}  // namespace ads::cloud::lambda
