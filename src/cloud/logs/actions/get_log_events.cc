#include "cloud/logs/actions.h"
#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

namespace {

constexpr std::size_t kPageBytes = 1'048'576;

// "f/<20 digits of time><20 digits of sequence>/s": after that event, forwards; "b/...": before it, backwards.
std::string token_of(char direction, Position position) {
  return fmt::format("{}/{:020}{:020}/s", direction, position.time, position.sequence);
}

std::optional<std::pair<char, Position>> parse_token(std::string_view token) {
  if (token.size() != 44 || (token[0] != 'f' && token[0] != 'b') || token[1] != '/' || !token.ends_with("/s"))
    return {};
  for (char c : token.substr(2, 40))
    if (c < '0' || c > '9') return {};
  Position position{std::strtoull(std::string(token.substr(2, 20)).c_str(), nullptr, 10),
                    std::strtoull(std::string(token.substr(22, 20)).c_str(), nullptr, 10)};
  return std::pair{token[0], position};
}

}  // namespace

Reply get_log_events(Context& context, const json::object& input) {
  auto group = named_group(context, input);
  if (!group) return refuse(group.error());
  const auto name = text(input, "logStreamName");
  if (!context.state.find_stream(*group, name)) return refuse(stream_not_found());
  const auto limit = limit_of(input, 10'000);

  // startTime is included, endTime is not.
  Position after = kFirstPosition, before = kLastPosition;
  if (auto start = get_integer(input, "startTime"); start && *start > 0) after = {std::uint64_t(*start), 0};
  if (auto end = get_integer(input, "endTime"); end && *end >= 0) before = {std::uint64_t(*end), 0};
  bool is_forward = get_bool(input, "startFromHead").value_or(false);
  if (auto token = get_string(input, "nextToken")) {
    auto parsed = parse_token(*token);
    if (!parsed) return refuse(invalid_parameter("The specified nextToken is invalid."));
    is_forward = parsed->first == 'f';
    if (is_forward)
      after = std::max(after, parsed->second);
    else
      before = std::min(before, parsed->second);
  }

  std::vector<StoredEvent> events;
  std::size_t bytes = 0;
  context.state.walk(*group, name, after, before, is_forward ? ScanOrder::ascending : ScanOrder::descending,
                     [&](const StoredEvent& event) {
                       bytes += event.message.size() + 26;
                       if (!events.empty() && bytes > kPageBytes) return false;
                       events.push_back(event);
                       return events.size() < limit;
                     });
  if (!is_forward) std::reverse(events.begin(), events.end());

  // At an end of the stream the token of that direction stays what it was.
  Position first = events.empty() ? (is_forward ? after : before) : events.front().position;
  Position last = events.empty() ? (is_forward ? after : before) : events.back().position;
  if (events.empty() && before == kLastPosition && !is_forward) first = last = after;
  json::array list;
  for (auto& event : events)
    list.push_back({{"timestamp", event.position.time}, {"message", event.message}, {"ingestionTime", event.ingested}});
  return json::object{{"events", std::move(list)},
                      {"nextForwardToken", token_of('f', last)},
                      {"nextBackwardToken", token_of('b', first)}};
}

}  // namespace ads::cloud::logs
