#include "base/ids.h"
#include "cloud/logs/actions.h"
#include "cloud/logs/embedded_metrics.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

namespace {
constexpr std::uint64_t kHour = 3'600'000, kDay = 24 * kHour;
constexpr std::size_t kMostBytes = 1'048'576, kEventOverhead = 26;
}  // namespace

void forward_metrics(Environment& environment, const std::string& region, const std::vector<LogEvent>& events) {
  if (!environment.metrics) return;
  std::vector<MetricDatum> data;
  for (auto& event : events)
    for (auto& datum : embedded_metrics(event.message, event.time)) data.push_back(std::move(datum));
  if (!data.empty()) environment.metrics->record(region, std::move(data));
}

Reply put_log_events(Context& context, const json::object& input) {
  const auto* list = get_array(input, "logEvents");
  const auto stream_name = text(input, "logStreamName");
  auto group = named_group(context, input);
  if (!group) return refuse(group.error());
  auto stream = context.state.find_stream(*group, stream_name);
  if (!stream) return refuse(stream_not_found());

  // What is too old, too new or past retention is dropped and reported; the rest is stored.
  std::uint64_t now = context.state.now(), expired_before = context.state.oldest_kept(*group);
  std::uint64_t too_old_before = now > 14 * kDay ? now - 14 * kDay : 0, too_new_after = now + 2 * kHour;
  std::vector<LogEvent> events;
  json::object rejected;
  std::size_t bytes = 0;
  std::uint64_t previous = 0, first_kept = 0;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& event = (*list)[i].as_object();
    const auto message = text(event, "message");
    const auto time = static_cast<std::uint64_t>(get_integer(event, "timestamp").value_or(0));
    if (message.size() + kEventOverhead > kMostBytes)
      return refuse(invalid_parameter(fmt::format("Log event too large: {} bytes exceeds limit of {}",
                                                  message.size() + kEventOverhead, kMostBytes)));
    bytes += message.size() + kEventOverhead;
    if (time < previous)
      return refuse(invalid_parameter("Log events in a single PutLogEvents request must be in chronological order."));
    previous = time;
    if (time > too_new_after) {
      if (!rejected.contains("tooNewLogEventStartIndex")) rejected["tooNewLogEventStartIndex"] = i;
      continue;
    }
    if (time < too_old_before) {
      rejected["tooOldLogEventEndIndex"] = i + 1;
      continue;
    }
    if (time < expired_before) {
      rejected["expiredLogEventEndIndex"] = i + 1;
      continue;
    }
    if (events.empty()) first_kept = time;
    if (time - first_kept > kDay)
      return refuse(invalid_parameter(
          "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."));
    events.push_back({SystemTime(std::chrono::milliseconds(time)), message});
  }
  if (bytes > kMostBytes)
    return refuse(invalid_parameter(fmt::format("Upload too large: {} bytes exceeds limit of {}", bytes, kMostBytes)));
  if (!events.empty()) {
    if (auto stored = context.state.append(*group, *stream, events); !stored)
      return refuse(internal_failure(stored.error()));
    forward_metrics(context.environment, context.region(), events);
  }
  json::object reply{{"nextSequenceToken", "4966" + std::to_string(now)}};  // AWS sends one still, and ignores it
  if (!rejected.empty()) reply["rejectedLogEventsInfo"] = std::move(rejected);
  return reply;
}

}  // namespace ads::cloud::logs
