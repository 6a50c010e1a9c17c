#include "cloud/dynamodb/capacity.h"

namespace ads::cloud::dynamodb {
namespace {

double blocks(std::size_t bytes, std::size_t block) {
  return double(std::max<std::size_t>(1, (bytes + block - 1) / block));
}

json::object units(double count, std::string_view kind) {
  json::object out{{"CapacityUnits", count}};
  if (!kind.empty()) out[kind] = count;
  return out;
}

}  // namespace

CapacityReport capacity_report(const json::object& request) {
  const std::string_view wanted = get_string(request, "ReturnConsumedCapacity").value_or("NONE");
  return wanted == "INDEXES" ? CapacityReport::indexes
         : wanted == "TOTAL" ? CapacityReport::total
                             : CapacityReport::none;
}

Consistency consistency(const json::object& request) {
  return get_bool(request, "ConsistentRead").value_or(false) ? Consistency::strong : Consistency::eventual;
}

double read_units(std::size_t bytes, Consistency consistency) {
  return blocks(bytes, 4096) / (consistency == Consistency::strong ? 1 : 2);
}

double write_units(std::size_t bytes) {
  return blocks(bytes, 1024);
}

double Consumed::total() const {
  double sum = table;
  for (const auto& [name, count] : indexes) sum += count;
  return sum;
}

void Consumed::add(const Consumed& other) {
  table += other.table;
  for (const auto& [name, count] : other.indexes) indexes[name] += count;
}

json::object to_json(const Consumed& consumed, const Table& table, CapacityReport report, std::string_view kind) {
  json::object out = units(consumed.total(), kind);
  out["TableName"] = table.name;
  if (report != CapacityReport::indexes) return out;
  out["Table"] = units(consumed.table, kind);
  for (const auto& [name, count] : consumed.indexes) {
    const Index* index = table.index(name);
    if (!index) continue;
    json::value& group = out[index->kind == Index::local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes"];
    if (!group.is_object()) group.emplace_object();
    group.as_object()[name] = units(count, kind);
  }
  return out;
}

}  // namespace ads::cloud::dynamodb
