#include "cloud/s3/listing.h"

#include <charconv>

#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {
namespace {

constexpr int kStepsBeforeSeek = 8;  // a short run of keys is cheaper to walk than to seek past

// Collects entries in key order, rolls keys up, and says when the page is full.
template <class Entry>
class PageBuilder {
 public:
  explicit PageBuilder(const ListQuery& query) : query_(query) {}

  bool is_full() {
    if (page.entries.size() + page.prefixes.size() < query_.most) return false;
    page.is_truncated = query_.most > 0;
    return true;
  }
  // The common prefix that this key falls under, or empty.
  std::string_view rolled_up(std::string_view key) const { return common_prefix(key, query_.prefix, query_.delimiter); }
  void add_prefix(std::string_view prefix) {
    page.prefixes.emplace_back(prefix);
    page.last = prefix;
    page.last_version.clear();
  }
  ListPage<Entry> page;

 private:
  const ListQuery& query_;
};

// Where a page starts among raw keys: behind `after`, and behind all of it where it is a common prefix.
std::string first_key(const ListQuery& query) {
  if (query.after.empty()) return query.prefix;
  bool is_prefix = !query.delimiter.empty() && query.after.ends_with(query.delimiter) &&
                   common_prefix(query.after, query.prefix, query.delimiter) == query.after;
  std::string behind = is_prefix ? after_prefix(query.after) : query.after + '\0';
  return std::max(behind, query.prefix);
}

// Version ids and upload ids begin with their sequence number in hex.
std::uint64_t sequence_of(std::string_view id) {
  std::uint64_t sequence = 0;
  id = id.substr(0, 16);
  std::from_chars(id.data(), id.data() + id.size(), sequence, 16);
  return sequence;
}

// A cursor over `table` + key that can jump past everything under a common prefix.
class KeyCursor {
 public:
  using MakeKey = std::string (*)(std::uint64_t, std::string_view);
  KeyCursor(const Store& store, std::uint64_t bucket_id, MakeKey make, const std::string& first,
            const std::string& prefix)
      : store_(store),
        bucket_id_(bucket_id),
        make_(make),
        end_(after_prefix(make(bucket_id, prefix))),
        cursor_(std::in_place, store.scan(make(bucket_id, first), end_)) {}
  bool valid() const { return cursor_->valid(); }
  std::string_view store_key() const { return cursor_->key(); }
  std::string_view value() const { return cursor_->value(); }
  void next() { cursor_->next(); }
  void skip(std::string_view common) {
    auto below = make_(bucket_id_, common);
    for (int step = 0; step < kStepsBeforeSeek; ++step) {
      if (!cursor_->valid() || !cursor_->key().starts_with(below)) return;
      cursor_->next();
    }
    cursor_.emplace(store_.scan(after_prefix(below), end_));
  }

 private:
  const Store& store_;
  std::uint64_t bucket_id_;
  MakeKey make_;
  std::string end_;
  std::optional<Cursor> cursor_;
};

}  // namespace

std::string_view common_prefix(std::string_view key, std::string_view prefix, std::string_view delimiter) {
  if (delimiter.empty() || !key.starts_with(prefix)) return {};
  auto at = key.find(delimiter, prefix.size());
  return at == key.npos ? std::string_view{} : key.substr(0, at + delimiter.size());
}

ListPage<ListedObject> list_objects(const Store& store, const Bucket& bucket, const ListQuery& query) {
  PageBuilder<ListedObject> builder(query);
  auto table = keys::objects(bucket.id).size();
  KeyCursor cursor(store, bucket.id, &keys::object, first_key(query), query.prefix);
  while (cursor.valid()) {
    std::string_view key = cursor.store_key().substr(table);
    if (auto rolled = builder.rolled_up(key); !rolled.empty()) {
      std::string common(rolled);
      if (common != query.after) {
        if (builder.is_full()) return std::move(builder.page);
        builder.add_prefix(common);
      }
      cursor.skip(common);
      continue;
    }
    if (builder.is_full()) return std::move(builder.page);
    if (auto summary = decode_summary(cursor.value())) {
      builder.page.entries.push_back({std::string(key), std::move(*summary)});
      builder.page.last = key;
    }
    cursor.next();
  }
  return std::move(builder.page);
}

ListPage<ListedVersion> list_versions(const Store& store, const Bucket& bucket, const ListQuery& query) {
  PageBuilder<ListedVersion> builder(query);
  bool resumes_inside = !query.after.empty() && !query.after_version.empty();
  std::string first = resumes_inside ? std::max(query.after, query.prefix) : first_key(query);
  std::uint64_t below = ~std::uint64_t{0};  // versions of `after` from this sequence on have been shown
  if (resumes_inside) {
    below = sequence_of(query.after_version);
    if (query.after_version == "null") {
      below = 0;
      auto current = store.get(keys::object(bucket.id, query.after));
      auto summary = current ? decode_summary(*current) : std::nullopt;
      if (summary && summary->version_id.empty())
        below = summary->sequence;
      else if (auto stored = store.get(keys::null_version(bucket.id, query.after)))
        std::from_chars(stored->data(), stored->data() + stored->size(), below);
    }
  }
  auto table = keys::objects(bucket.id).size();
  KeyCursor current(store, bucket.id, &keys::object, first, query.prefix);
  KeyCursor older(store, bucket.id, &keys::versions_below, first, query.prefix);
  std::string latest_shown;  // the key whose newest version has been met
  bool has_latest = false;
  while (current.valid() || older.valid()) {
    std::string current_key(current.valid() ? current.store_key().substr(table) : std::string_view{});
    std::string older_key = older.valid() ? keys::take_version(bucket.id, older.store_key()).key : "";
    // A current object is newer than every version below it.
    bool takes_current = current.valid() && (!older.valid() || current_key <= older_key);
    const std::string& key = takes_current ? current_key : older_key;
    if (auto rolled = builder.rolled_up(key); !rolled.empty()) {
      std::string common(rolled);
      if (common != query.after) {
        if (builder.is_full()) return std::move(builder.page);
        builder.add_prefix(common);
      }
      current.skip(common);
      older.skip(common);
      continue;
    }
    bool is_latest = !has_latest || latest_shown != key;
    auto summary = decode_summary(takes_current ? current.value() : older.value());
    bool was_shown = resumes_inside && key == query.after && summary && summary->sequence >= below;
    if (summary && !was_shown) {
      if (builder.is_full()) return std::move(builder.page);
      builder.page.last = key;
      builder.page.last_version = summary->version_name();
      builder.page.entries.push_back({key, std::move(*summary), is_latest});
    }
    latest_shown = key;
    has_latest = true;
    (takes_current ? current : older).next();
  }
  return std::move(builder.page);
}

ListPage<ListedUpload> list_uploads(const Store& store, const Bucket& bucket, const ListQuery& query) {
  PageBuilder<ListedUpload> builder(query);
  bool resumes_inside = !query.after.empty() && !query.after_version.empty();
  std::string first = resumes_inside ? std::max(query.after, query.prefix) : first_key(query);
  KeyCursor cursor(store, bucket.id, &keys::uploads_below, first, query.prefix);
  while (cursor.valid()) {
    auto place = keys::take_upload(bucket.id, cursor.store_key());
    if (auto rolled = builder.rolled_up(place.key); !rolled.empty()) {
      std::string common(rolled);
      if (common != query.after) {
        if (builder.is_full()) return std::move(builder.page);
        builder.add_prefix(common);
      }
      cursor.skip(common);
      continue;
    }
    bool was_shown = resumes_inside && place.key == query.after && place.upload_id <= query.after_version;
    if (!was_shown) {
      if (builder.is_full()) return std::move(builder.page);
      if (auto upload = decode_upload(cursor.value())) {
        builder.page.last = place.key;
        builder.page.last_version = place.upload_id;
        builder.page.entries.push_back({std::move(place.key), std::move(*upload)});
      }
    }
    cursor.next();
  }
  return std::move(builder.page);
}

}  // namespace ads::cloud::s3
