// Capacity units, and the ConsumedCapacity that a request may ask for.
#pragma once
#include <map>
#include <string>

#include "base/json.h"
#include "cloud/dynamodb/table.h"

namespace ads::cloud::dynamodb {

enum class CapacityReport { none, total, indexes };
CapacityReport capacity_report(const json::object& request);

enum class Consistency { eventual, strong };
Consistency consistency(const json::object& request);

double read_units(std::size_t bytes, Consistency consistency);  // 4 KB at a time; eventual reads cost half
double write_units(std::size_t bytes);                          // 1 KB at a time

// Units spent on a table, and on its indexes by name.
struct Consumed {
  double table = 0;
  std::map<std::string, double> indexes;
  double total() const;
  void add(const Consumed& other);
};

// `kind` is empty, or "ReadCapacityUnits" / "WriteCapacityUnits", which transactions report beside CapacityUnits.
json::object to_json(const Consumed& consumed, const Table& table, CapacityReport report, std::string_view kind = {});

}  // namespace ads::cloud::dynamodb
