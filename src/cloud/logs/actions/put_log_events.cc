#include "base/ids.h"
#include "cloud/logs/actions/actions.h"
#include "cloud/logs/embedded_metrics.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

namespace {
constexpr std::uint64_t kHour = 3'600'000, kDay = 24 * kHour;
constexpr std::size_t kMostEvents = 10'000, kMostBytes = 1'048'576, kEventOverhead = 26;
}  // namespace

void forward_metrics(Environment& environment, const std::string& region, const std::vector<LogEvent>& events) {
  if (!environment.metrics) return;
  std::vector<MetricDatum> data;
  for (auto& event : events)
    for (auto& datum : embedded_metrics(event.message, event.time)) data.push_back(std::move(datum));
  if (!data.empty()) environment.metrics->record(region, std::move(data));
}

Reply put_log_events(Scope& scope, const json::object& input) {
  auto* list = get_array(input, "logEvents");
  if (!list || list->empty())
    return refuse(invalid_member("logEvents", "[]", "Member must have length greater than or equal to 1"));
  if (list->size() > kMostEvents)
    return refuse(invalid_member("logEvents", "[...]", "Member must have length less than or equal to 10000"));
  auto stream_name = checked_name(input, "logStreamName");
  if (!stream_name) return refuse(stream_name.error());
  auto group = named_group(scope, input);
  if (!group) return refuse(group.error());
  auto stream = scope.state.find_stream(*group, *stream_name);
  if (!stream) return refuse(stream_not_found());

  // What is too old, too new or past retention is dropped and told; the rest is stored.
  std::uint64_t now = scope.state.now(), expired_before = scope.state.oldest_kept(*group);
  std::uint64_t too_old_before = now > 14 * kDay ? now - 14 * kDay : 0, too_new_after = now + 2 * kHour;
  std::vector<LogEvent> events;
  json::object rejected;
  std::size_t bytes = 0;
  std::uint64_t previous = 0, first_kept = 0;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto* event = (*list)[i].if_object();
    auto message = event ? get_string(*event, "message") : std::nullopt;
    auto given = event ? get_integer(*event, "timestamp") : std::nullopt;
    std::string member = fmt::format("logEvents.{}.member", i + 1);
    if (!message || message->empty())
      return refuse(invalid_member(member + ".message", "", "Member must have length greater than or equal to 1"));
    if (!given || *given < 0)
      return refuse(invalid_member(member + ".timestamp", given ? std::to_string(*given) : "null",
                                   "Member must have value greater than or equal to 0"));
    std::uint64_t time = *given;
    if (message->size() + kEventOverhead > kMostBytes)
      return refuse(invalid_parameter(fmt::format("Log event too large: {} bytes exceeds limit of {}",
                                                  message->size() + kEventOverhead, kMostBytes)));
    bytes += message->size() + kEventOverhead;
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
    events.push_back({SystemTime(std::chrono::milliseconds(time)), std::string(*message)});
  }
  if (bytes > kMostBytes)
    return refuse(invalid_parameter(fmt::format("Upload too large: {} bytes exceeds limit of {}", bytes, kMostBytes)));
  if (!events.empty()) {
    if (auto stored = scope.state.append(*group, *stream, events); !stored) return disk_failed(stored.error());
    forward_metrics(scope.environment, scope.region, events);
  }
  json::object reply{{"nextSequenceToken", "4966" + std::to_string(now)}};  // AWS sends one still, and ignores it
  if (!rejected.empty()) reply["rejectedLogEventsInfo"] = std::move(rejected);
  return reply;
}

}  // namespace ads::cloud::logs
