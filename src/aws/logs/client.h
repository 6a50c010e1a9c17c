// CloudWatch Logs' client over its JSON protocol (docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "aws/connection.h"
#include "base/clock.h"

namespace ads::aws::logs {

using Text = std::optional<std::string>;

struct LogEvent {
  SystemTime time;
  std::string message;
  std::string stream;    // filter_log_events only
  std::string event_id;  // filter_log_events only
};

struct FilterLogEventsInput {
  std::string group;
  std::vector<std::string> streams;
  Text stream_prefix, pattern, next_token;
  std::optional<SystemTime> start, end;
  std::optional<int> limit;  // 10,000 at most
};
struct FilterLogEventsOutput {
  std::vector<LogEvent> events;
  Text next_token;  // nothing: this was the last page
};

enum class StreamOrder { name, newest_event_first };
struct DescribeLogStreamsInput {
  std::string group;
  Text prefix, next_token;
  StreamOrder order = StreamOrder::name;
  std::optional<int> limit;  // 50 at most
};
struct LogStream {
  std::string name;
  std::optional<SystemTime> first_event, last_event;
};
struct DescribeLogStreamsOutput {
  std::vector<LogStream> streams;
  Text next_token;
};

enum class ReadFrom { tail, head };
struct GetLogEventsInput {
  std::string group, stream;
  Text next_token;
  std::optional<SystemTime> start, end;
  ReadFrom from = ReadFrom::tail;
  std::optional<int> limit;
};
struct GetLogEventsOutput {
  std::vector<LogEvent> events;
  std::string next_forward_token, next_backward_token;  // the same token as before: there is nothing further
};

// Errors are the wire's: not_found / "ResourceNotFoundException", invalid / "InvalidParameterException", ...
class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}
  Task<Result<FilterLogEventsOutput>> filter_log_events(FilterLogEventsInput input) const;
  Task<Result<DescribeLogStreamsOutput>> describe_log_streams(DescribeLogStreamsInput input) const;
  Task<Result<GetLogEventsOutput>> get_log_events(GetLogEventsInput input) const;

 private:
  Task<Result<json::object>> call(std::string_view operation, json::object input) const;
  Connection& connection_;
};

}  // namespace ads::aws::logs
