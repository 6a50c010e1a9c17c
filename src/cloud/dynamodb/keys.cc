#include "cloud/dynamodb/keys.h"

#include <stdexcept>

#include "base/checksum.h"
#include "cloud/dynamodb/number.h"
#include "cloud/dynamodb/value_json.h"
#include "cloud/store.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kItemHeader = 5;

void check_format(std::string_view stored) {
  if (stored.size() < kItemHeader || stored[0] != kItemFormat)
    throw std::runtime_error("a stored DynamoDB item has an unknown format");
}

void put_size(std::string& header, std::size_t size) {
  header[0] = kItemFormat;
  for (int i = 0; i < 4; ++i) header[std::size_t(1 + i)] = char(size >> (24 - 8 * i));
}

}  // namespace

std::string key_space(std::string_view region, KeySpace space) {
  std::string key;
  key.reserve(96);
  append_text(key, "dynamodb");
  append_text(key, region);
  key += char(space);
  return key;
}

std::string table_space(std::string_view region, KeySpace space, std::uint64_t table) {
  std::string key = key_space(region, space);
  append_number(key, table);
  return key;
}

void append_key_value(std::string& key, const Value& value) {
  if (value.type != Type::number) return append_text(key, value.text);
  if (auto number = Number::parse(value.text)) number->append_to_key(key);
}

void append_hash(std::string& key, std::string_view encoded_partition_key) {
  const std::uint32_t hash = crc32(encoded_partition_key);
  key += char(hash >> 24);
  key += char(hash >> 16);
}

std::string encode_item(const Attributes& item) {
  std::string stored(kItemHeader, '\0');
  put_size(stored, size_of(item));
  write_attributes(stored, item);
  return stored;
}

std::string encode_item(std::size_t size, std::string_view json) {
  std::string stored(kItemHeader, '\0');
  put_size(stored, size);
  stored += json;
  return stored;
}

std::size_t stored_size(std::string_view stored) {
  check_format(stored);
  std::size_t size = 0;
  for (int i = 1; i <= 4; ++i) size = size << 8 | static_cast<unsigned char>(stored[std::size_t(i)]);
  return size;
}

std::string_view stored_json(std::string_view stored) {
  check_format(stored);
  return stored.substr(kItemHeader);
}

}  // namespace ads::cloud::dynamodb
