#include "cloud/logs/state.h"

#include <charconv>

#include "base/ids.h"
#include "cloud/logs/keys.h"

namespace ads::cloud::logs {

namespace {

constexpr char kEventFormat = 1;

std::uint64_t milliseconds(SystemTime time) {
  return std::max<std::int64_t>(0, time.time_since_epoch().count());
}

// Byte 1, eight bytes of ingestion time, the stream's name, then the message to the end.
std::string encode_event(std::uint64_t ingested, std::string_view stream, std::string_view message) {
  std::string value(1, kEventFormat);
  append_number(value, ingested);
  append_text(value, stream);
  value += message;
  return value;
}

bool decode_event(std::string_view value, StoredEvent& event) {
  if (value.empty() || value[0] != kEventFormat) return false;
  value.remove_prefix(1);
  auto ingested = take_number(value);
  auto stream = take_text(value);
  if (!ingested || !stream) return false;
  event.ingested = *ingested;
  event.stream = std::move(*stream);
  event.message = value;
  return true;
}

}  // namespace

// Sequences start at the microsecond of construction, so those of a later process follow those of an earlier one.
State::State(Store& store, Clock& clock)
    : store_(store), clock_(clock), next_sequence_(milliseconds(clock.now()) * 1000) {}

std::uint64_t State::now() const {
  return milliseconds(clock_.now());
}

Group State::new_group(std::string name) const {
  Group group;
  group.name = std::move(name);
  group.id = random_hex(16);
  group.created = now();
  return group;
}

std::optional<Group> State::read_group(std::string_view text) {
  auto parsed = parse_json_object(text);
  if (!parsed) return {};
  Group group;
  group.name = get_string(*parsed, "name").value_or("");
  group.id = get_string(*parsed, "id").value_or("");
  group.kms_key_id = get_string(*parsed, "kmsKeyId").value_or("");
  group.log_class = get_string(*parsed, "class").value_or("STANDARD");
  group.created = get_integer(*parsed, "created").value_or(0);
  if (auto days = get_integer(*parsed, "retention")) group.retention_days = static_cast<int>(*days);
  if (auto* tags = get_object(*parsed, "tags"))
    for (auto& [key, value] : *tags) group.tags[key] = value.as_string();
  return group;
}

std::optional<Stream> State::read_stream(std::string_view name, std::string_view text) {
  auto parsed = parse_json_object(text);
  if (!parsed) return {};
  Stream stream;
  stream.name = name;
  stream.created = get_integer(*parsed, "created").value_or(0);
  stream.ingested = get_integer(*parsed, "ingested").value_or(0);
  if (auto first = get_integer(*parsed, "first")) stream.first = *first;
  if (auto last = get_integer(*parsed, "last")) stream.last = *last;
  return stream;
}

std::optional<Group> State::find_group(std::string_view region, std::string_view name) const {
  auto text = store_.get(group_key(region, name));
  return text ? read_group(*text) : std::nullopt;
}

std::optional<Stream> State::find_stream(const Group& group, std::string_view name) const {
  auto text = store_.get(stream_key(group.id, name));
  return text ? read_stream(name, *text) : std::nullopt;
}

std::uint64_t State::stored_bytes(const Group& group) const {
  std::uint64_t bytes = 0;
  if (auto text = store_.get(bytes_key(group.id))) std::from_chars(text->data(), text->data() + text->size(), bytes);
  return bytes;
}

std::uint64_t State::oldest_kept(const Group& group) const {
  if (!group.retention_days) return 0;
  std::uint64_t kept = std::uint64_t(*group.retention_days) * 86'400'000;
  return now() > kept ? now() - kept : 0;
}

void State::put_group(Batch& batch, std::string_view region, const Group& group) const {
  json::object value{{"name", group.name}, {"id", group.id}, {"created", group.created}, {"class", group.log_class}};
  if (!group.kms_key_id.empty()) value["kmsKeyId"] = group.kms_key_id;
  if (group.retention_days) value["retention"] = *group.retention_days;
  json::object tags;
  for (auto& [key, tag] : group.tags) tags[key] = tag;
  value["tags"] = std::move(tags);
  batch.put(group_key(region, group.name), json::serialize(value));
}

void State::put_stream(Batch& batch, const Group& group, const Stream& stream) const {
  json::object value{{"created", stream.created}, {"ingested", stream.ingested}};
  if (stream.first) value["first"] = *stream.first;
  if (stream.last) value["last"] = *stream.last;
  batch.put(stream_key(group.id, stream.name), json::serialize(value));
}

void State::remove_group(Batch& batch, std::string_view region, const Group& group) const {
  batch.remove(group_key(region, group.name));
  for (std::string_view table : {"s", "e", "i", "b"}) {
    std::string prefix = table_prefix(table, group.id);
    batch.remove_range(prefix, after_prefix(prefix));
  }
}

Result<void> State::append(const Group& group, Stream stream, const std::vector<LogEvent>& events) {
  Batch batch;
  std::uint64_t bytes = stored_bytes(group);
  stream.ingested = now();
  for (auto& event : events) {
    std::uint64_t time = milliseconds(event.time), sequence = next_sequence_++;
    batch.put(event_key(group.id, time, sequence), encode_event(stream.ingested, stream.name, event.message));
    batch.put(index_key(group.id, stream.name, time, sequence), "");
    stream.first = std::min(stream.first.value_or(time), time);
    stream.last = std::max(stream.last.value_or(time), time);
    bytes += event.message.size() + 26;  // AWS counts 26 bytes per event
  }
  put_stream(batch, group, stream);
  batch.put(bytes_key(group.id), std::to_string(bytes));
  // Retention is enforced here and there: reads hide what is past it, and an append drops it from disk.
  if (auto oldest = oldest_kept(group)) {
    batch.remove_range(event_prefix(group.id), event_key(group.id, oldest, 0));
    batch.remove_range(index_prefix(group.id, stream.name), index_key(group.id, stream.name, oldest, 0));
  }
  return store_.apply(std::move(batch));
}

Result<void> State::remove_stream(const Group& group, std::string_view stream) {
  constexpr std::size_t kPiece = 5'000;
  for (;;) {
    Batch batch;
    std::size_t count = 0;
    std::string prefix = index_prefix(group.id, stream);
    for (auto cursor = store_.scan_prefix(prefix); cursor.valid() && count < kPiece; cursor.next(), ++count) {
      std::string_view rest = cursor.key().substr(prefix.size());
      auto time = take_number(rest), sequence = take_number(rest);
      if (time && sequence) batch.remove(event_key(group.id, *time, *sequence));
      batch.remove(cursor.key());
    }
    if (count < kPiece) batch.remove(stream_key(group.id, stream));
    if (auto applied = store_.apply(std::move(batch)); !applied) return applied;
    if (count < kPiece) return {};
  }
}

void State::walk(const Group& group, std::string_view stream, Position after, Position before, ScanOrder order,
                 const std::function<bool(const StoredEvent&)>& visit) const {
  auto oldest = oldest_kept(group);
  if (after.time < oldest) after = {oldest, 0};
  if (before <= after) return;
  std::string prefix = stream.empty() ? event_prefix(group.id) : index_prefix(group.id, stream);
  std::string from = prefix, to = prefix;
  append_number(from, after.time);
  append_number(from, after.sequence);
  append_number(to, before.time);
  append_number(to, before.sequence);
  for (auto cursor = store_.scan(from, to, order); cursor.valid(); cursor.next()) {
    StoredEvent event;
    std::string_view rest = cursor.key().substr(prefix.size());
    auto time = take_number(rest), sequence = take_number(rest);
    if (!time || !sequence) continue;
    event.position = {*time, *sequence};
    if (event.position == after) continue;
    if (stream.empty()) {
      if (!decode_event(cursor.value(), event)) continue;
    } else {
      auto value = store_.get(event_key(group.id, *time, *sequence));
      if (!value || !decode_event(*value, event)) continue;  // past retention, or already dropped
    }
    if (!visit(event)) return;
  }
}

}  // namespace ads::cloud::logs
