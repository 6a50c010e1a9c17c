#include "cloud/dynamodb/table.h"

#include "cloud/dynamodb/keys.h"
#include "cloud/store.h"

namespace ads::cloud::dynamodb {

Type Table::type_of(std::string_view attribute) const {
  for (const auto& [name, type] : definitions)
    if (name == attribute) return type;
  return Type::string;
}

const Index* Table::index(std::string_view wanted) const {
  for (const Index& index : indexes)
    if (index.name == wanted) return &index;
  return nullptr;
}
Index* Table::index(std::string_view wanted) {
  return const_cast<Index*>(std::as_const(*this).index(wanted));
}

bool Table::projects(const Index& index, std::string_view attribute) const {
  if (index.projection == Index::all || keys.has(attribute) || index.keys.has(attribute)) return true;
  return std::find(index.non_key_attributes.begin(), index.non_key_attributes.end(), attribute) !=
         index.non_key_attributes.end();
}

const std::string& Table::item_space() const {
  if (item_space_.empty()) item_space_ = table_space(region, KeySpace::item, number);
  return item_space_;
}

std::string encode_totals(const Table& table) {
  std::string out(1, kTotalsFormat);
  auto append = [&out](std::uint64_t number, const Totals& totals) {
    append_number(out, number);
    append_number(out, totals.items);
    append_number(out, totals.bytes);
  };
  append(0, table.totals);
  for (const Index& index : table.indexes) append(index.number, index.totals);
  return out;
}

void decode_totals(Table& table, std::string_view stored) {
  if (stored.empty() || stored[0] != kTotalsFormat) return;
  stored.remove_prefix(1);
  while (auto number = take_number(stored)) {
    auto items = take_number(stored), bytes = take_number(stored);
    if (!items || !bytes) return;
    if (*number == 0) table.totals = {*items, *bytes};
    for (Index& index : table.indexes)
      if (index.number == *number) index.totals = {*items, *bytes};
  }
}

}  // namespace ads::cloud::dynamodb
