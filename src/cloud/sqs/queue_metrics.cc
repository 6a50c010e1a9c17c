#include "cloud/sqs/queue_metrics.h"

#include "base/log.h"
#include "cloud/sqs/service.h"

namespace ads::cloud::sqs {
namespace {

constexpr std::chrono::minutes kMinute{1};
constexpr Millis kActive = 6 * 60 * 60 * 1000;

// ("sqs", "active", REGION, NAME): nothing; that queue was active. Written when it begins, removed when it ends.
std::string active_prefix() {
  std::string key;
  append_text(key, "sqs");
  append_text(key, "active");
  return key;
}

std::string active_key(const Definition& definition) {
  auto key = active_prefix();
  append_text(key, definition.region);
  append_text(key, definition.name);
  return key;
}

void write(Store& store, Batch batch) {
  if (batch.empty()) return;
  if (auto applied = store.apply(std::move(batch)); !applied)
    log(LogLevel::error, "the list of active queues could not be written", {{"error", applied.error().message}});
}

}  // namespace

QueueMetrics::QueueMetrics(Service& sqs)
    : sqs_(sqs), bell_(sqs.environment().executor), tasks_(sqs.environment().executor) {}

void QueueMetrics::start() {
  if (sqs_.environment().metrics != nullptr) tasks_.spawn("queue metrics", run());
}

Task<void> QueueMetrics::stop() {
  co_await tasks_.stop();
}

void QueueMetrics::used(const QueuePointer& queue) {
  auto& activity = queue->activity();
  activity.used = sqs_.now();
  if (activity.is_listed) return;
  activity.is_listed = true;
  active_.push_back(queue);
  Batch batch;
  batch.put(active_key(queue->definition()), "");
  write(sqs_.environment().store, std::move(batch));
  bell_.ring_all();
}

void QueueMetrics::load() {
  const auto prefix = active_prefix();
  for (auto cursor = sqs_.environment().store.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto region = take_text(rest), name = take_text(rest);
    const auto queue = name ? sqs_.queues().find(*region, *name) : nullptr;
    if (queue) used(queue);
  }
}

Task<void> QueueMetrics::run() {
  // The start of the cloud is not the moment to open queues: at the first minute's end is soon enough.
  bool is_loaded = !sqs_.environment().store.scan_prefix(active_prefix()).valid();
  for (;;) {
    if (is_loaded && active_.empty()) {
      co_await bell_.wait();
      continue;
    }
    const auto now = sqs_.environment().clock.now();
    const SystemTime end(std::chrono::floor<std::chrono::minutes>(now) + kMinute);
    co_await sleep_for(end - now);
    if (!is_loaded) load();
    is_loaded = true;
    publish(sqs_.environment().clock.now());
  }
}

void QueueMetrics::publish(SystemTime now) {
  const SystemTime minute(std::chrono::floor<std::chrono::minutes>(now) - kMinute);
  const Millis at = now.time_since_epoch().count();
  Batch ended;
  std::erase_if(active_, [&](const QueuePointer& queue) {
    auto& activity = queue->activity();
    const bool is_over = queue->is_deleted() || (activity.used + kActive < at && queue->oldest_sent() == std::nullopt);
    if (!is_over) return false;
    activity.is_listed = false;
    ended.remove(active_key(queue->definition()));
    return true;
  });
  write(sqs_.environment().store, std::move(ended));
  for (const auto& queue : active_) {
    sqs_.all_attributes(*queue);  // what is due comes back first
    auto& activity = queue->activity();
    const auto oldest = queue->oldest_sent();
    std::vector<MetricDatum> data;
    const auto add = [&](const char* name, double value, const char* unit) {
      data.push_back({"AWS/SQS", name, {{"QueueName", queue->definition().name}}, value, unit, minute});
    };
    add("ApproximateNumberOfMessagesVisible", static_cast<double>(queue->ready()), "Count");
    add("ApproximateNumberOfMessagesNotVisible", static_cast<double>(queue->held()), "Count");
    add("ApproximateNumberOfMessagesDelayed", static_cast<double>(queue->delayed()), "Count");
    add("ApproximateAgeOfOldestMessage", oldest ? static_cast<double>(std::max<Millis>(0, at - *oldest) / 1000) : 0.0,
        "Seconds");
    add("NumberOfMessagesSent", static_cast<double>(activity.sent), "Count");
    add("NumberOfMessagesReceived", static_cast<double>(activity.received), "Count");
    add("NumberOfMessagesDeleted", static_cast<double>(activity.deleted), "Count");
    add("NumberOfEmptyReceives", static_cast<double>(activity.empty_receives), "Count");
    activity.sent = activity.received = activity.deleted = activity.empty_receives = 0;
    sqs_.environment().metrics->record(queue->definition().region, std::move(data));
  }
}

}  // namespace ads::cloud::sqs
