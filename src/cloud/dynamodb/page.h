// A page of a Query or a Scan: a walk along keys, filtered, projected, and cut at Limit or 1 MB.
#pragma once
#include <optional>
#include <string>

#include "cloud/dynamodb/capacity.h"
#include "cloud/dynamodb/context.h"
#include "cloud/dynamodb/expression/condition.h"
#include "cloud/dynamodb/expression/projection.h"

namespace ads::cloud::dynamodb {

enum class Select { items, count };

struct PageRequest {
  Table* table = nullptr;
  const Index* index = nullptr;      // null: the table itself
  bool fetches_whole_items = false;  // a local index that does not project what is asked for
  std::string from, to;              // [from, to) of the store
  ScanOrder order = ScanOrder::ascending;
  std::optional<std::size_t> limit;
  std::optional<Condition> filter;
  std::optional<Projection> projection;
  Select select = Select::items;
  Consistency consistency = Consistency::eventual;
  CapacityReport report = CapacityReport::none;
};

// The reply of Query and Scan alike.
std::string read_page(Context& context, const PageRequest& page);

// What both operations read from their request beside the range: table, index, Select, projection, Limit. The
// expressions' scope must outlive the page. Errors in AWS's words.
Outcome<void> bind_page(Context& context, const json::object& request, PageRequest& page);
// Select and the projection that goes with it.
Outcome<void> check_select(const json::object& request);
// The attributes of a LastEvaluatedKey, in no order: the table's and the index's.
std::vector<std::string> start_key_names(const PageRequest& page);

}  // namespace ads::cloud::dynamodb
