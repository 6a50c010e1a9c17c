#include "aws/logs/client.h"

#include "aws/services.h"

namespace ads::aws::logs {
namespace {

std::string member(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}

Text optional_member(const json::object& object, std::string_view name) {
  auto value = get_string(object, name);
  return value && !value->empty() ? Text(std::string(*value)) : std::nullopt;
}

// Times are milliseconds since the epoch.
std::optional<SystemTime> time_of(const json::object& object, std::string_view name) {
  auto value = get_integer(object, name);
  return value ? std::optional(SystemTime(std::chrono::milliseconds(*value))) : std::nullopt;
}

void set_if(json::object& out, std::string_view name, const Text& text) {
  if (text) out[name] = *text;
}
void set_if(json::object& out, std::string_view name, const std::optional<int>& number) {
  if (number) out[name] = *number;
}
void set_if(json::object& out, std::string_view name, const std::optional<SystemTime>& time) {
  if (time) out[name] = time->time_since_epoch().count();
}

std::vector<LogEvent> events_of(const json::object& body) {
  std::vector<LogEvent> out;
  if (auto* list = get_array(body, "events"))
    for (auto& element : *list)
      if (auto* event = element.if_object())
        out.push_back({time_of(*event, "timestamp").value_or(SystemTime{}), member(*event, "message"),
                       member(*event, "logStreamName"), member(*event, "eventId")});
  return out;
}

}  // namespace

Task<Result<json::object>> Client::call(std::string_view operation, json::object input) const {
  co_return co_await connection_.call_json({kLogs, operation, Protocol::json, std::chrono::seconds(30)},
                                           "Logs_20140328", "1.1", std::move(input));
}

Task<Result<FilterLogEventsOutput>> Client::filter_log_events(FilterLogEventsInput input) const {
  json::object wire{{"logGroupName", input.group}};
  if (!input.streams.empty()) {
    json::array streams;
    for (auto& stream : input.streams) streams.emplace_back(stream);
    wire["logStreamNames"] = std::move(streams);
  }
  set_if(wire, "logStreamNamePrefix", input.stream_prefix);
  set_if(wire, "filterPattern", input.pattern);
  set_if(wire, "nextToken", input.next_token);
  set_if(wire, "startTime", input.start);
  set_if(wire, "endTime", input.end);
  set_if(wire, "limit", input.limit);
  auto body = co_await call("FilterLogEvents", std::move(wire));
  if (!body) co_return fail(body.error());
  co_return FilterLogEventsOutput{events_of(*body), optional_member(*body, "nextToken")};
}

Task<Result<DescribeLogStreamsOutput>> Client::describe_log_streams(DescribeLogStreamsInput input) const {
  json::object wire{{"logGroupName", input.group}};
  set_if(wire, "logStreamNamePrefix", input.prefix);
  set_if(wire, "nextToken", input.next_token);
  set_if(wire, "limit", input.limit);
  if (input.order == StreamOrder::newest_event_first) {
    wire["orderBy"] = "LastEventTime";
    wire["descending"] = true;
  }
  auto body = co_await call("DescribeLogStreams", std::move(wire));
  if (!body) co_return fail(body.error());
  DescribeLogStreamsOutput out;
  if (auto* list = get_array(*body, "logStreams"))
    for (auto& element : *list)
      if (auto* stream = element.if_object())
        out.streams.push_back({member(*stream, "logStreamName"), time_of(*stream, "firstEventTimestamp"),
                               time_of(*stream, "lastEventTimestamp")});
  out.next_token = optional_member(*body, "nextToken");
  co_return out;
}

Task<Result<GetLogEventsOutput>> Client::get_log_events(GetLogEventsInput input) const {
  json::object wire{{"logGroupName", input.group}, {"logStreamName", input.stream}};
  set_if(wire, "nextToken", input.next_token);
  set_if(wire, "startTime", input.start);
  set_if(wire, "endTime", input.end);
  set_if(wire, "limit", input.limit);
  if (input.from == ReadFrom::head) wire["startFromHead"] = true;
  auto body = co_await call("GetLogEvents", std::move(wire));
  if (!body) co_return fail(body.error());
  co_return GetLogEventsOutput{events_of(*body), member(*body, "nextForwardToken"), member(*body, "nextBackwardToken")};
}

}  // namespace ads::aws::logs
