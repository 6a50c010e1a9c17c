// CreateLogStream, DeleteLogStream, DescribeLogStreams.
#include "cloud/logs/actions.h"
#include "cloud/logs/errors.h"
#include "cloud/logs/keys.h"

namespace ads::cloud::logs {

Reply create_log_stream(Context& context, const json::object& input) {
  auto group = named_group(context, input);
  if (!group) return refuse(group.error());
  const auto name = text(input, "logStreamName");
  if (context.state.find_stream(*group, name)) return refuse(stream_exists());
  Stream stream{.name = name, .created = context.state.now()};
  Batch batch;
  context.state.put_stream(batch, *group, stream);
  return apply(context, std::move(batch));
}

Reply delete_log_stream(Context& context, const json::object& input) {
  auto group = named_group(context, input);
  if (!group) return refuse(group.error());
  const auto name = text(input, "logStreamName");
  if (!context.state.find_stream(*group, name)) return refuse(stream_not_found());
  if (auto removed = context.state.remove_stream(*group, name); !removed)
    return refuse(internal_failure(removed.error()));
  return json::object{};
}

namespace {

json::object describe(const Context& context, const Group& group, const Stream& stream) {
  json::object entry{{"logStreamName", stream.name},
                     {"creationTime", stream.created},
                     {"arn", group_arn(context, group) + ":log-stream:" + stream.name},
                     {"storedBytes", 0}};  // AWS answers 0 for every stream since 2019
  if (stream.first) entry["firstEventTimestamp"] = *stream.first;
  if (stream.last) entry["lastEventTimestamp"] = *stream.last;
  if (stream.ingested) entry["lastIngestionTime"] = stream.ingested;
  entry["uploadSequenceToken"] = group.id + std::to_string(stream.ingested);
  return entry;
}

// A page by the last event's time: the whole group's streams are looked at, a page of them is kept.
Reply by_last_event(Context& context, const Group& group, std::size_t limit, ScanOrder order, std::string_view token) {
  using Place = std::pair<std::uint64_t, std::string>;
  std::optional<Place> after;
  if (!token.empty()) {
    auto slash = token.find('/');
    if (slash == std::string_view::npos) return refuse(invalid_parameter("The specified nextToken is invalid."));
    after = Place{std::strtoull(std::string(token).c_str(), nullptr, 10), token.substr(slash + 1)};
  }
  std::map<Place, Stream> page;
  bool is_descending = order == ScanOrder::descending, is_more = false;
  std::string prefix = stream_prefix(group.id);
  for (auto cursor = context.state.store().scan_prefix(prefix); cursor.valid(); cursor.next()) {
    std::string_view rest = cursor.key().substr(prefix.size());
    auto name = take_text(rest);
    auto stream = name ? State::read_stream(*name, cursor.value()) : std::nullopt;
    if (!stream) continue;
    Place place{stream->last.value_or(0), stream->name};
    if (after && (is_descending ? place >= *after : place <= *after)) continue;
    page.emplace(place, std::move(*stream));
    if (page.size() > limit) {
      page.erase(is_descending ? page.begin() : std::prev(page.end()));
      is_more = true;
    }
  }
  json::array streams;
  auto add = [&](const Place&, const Stream& stream) { streams.push_back(describe(context, group, stream)); };
  Place last;
  if (is_descending) {
    for (auto entry = page.rbegin(); entry != page.rend(); ++entry)
      add(entry->first, entry->second), last = entry->first;
  } else {
    for (auto& [place, stream] : page) add(place, stream), last = place;
  }
  json::object reply{{"logStreams", std::move(streams)}};
  if (is_more) reply["nextToken"] = std::to_string(last.first) + "/" + last.second;
  return reply;
}

}  // namespace

Reply describe_log_streams(Context& context, const json::object& input) {
  auto group = named_group(context, input);
  if (!group) return refuse(group.error());
  const auto limit = limit_of(input, 50);
  auto wanted = get_string(input, "logStreamNamePrefix").value_or("");
  auto order = get_bool(input, "descending").value_or(false) ? ScanOrder::descending : ScanOrder::ascending;
  auto order_by = get_string(input, "orderBy").value_or("LogStreamName");
  auto token = get_string(input, "nextToken").value_or("");
  if (order_by == "LastEventTime") {
    if (!wanted.empty()) return refuse(invalid_parameter("Cannot order by LastEventTime with a logStreamNamePrefix."));
    return by_last_event(context, *group, limit, order, token);
  }
  std::string prefix = stream_prefix(group->id);
  std::string from = prefix + std::string(wanted), to = wanted.empty() ? after_prefix(prefix) : after_prefix(from);
  if (!token.empty()) {
    if (order == ScanOrder::ascending)
      from = stream_key(group->id, token) + '\0';
    else
      to = stream_key(group->id, token);
  }
  json::array streams;
  std::string last;
  bool is_more = false;
  for (auto cursor = context.state.store().scan(from, to, order); cursor.valid(); cursor.next()) {
    std::string_view rest = cursor.key().substr(prefix.size());
    auto name = take_text(rest);
    auto stream = name ? State::read_stream(*name, cursor.value()) : std::nullopt;
    if (!stream) continue;
    if (streams.size() == limit) {
      is_more = true;
      break;
    }
    streams.push_back(describe(context, *group, *stream));
    last = stream->name;
  }
  json::object reply{{"logStreams", std::move(streams)}};
  if (is_more) reply["nextToken"] = last;
  return reply;
}

}  // namespace ads::cloud::logs
