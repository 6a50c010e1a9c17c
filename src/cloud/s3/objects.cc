#include "cloud/s3/objects.h"

#include <fmt/core.h>

#include <charconv>

#include "base/ids.h"
#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {
namespace {

// A version id is its sequence in hex and as many random digits: found without an index, and not guessable.
constexpr std::size_t kSequenceDigits = 16;
constexpr std::size_t kVersionIdDigits = 32;

std::string make_version_id(std::uint64_t sequence) {
  return fmt::format("{:016x}", sequence) + random_hex(kVersionIdDigits - kSequenceDigits);
}

std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

bool Objects::is_valid_version_id(std::string_view version) {
  return version == "null" ||
         (version.size() == kVersionIdDigits && parse_number(version.substr(0, kSequenceDigits), 16) &&
          parse_number(version.substr(kSequenceDigits), 16));
}

std::optional<ObjectRecord> Objects::current(const Bucket& bucket, std::string_view key) const {
  auto value = store_.get(keys::object(bucket.id, key));
  return value ? decode_object(*value) : std::nullopt;
}

std::optional<ObjectSummary> Objects::current_summary(const Bucket& bucket, std::string_view key) const {
  auto value = store_.get(keys::object(bucket.id, key));
  return value ? decode_summary(*value) : std::nullopt;
}

std::optional<ObjectSummary> Objects::current_marker(const Bucket& bucket, std::string_view key) const {
  if (bucket.versioning == Versioning::never || store_.get(keys::object(bucket.id, key))) return std::nullopt;
  auto cursor = store_.scan_prefix(keys::versions_of(bucket.id, key));
  return cursor.valid() ? decode_summary(cursor.value()) : std::nullopt;
}

std::optional<Objects::Place> Objects::locate(const Bucket& bucket, std::string_view key,
                                              std::string_view version) const {
  if (auto current = current_summary(bucket, key); current && current->version_name() == version)
    return Place{true, current->sequence};
  if (version == "null") {
    auto stored = store_.get(keys::null_version(bucket.id, key));
    auto sequence = stored ? parse_number(*stored, 10) : std::nullopt;
    if (!sequence) return std::nullopt;
    return Place{false, *sequence};
  }
  if (!is_valid_version_id(version)) return std::nullopt;
  auto sequence = *parse_number(version.substr(0, kSequenceDigits), 16);
  auto value = store_.get(keys::version(bucket.id, key, sequence));
  auto summary = value ? decode_summary(*value) : std::nullopt;
  if (!summary || summary->version_id != version) return std::nullopt;
  return Place{false, sequence};
}

std::optional<ObjectRecord> Objects::version(const Bucket& bucket, std::string_view key,
                                             std::string_view version) const {
  auto place = locate(bucket, key, version);
  if (!place) return std::nullopt;
  if (place->is_current) return current(bucket, key);
  auto value = store_.get(keys::version(bucket.id, key, place->sequence));
  return value ? decode_object(*value) : std::nullopt;
}

// The current object stays as a noncurrent version.
void Objects::cover(Transaction& transaction, const Bucket& bucket, std::string_view key, std::string_view current) {
  auto summary = decode_summary(current);
  if (!summary) return;
  transaction.put(keys::version(bucket.id, key, summary->sequence), current);
  if (summary->version_id.empty())
    transaction.put(keys::null_version(bucket.id, key), std::to_string(summary->sequence));
}

// There is one null version at most: a new one replaces that which stands among the noncurrent.
void Objects::drop_null_version(Transaction& transaction, const Bucket& bucket, std::string_view key) {
  auto pointer = keys::null_version(bucket.id, key);
  auto stored = store_.get(pointer);
  auto sequence = stored ? parse_number(*stored, 10) : std::nullopt;
  if (!sequence) return;
  auto place = keys::version(bucket.id, key, *sequence);
  if (auto value = store_.get(place))
    if (auto record = decode_object(*value)) transaction.release(record->slices);
  transaction.remove(place);
  transaction.remove(pointer);
}

void Objects::put(Transaction& transaction, const Bucket& bucket, std::string_view key, ObjectRecord& record) {
  auto place = keys::object(bucket.id, key);
  auto before = store_.get(place);
  record.sequence = sequence_.next();
  record.version_id = bucket.versioning == Versioning::enabled ? make_version_id(record.sequence) : "";
  if (before) {
    bool stays = bucket.versioning == Versioning::enabled;
    if (bucket.versioning == Versioning::suspended) {
      auto summary = decode_summary(*before);
      stays = summary && !summary->version_id.empty();
    }
    if (stays)
      cover(transaction, bucket, key, *before);
    else if (auto old = decode_object(*before))
      transaction.release(old->slices);
  }
  if (bucket.versioning == Versioning::suspended) drop_null_version(transaction, bucket, key);
  transaction.put(place, encode(record));
}

void Objects::rewrite(Transaction& transaction, const Bucket& bucket, std::string_view key,
                      const ObjectRecord& record) {
  auto place = locate(bucket, key, record.version_name());
  if (!place) return;
  transaction.put(place->is_current ? keys::object(bucket.id, key) : keys::version(bucket.id, key, place->sequence),
                  encode(record));
}

Objects::Removed Objects::remove(Transaction& transaction, const Bucket& bucket, std::string_view key, SystemTime now) {
  Removed removed;
  auto place = keys::object(bucket.id, key);
  auto before = store_.get(place);
  removed.existed = before.has_value();
  removed.sequence = sequence_.next();
  if (before) transaction.remove(place);
  if (bucket.versioning == Versioning::never) {
    auto old = before ? decode_object(*before) : std::nullopt;
    if (old) transaction.release(old->slices);
    return removed;
  }
  ObjectRecord marker;
  marker.is_delete_marker = true;
  marker.sequence = removed.sequence;
  marker.modified = now;
  if (bucket.versioning == Versioning::enabled) {
    marker.version_id = make_version_id(marker.sequence);
    if (before) cover(transaction, bucket, key, *before);
  } else {
    drop_null_version(transaction, bucket, key);
    auto old = before ? decode_object(*before) : std::nullopt;
    if (old && old->version_id.empty())
      transaction.release(old->slices);
    else if (before)
      cover(transaction, bucket, key, *before);
    transaction.put(keys::null_version(bucket.id, key), std::to_string(marker.sequence));
  }
  transaction.put(keys::version(bucket.id, key, marker.sequence), encode(marker));
  removed.is_marker_made = true;
  removed.version_id = marker.version_name();
  return removed;
}

Objects::Removed Objects::remove_version(Transaction& transaction, const Bucket& bucket, std::string_view key,
                                         std::string_view version) {
  Removed removed;
  removed.version_id = version;
  removed.sequence = sequence_.next();
  auto place = locate(bucket, key, version);
  if (!place) return removed;
  auto at = place->is_current ? keys::object(bucket.id, key) : keys::version(bucket.id, key, place->sequence);
  auto value = store_.get(at);
  auto record = value ? decode_object(*value) : std::nullopt;
  if (!record) return removed;
  removed.existed = true;
  removed.is_marker_removed = record->is_delete_marker;
  transaction.release(record->slices);
  transaction.remove(at);
  if (!place->is_current && record->version_id.empty()) transaction.remove(keys::null_version(bucket.id, key));

  // With no current object above it, the newest version left becomes the current one unless it is a delete marker.
  if (!place->is_current && store_.get(keys::object(bucket.id, key))) return removed;
  for (auto cursor = store_.scan_prefix(keys::versions_of(bucket.id, key)); cursor.valid(); cursor.next()) {
    if (cursor.key() == at) continue;
    auto next = decode_summary(cursor.value());
    if (!next || next->is_delete_marker) break;
    transaction.put(keys::object(bucket.id, key), cursor.value());
    transaction.remove(cursor.key());
    if (next->version_id.empty()) transaction.remove(keys::null_version(bucket.id, key));
    break;
  }
  return removed;
}

bool Objects::is_empty(const Bucket& bucket) const {
  return !store_.scan_prefix(keys::objects(bucket.id)).valid() &&
         !store_.scan_prefix(keys::versions(bucket.id)).valid();
}

}  // namespace ads::cloud::s3
