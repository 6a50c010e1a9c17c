#include "cloud/sns/topic_metrics.h"

namespace ads::cloud::sns {
namespace {

constexpr std::chrono::seconds kDelay{1};

// "arn:aws:sns:REGION:account:NAME"
std::string field_of(const std::string& arn, int index) {
  std::size_t begin = 0;
  while (index-- > 0) begin = arn.find(':', begin) + 1;
  return arn.substr(begin, arn.find(':', begin) - begin);
}

}  // namespace

TopicCounts& TopicMetrics::of(const std::string& topic_arn) {
  if (counts_.empty() && !is_stopped_) tasks_.spawn("topic metrics", write_soon());
  return counts_[topic_arn];
}

Task<void> TopicMetrics::write_soon() {
  co_await sleep_for(kDelay);
  write();
}

void TopicMetrics::write() {
  const auto now = environment_.clock.now();
  for (const auto& [arn, counts] : counts_) {
    std::vector<MetricDatum> data;
    const auto add = [&](const char* name, std::uint64_t count) {
      if (count == 0) return;
      data.push_back({"AWS/SNS", name, {{"TopicName", field_of(arn, 5)}}, static_cast<double>(count), "Count", now});
    };
    add("NumberOfMessagesPublished", counts.published);
    add("NumberOfNotificationsDelivered", counts.delivered);
    add("NumberOfNotificationsFailed", counts.failed);
    if (environment_.metrics != nullptr && !data.empty())
      environment_.metrics->record(field_of(arn, 3), std::move(data));
  }
  counts_.clear();
}

Task<void> TopicMetrics::stop() {
  is_stopped_ = true;
  co_await tasks_.stop();
  write();
}

}  // namespace ads::cloud::sns
