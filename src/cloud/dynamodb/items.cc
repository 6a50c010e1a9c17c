#include "cloud/dynamodb/items.h"

#include "cloud/dynamodb/keys.h"
#include "cloud/dynamodb/number.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

double write_units(std::size_t size) {
  return double(std::max<std::size_t>(1, (size + 1023) / 1024));
}

void append_partition(std::string& key, const Value& value) {
  std::string encoded;
  append_key_value(encoded, value);
  append_hash(key, encoded);
  key += encoded;
}

const Value* key_attribute(const Table& table, const Attributes& item, const std::string& name) {
  const Value* value = item.find(name);
  return value && value->type == table.type_of(name) ? value : nullptr;
}

void add_to(std::uint64_t& total, std::int64_t delta) {
  total = delta < 0 && std::uint64_t(-delta) > total ? 0 : total + std::uint64_t(delta);
}

}  // namespace

std::size_t StoredItem::size() const {
  return stored_size(stored_);
}
std::string_view StoredItem::json() const {
  return stored_json(stored_);
}

const Attributes& StoredItem::attributes() const {
  if (!attributes_) attributes_ = read_stored(json());
  return *attributes_;
}

std::string item_key(const Table& table, const Attributes& attributes) {
  std::string key = table.item_space();
  append_partition(key, *attributes.find(table.keys.hash));
  if (table.keys.has_range()) append_key_value(key, *attributes.find(table.keys.range));
  return key;
}

std::string index_space(const Table& table, const Index& index) {
  std::string key = table_space(table.region, KeySpace::index, table.number);
  append_number(key, index.number);
  return key;
}

std::optional<std::string> index_key(const Table& table, const Index& index, const Attributes& item) {
  const Value* hash = key_attribute(table, item, index.keys.hash);
  const Value* range = index.keys.has_range() ? key_attribute(table, item, index.keys.range) : nullptr;
  if (!hash || (index.keys.has_range() && !range)) return std::nullopt;
  std::string key = index_space(table, index);
  append_partition(key, *hash);
  if (range) append_key_value(key, *range);
  append_key_value(key, *item.find(table.keys.hash));
  if (table.keys.has_range()) append_key_value(key, *item.find(table.keys.range));
  return key;
}

Attributes projected(const Table& table, const Index& index, const Attributes& item) {
  if (index.projection == Index::all) return item;
  Attributes out;
  for (const auto& [name, value] : item)
    if (table.projects(index, name)) out.append(name, value);
  return out;
}

std::optional<StoredItem> find_item(const Store& store, const Table& table, const Attributes& key) {
  auto stored = store.get(item_key(table, key));
  if (!stored) return std::nullopt;
  return StoredItem(*std::move(stored));
}

std::optional<std::uint64_t> expiry_of(const Table& table, const Attributes& item) {
  if (table.ttl_attribute.empty()) return std::nullopt;
  const Value* value = item.find(table.ttl_attribute);
  if (!value || value->type != Type::number) return std::nullopt;
  auto number = Number::parse(std::string_view(value->text).substr(0, value->text.find('.')));
  return number ? number->whole() : std::nullopt;
}

std::string expiry_key(const Table& table, std::uint64_t seconds, std::string_view item_key) {
  std::string key = table_space(table.region, KeySpace::expiry, table.number);
  append_number(key, seconds);
  key += item_key.substr(table.item_space().size());
  return key;
}

void Writes::count(Table& table, std::uint64_t index, std::int64_t items, std::int64_t bytes) {
  Delta& delta = deltas_[&table][index];
  delta.items += items;
  delta.bytes += bytes;
}

Writes::IndexUnits Writes::replace(Table& table, const std::string& key, const StoredItem* before,
                                   const Attributes* after) {
  IndexUnits units;
  const std::int64_t size_before = before ? std::int64_t(before->size()) : 0;
  std::int64_t size_after = 0;
  if (after) {
    const std::string stored = encode_item(*after);
    size_after = std::int64_t(stored_size(stored));
    batch_.put(key, stored);
  } else if (before) {
    batch_.remove(key);
  }
  count(table, 0, int(after != nullptr) - int(before != nullptr), size_after - size_before);

  for (const Index& index : table.indexes) {
    auto old_key = before ? index_key(table, index, before->attributes()) : std::nullopt;
    auto new_key = after ? index_key(table, index, *after) : std::nullopt;
    std::string old_entry, new_entry;
    if (old_key) old_entry = encode_item(projected(table, index, before->attributes()));
    if (new_key) new_entry = encode_item(projected(table, index, *after));
    if (old_key == new_key && old_entry == new_entry) continue;
    double& spent = units[index.name];
    if (old_key && old_key != new_key) {
      batch_.remove(*old_key);
      spent += write_units(stored_size(old_entry));
    }
    if (new_key) {
      batch_.put(*new_key, new_entry);
      spent += write_units(std::max(stored_size(new_entry), old_key == new_key ? stored_size(old_entry) : 0));
    }
    // While an index is being made, an item that it does not hold yet is counted here and not again by the backfill.
    const bool was_there = old_key && (index.status == Index::active || store_.get(*old_key).has_value());
    count(table, index.number, int(new_key.has_value()) - int(was_there),
          std::int64_t(new_key ? stored_size(new_entry) : 0) - std::int64_t(was_there ? stored_size(old_entry) : 0));
  }

  if (!table.ttl_attribute.empty()) {
    auto old_expiry = before ? expiry_of(table, before->attributes()) : std::nullopt;
    auto new_expiry = after ? expiry_of(table, *after) : std::nullopt;
    if (old_expiry && old_expiry != new_expiry) batch_.remove(expiry_key(table, *old_expiry, key));
    if (new_expiry) {
      const auto entry = expiry_key(table, *new_expiry, key);
      table.expiries_from = std::min(table.expiries_from, entry);
      batch_.put(entry, "");
      earliest_expiry_ = std::min(earliest_expiry_.value_or(*new_expiry), *new_expiry);
    }
  }
  return units;
}

void Writes::backfill(Table& table, Index& index, const Attributes& item) {
  auto key = index_key(table, index, item);
  if (!key || store_.get(*key)) return;
  const std::string entry = encode_item(projected(table, index, item));
  batch_.put(*key, entry);
  count(table, index.number, 1, std::int64_t(stored_size(entry)));
}

Result<void> Writes::apply() {
  struct Changed {
    Totals* totals;
    Totals old;
  };
  std::vector<Changed> changed;
  for (auto& [table, deltas] : deltas_) {
    for (const auto& [number, delta] : deltas) {
      Totals* totals = number == 0 ? &table->totals : nullptr;
      for (Index& index : table->indexes)
        if (index.number == number) totals = &index.totals;
      if (!totals) continue;
      changed.push_back({totals, *totals});
      add_to(totals->items, delta.items);
      add_to(totals->bytes, delta.bytes);
    }
    batch_.put(table_space(table->region, KeySpace::totals, table->number), encode_totals(*table));
  }
  auto applied = store_.apply(std::move(batch_));
  if (!applied)
    for (const Changed& change : changed) *change.totals = change.old;
  return applied;
}

}  // namespace ads::cloud::dynamodb
