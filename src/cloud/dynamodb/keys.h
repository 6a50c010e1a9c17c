// Where DynamoDB keeps things in the Store, and in which form.
//
// Every key: text "dynamodb", text region, one byte of KeySpace, then (n = number of 8 bytes, t = text):
//   definition  t table name                                  -> the table as JSON (table.h, to_stored)
//   counter                                                   -> n, the last table or index number given away
//   totals      n table                                       -> format 1, then per store: n index (0: the table), n
//   items, n bytes item        n table, 2 bytes hash of pk, pk, sk           -> item (below) index       n table, n
//   index, 2 bytes hash of pk, pk, sk, table's pk, table's sk -> item, projected expiry      n table, n seconds since
//   the epoch, the item's key after its table number -> nothing token       t client request token -> n expiry in ms,
//   SHA-256 of the request token_age   n expiry in ms, t client request token        -> nothing
// pk and sk: a string's or binary's bytes as text; a number as Number::append_to_key writes it.
// The hash spreads partitions as AWS does (a Scan's order is nobody's to rely on) and makes equal segments.
// item: format 1, 4 bytes size as AWS counts it (most significant first), then the wire's JSON, spliced into replies as
// it is.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "cloud/dynamodb/value.h"

namespace ads::cloud::dynamodb {

// On disk: do not reorder.
enum class KeySpace : char {
  definition = 'd',
  counter = 'n',
  totals = 'c',
  item = 'i',
  index = 'x',
  expiry = 'e',
  token = 'k',
  token_age = 'o',
};

inline constexpr char kItemFormat = 1;
inline constexpr char kTotalsFormat = 1;

std::string key_space(std::string_view region, KeySpace space);
std::string table_space(std::string_view region, KeySpace space, std::uint64_t table);

// Appends a key attribute's value; only strings, numbers and binaries have an order.
void append_key_value(std::string& key, const Value& value);
// The two bytes in front of a partition key: of the key as append_key_value wrote it.
void append_hash(std::string& key, std::string_view encoded_partition_key);

// An item with the size that AWS counts, as it stands in the store.
std::string encode_item(const Attributes& item);
std::string encode_item(std::size_t size, std::string_view json);
std::size_t stored_size(std::string_view stored);
std::string_view stored_json(std::string_view stored);

}  // namespace ads::cloud::dynamodb
