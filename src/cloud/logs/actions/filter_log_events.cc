#include <set>

#include "cloud/logs/actions.h"
#include "cloud/logs/errors.h"
#include "cloud/logs/filter_pattern.h"

namespace ads::cloud::logs {

namespace {

constexpr std::size_t kPageBytes = 1'048'576;
// Events looked at in one call: a page may be partial or empty and still have a nextToken, as AWS's may.
constexpr std::size_t kMostLookedAt = 50'000;

std::string token_of(Position position) {
  return fmt::format("{:020}{:020}", position.time, position.sequence);
}

std::optional<Position> parse_token(std::string_view token) {
  if (token.size() != 40) return {};
  for (char c : token)
    if (c < '0' || c > '9') return {};
  return Position{std::strtoull(std::string(token.substr(0, 20)).c_str(), nullptr, 10),
                  std::strtoull(std::string(token.substr(20)).c_str(), nullptr, 10)};
}

}  // namespace

Reply filter_log_events(Context& context, const json::object& input) {
  const auto limit = limit_of(input, 10'000);
  const auto names = texts(input, "logStreamNames");
  const std::set<std::string, std::less<>> wanted(names.begin(), names.end());
  if (!wanted.empty() && input.contains("logStreamNamePrefix"))
    return refuse(
        invalid_parameter("Exactly one of logStreamNames or logStreamNamePrefix may be specified, but not both."));
  auto prefix = get_string(input, "logStreamNamePrefix").value_or("");
  auto filter = parse_filter_pattern(text(input, "filterPattern"));
  if (!filter) return refuse(filter.error());
  auto group = named_group(context, input);
  if (!group) return refuse(group.error());
  for (auto& name : wanted)
    if (!context.state.find_stream(*group, name)) return refuse(stream_not_found());

  // Both ends are included.
  Position after = kFirstPosition, before = kLastPosition;
  if (auto start = get_integer(input, "startTime"); start && *start > 0) after = {std::uint64_t(*start), 0};
  if (auto end = get_integer(input, "endTime"); end && *end >= 0) before = {std::uint64_t(*end) + 1, 0};
  if (auto token = get_string(input, "nextToken")) {
    auto parsed = parse_token(*token);
    if (!parsed) return refuse(invalid_parameter("The specified nextToken is invalid."));
    after = std::max(after, *parsed);
  }

  json::array events;
  std::size_t bytes = 0, looked_at = 0;
  std::optional<Position> stopped_after;
  Position last = after;
  // One stream alone is read through its own index.
  std::string one = wanted.size() == 1 ? *wanted.begin() : "";
  context.state.walk(*group, one, after, before, ScanOrder::ascending, [&](const StoredEvent& event) {
    bool is_full = events.size() == limit || looked_at == kMostLookedAt ||
                   (!events.empty() && bytes + event.message.size() > kPageBytes);
    if (is_full) {
      stopped_after = last;
      return false;
    }
    last = event.position;
    ++looked_at;
    if (!wanted.empty() && !wanted.contains(event.stream)) return true;
    if (!event.stream.starts_with(prefix) || !(*filter)(event.message)) return true;
    bytes += event.message.size() + 26;
    events.push_back({{"logStreamName", event.stream},
                      {"timestamp", event.position.time},
                      {"message", event.message},
                      {"ingestionTime", event.ingested},
                      {"eventId", fmt::format("{:020}{:036}", event.position.time, event.position.sequence)}});
    return true;
  });
  json::object reply{{"events", std::move(events)}, {"searchedLogStreams", json::array{}}};
  if (stopped_after) reply["nextToken"] = token_of(*stopped_after);
  return reply;
}

}  // namespace ads::cloud::logs
