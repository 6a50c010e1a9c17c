#include "cloud/dynamodb/item_read.h"

#include <set>

#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {

Outcome<std::optional<Projection>> read_projection(const json::object& request, Scope& scope) {
  if (const json::array* names = get_array(request, "AttributesToGet")) {
    std::set<std::string> seen;
    std::vector<Path> paths;
    for (const json::value& name : *names) {
      if (!name.is_string()) return refuse(serialization("Unexpected field type"));
      std::string text(name.get_string());
      if (!seen.insert(text).second) return refuse(invalid_parameter("Duplicate value in attribute name: " + text));
      paths.push_back({std::move(text)});
    }
    return std::optional<Projection>(Projection(std::move(paths)));
  }
  auto expression = get_string(request, "ProjectionExpression");
  if (!expression) return std::optional<Projection>();
  auto projection = Projection::parse(*expression, scope);
  if (!projection) return refuse(projection.error());
  return std::optional<Projection>(*std::move(projection));
}

void append_item(std::string& out, const StoredItem& item, const std::optional<Projection>& projection) {
  if (projection)
    write_attributes(out, projection->apply(item.attributes()));
  else
    out += item.json();
}

Outcome<void> check_projection(const Table& table, const std::optional<Projection>& projection) {
  if (!projection) return {};
  std::vector<std::string> nested;
  for (const Path& path : projection->paths())
    if (path.size() > 1) nested.push_back(std::get<std::string>(path.front()));
  return check_nested_paths(table, nested);
}

}  // namespace ads::cloud::dynamodb
