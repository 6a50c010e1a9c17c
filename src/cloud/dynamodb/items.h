// Items in the store: reading one, and writing some with everything that follows from them.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cloud/dynamodb/table.h"
#include "cloud/store.h"

namespace ads::cloud::dynamodb {

// An item as read from the store; parsed only when somebody looks inside.
class StoredItem {
 public:
  explicit StoredItem(std::string stored) : stored_(std::move(stored)) {}
  std::size_t size() const;
  std::string_view json() const;
  const Attributes& attributes() const;

 private:
  std::string stored_;
  mutable std::optional<Attributes> attributes_;
};

// The item's key in the store. `attributes` holds the table's key attributes with the right types.
std::string item_key(const Table& table, const Attributes& attributes);
// Where the item stands in the index; nothing where it lacks a key attribute of the index, or has another type there.
std::optional<std::string> index_key(const Table& table, const Index& index, const Attributes& item);
std::string index_space(const Table& table, const Index& index);
// What the index holds of the item.
Attributes projected(const Table& table, const Index& index, const Attributes& item);

std::optional<StoredItem> find_item(const Store& store, const Table& table, const Attributes& key);

// Whole seconds since the epoch at which the item may go; nothing where it never does.
std::optional<std::uint64_t> expiry_of(const Table& table, const Attributes& item);
std::string expiry_key(const Table& table, std::uint64_t seconds, std::string_view item_key);

// Item writes that happen together: the item, its index entries, its expiry, and the totals.
class Writes {
 public:
  explicit Writes(Store& store) : store_(store) {}

  // What each index had to write, in capacity units: by name.
  using IndexUnits = std::map<std::string, double>;

  // `before` is what find_item gave, `after` what shall be there; either may be null. At most once per item.
  IndexUnits replace(Table& table, const std::string& key, const StoredItem* before, const Attributes* after);
  // Enters an item that is there already into an index that is being made.
  void backfill(Table& table, Index& index, const Attributes& item);
  Batch& batch() { return batch_; }

  // Errors: unavailable: nothing was changed.
  Result<void> apply();

  // The earliest expiry among what was written; the background wakes for it.
  std::optional<std::uint64_t> earliest_expiry() const { return earliest_expiry_; }

 private:
  struct Delta {
    std::int64_t items = 0, bytes = 0;
  };
  void count(Table& table, std::uint64_t index, std::int64_t items, std::int64_t bytes);

  Store& store_;
  Batch batch_;
  std::map<Table*, std::map<std::uint64_t, Delta>> deltas_;  // per table, per index number; 0 is the table
  std::optional<std::uint64_t> earliest_expiry_;
};

}  // namespace ads::cloud::dynamodb
