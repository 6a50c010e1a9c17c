#include "cloud/s3/keys.h"

#include "cloud/store.h"

namespace ads::cloud::s3::keys {
namespace {

std::string table(char letter) {
  std::string key;
  append_text(key, "s3");
  key += letter;
  return key;
}

std::string numbered(char letter, std::uint64_t number) {
  std::string key = table(letter);
  append_number(key, number);
  return key;
}

std::string keyed(char letter, std::uint64_t bucket_id, std::string_view object_key) {
  std::string key = numbered(letter, bucket_id);
  append_text(key, object_key);
  return key;
}

// append_text ends a field with a terminator; a prefix of the field's text must go without it.
std::string open_ended(char letter, std::uint64_t bucket_id, std::string_view key_prefix) {
  static const std::size_t terminator = [] {
    std::string empty;
    append_text(empty, "");
    return empty.size();
  }();
  std::string key = keyed(letter, bucket_id, key_prefix);
  key.resize(key.size() - terminator);
  return key;
}

}  // namespace

std::string sequence_mark() {
  return table('m');
}
std::string buckets() {
  return table('b');
}
std::string bucket(std::string_view name) {
  return buckets().append(name);
}

std::string objects(std::uint64_t bucket_id) {
  return numbered('o', bucket_id);
}
std::string object(std::uint64_t bucket_id, std::string_view key) {
  return objects(bucket_id).append(key);
}

std::string versions(std::uint64_t bucket_id) {
  return numbered('v', bucket_id);
}
std::string versions_of(std::uint64_t bucket_id, std::string_view key) {
  return keyed('v', bucket_id, key);
}
std::string version(std::uint64_t bucket_id, std::string_view key, std::uint64_t sequence) {
  std::string place = versions_of(bucket_id, key);
  append_number(place, ~sequence);
  return place;
}
std::string versions_below(std::uint64_t bucket_id, std::string_view key_prefix) {
  return open_ended('v', bucket_id, key_prefix);
}
VersionPlace take_version(std::uint64_t bucket_id, std::string_view store_key) {
  store_key.remove_prefix(versions(bucket_id).size());
  VersionPlace place;
  place.key = take_text(store_key).value_or("");
  place.sequence = ~take_number(store_key).value_or(0);
  return place;
}
std::string null_version(std::uint64_t bucket_id, std::string_view key) {
  return keyed('n', bucket_id, key);
}

std::string uploads(std::uint64_t bucket_id) {
  return numbered('u', bucket_id);
}
std::string uploads_of(std::uint64_t bucket_id, std::string_view key) {
  return keyed('u', bucket_id, key);
}
std::string uploads_below(std::uint64_t bucket_id, std::string_view key_prefix) {
  return open_ended('u', bucket_id, key_prefix);
}
std::string upload(std::uint64_t bucket_id, std::string_view key, std::string_view upload_id) {
  return uploads_of(bucket_id, key).append(upload_id);
}
UploadPlace take_upload(std::uint64_t bucket_id, std::string_view store_key) {
  store_key.remove_prefix(uploads(bucket_id).size());
  UploadPlace place;
  place.key = take_text(store_key).value_or("");
  place.upload_id = store_key;
  return place;
}

std::string parts(std::string_view upload_id) {
  std::string key = table('p');
  append_text(key, upload_id);
  return key;
}
std::string part(std::string_view upload_id, std::uint64_t number) {
  std::string key = parts(upload_id);
  append_number(key, number);
  return key;
}

std::string references(std::uint64_t blob) {
  return numbered('r', blob);
}
std::string writing() {
  return table('w');
}
std::string writing(std::uint64_t blob) {
  return numbered('w', blob);
}
std::string garbage() {
  return table('g');
}
std::string garbage(std::uint64_t blob) {
  return numbered('g', blob);
}
std::string events() {
  return table('e');
}
std::string event(std::uint64_t sequence) {
  return numbered('e', sequence);
}

std::uint64_t last_number(std::string_view store_key) {
  if (store_key.size() < 8) return 0;
  store_key.remove_prefix(store_key.size() - 8);
  return take_number(store_key).value_or(0);
}

}  // namespace ads::cloud::s3::keys
