// A table as CreateTable made it: schema, indexes, settings, and how much is in it.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "cloud/dynamodb/value.h"

namespace ads::cloud::dynamodb {

struct KeySchema {
  std::string hash;
  std::string range;  // empty: a partition key alone
  bool has_range() const { return !range.empty(); }
  bool has(std::string_view name) const { return name == hash || (has_range() && name == range); }
};

struct Throughput {
  std::uint64_t read = 0, write = 0;
  bool operator==(const Throughput&) const = default;
};

// Exact: written in the same batch as the items they count.
struct Totals {
  std::uint64_t items = 0, bytes = 0;
};

struct Index {
  enum Kind { global, local } kind = global;
  enum Projection { all, keys_only, include } projection = all;
  enum Status { active, backfilling } status = active;
  std::uint64_t number = 0;
  std::string name;
  KeySchema keys;
  std::vector<std::string> non_key_attributes;  // of include
  Throughput throughput;
  Totals totals;
};

struct Table {
  std::uint64_t number = 0;  // never given twice, so a new table of an old name shares nothing with it
  std::string region, name, arn, id;
  SystemTime created;
  std::vector<std::pair<std::string, Type>> definitions;
  KeySchema keys;
  enum Billing { provisioned, pay_per_request } billing = provisioned;
  Throughput throughput;
  std::vector<Index> indexes;
  std::string table_class;  // empty: never set
  json::object on_demand;   // OnDemandThroughput as given; empty: none
  json::object encryption;  // SSEDescription; empty: AWS's own key, which is not described
  bool deletion_protected = false;
  std::map<std::string, std::string> tags;
  std::string ttl_attribute;                    // empty: expiry is off
  bool ttl_backfilling = false;                 // older items are still being entered into the expiry space
  std::optional<SystemTime> recoverable_since;  // point-in-time recovery, stored and reported
  int recovery_days = 35;
  Totals totals;
  // In memory alone: no entry of the expiry space stands before. Scans start here, past the tombstones of those that
  // went.
  std::string expiries_from = {};

  Type type_of(std::string_view attribute) const;  // of a defined attribute
  const Index* index(std::string_view name) const;
  Index* index(std::string_view name);
  bool projects(const Index& index, std::string_view attribute) const;
  // The items' part of the store, made once.
  const std::string& item_space() const;

 private:
  mutable std::string item_space_;
};

json::object to_stored(const Table& table);
// Nothing where the stored definition makes no sense.
std::optional<Table> from_stored(std::string_view region, const json::object& stored);
std::string encode_totals(const Table& table);
void decode_totals(Table& table, std::string_view stored);

// TableDescription as the wire has it, with that TableStatus.
json::object describe(const Table& table, std::string_view status);
json::array to_json(const KeySchema& keys);

}  // namespace ads::cloud::dynamodb
