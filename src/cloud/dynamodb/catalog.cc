#include "cloud/dynamodb/catalog.h"

#include <stdexcept>

#include "cloud/dynamodb/keys.h"

namespace ads::cloud::dynamodb {

Catalog::Catalog(Store& store) : store_(store) {
  std::string counter = key_space("", KeySpace::counter);
  if (auto last = store_.get(counter)) {
    std::string_view bytes = *last;
    last_number_ = take_number(bytes).value_or(0);
  }
  // Hop from region to region: the item space between two regions' definitions is skipped, not read.
  std::string service;
  append_text(service, "dynamodb");
  const std::string end = after_prefix(service);
  for (std::string from = service;;) {
    std::string region;
    {
      auto cursor = store_.scan(from, end);
      if (!cursor.valid()) break;
      std::string_view key = cursor.key().substr(service.size());
      auto name = take_text(key);
      if (!name) throw std::runtime_error("a DynamoDB key in the store has no region");
      region = *std::move(name);
    }
    for (auto cursor = store_.scan_prefix(key_space(region, KeySpace::definition)); cursor.valid(); cursor.next()) {
      auto stored = parse_json_object(cursor.value());
      auto table = stored ? from_stored(region, *stored) : std::nullopt;
      if (!table) throw std::runtime_error("a stored DynamoDB table definition cannot be read");
      if (auto totals = store_.get(table_space(region, KeySpace::totals, table->number)))
        decode_totals(*table, *totals);
      add(*std::move(table));
    }
    std::string past = service;
    append_text(past, region);
    from = after_prefix(past);
  }
}

Table* Catalog::find(std::string_view region, std::string_view name) {
  auto tables = regions_.find(region);
  if (tables == regions_.end()) return nullptr;
  auto table = tables->second.find(name);
  return table == tables->second.end() ? nullptr : table->second.get();
}

Table* Catalog::find(std::uint64_t number) {
  auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : found->second;
}

std::size_t Catalog::count(std::string_view region) const {
  auto tables = regions_.find(region);
  return tables == regions_.end() ? 0 : tables->second.size();
}

std::vector<std::string> Catalog::names_after(std::string_view region, std::string_view after, std::size_t most) const {
  std::vector<std::string> names;
  auto tables = regions_.find(region);
  if (tables == regions_.end()) return names;
  for (auto table = tables->second.upper_bound(after); table != tables->second.end() && names.size() < most; ++table)
    names.push_back(table->first);
  return names;
}

std::vector<std::uint64_t> Catalog::numbers() const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, table] : by_number_) numbers.push_back(number);
  return numbers;
}

std::uint64_t Catalog::next_number(Batch& batch) {
  std::string stored;
  append_number(stored, ++last_number_);
  batch.put(key_space("", KeySpace::counter), stored);
  return last_number_;
}

void Catalog::save(Batch& batch, const Table& table) const {
  std::string key = key_space(table.region, KeySpace::definition);
  append_text(key, table.name);
  batch.put(key, json::serialize(to_stored(table)));
}

Table& Catalog::add(Table table) {
  auto kept = std::make_unique<Table>(std::move(table));
  Table& reference = *kept;
  by_number_[reference.number] = &reference;
  regions_[reference.region].insert_or_assign(reference.name, std::move(kept));
  return reference;
}

void Catalog::erase(Batch& batch, const Table& table) const {
  std::string key = key_space(table.region, KeySpace::definition);
  append_text(key, table.name);
  batch.remove(key);
  batch.remove(table_space(table.region, KeySpace::totals, table.number));
  for (KeySpace space : {KeySpace::item, KeySpace::index, KeySpace::expiry}) {
    const std::string prefix = table_space(table.region, space, table.number);
    batch.remove_range(prefix, after_prefix(prefix));
  }
}

void Catalog::forget(const Table& table) {
  auto tables = regions_.find(table.region);
  by_number_.erase(table.number);
  tables->second.erase(tables->second.find(table.name));
}

}  // namespace ads::cloud::dynamodb
