#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/item_read.h"
#include "cloud/dynamodb/items.h"
#include "cloud/dynamodb/page.h"
#include "cloud/dynamodb/shape.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

const Shape& shape() {
  static const Shape kShape = {{"Select",
                                Member::text,
                                false,
                                {},
                                {},
                                {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"}},
                               {"IndexName", Member::name},
                               {"TotalSegments", Member::integer, false, 1, 1'000'000},
                               return_consumed_capacity(),
                               table_name(),
                               {"Segment", Member::integer, false, 0, 999'999},
                               {"Limit", Member::integer, false, 1},
                               {"AttributesToGet", Member::list, false, 1, 255},
                               {"ExclusiveStartKey", Member::values},
                               {"ConsistentRead", Member::boolean},
                               {"FilterExpression", Member::text},
                               {"ProjectionExpression", Member::text},
                               {"ExpressionAttributeValues", Member::values},
                               expression_names()};
  return kShape;
}

Outcome<void> check_segments(std::optional<std::int64_t> segment, std::optional<std::int64_t> total) {
  if (segment && !total)
    return refuse(
        validation("The TotalSegments parameter is required but was not present in the request when Segment "
                   "parameter is present"));
  if (total && !segment)
    return refuse(
        validation("The Segment parameter is required but was not present in the request when parameter "
                   "TotalSegments is present"));
  if (total && *segment >= *total)
    return refuse(
        validation("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " +
                   std::to_string(*segment) + " is not less than TotalSegments: " + std::to_string(*total)));
  return {};
}

// The first key of a segment: partitions are spread over 65,536 hashes, cut into equal runs.
std::string segment_start(const std::string& space, std::int64_t segment, std::int64_t total) {
  const std::int64_t hash = (65536 * segment + total - 1) / total;
  if (hash > 65535) return after_prefix(space);
  std::string key = space;
  key += char(hash >> 8);
  key += char(hash & 0xff);
  return key;
}

Outcome<void> continue_from(PageRequest& page, const Attributes& start) {
  auto invalid = [](std::string why) { return refuse(validation("The provided starting key is invalid" + why)); };
  if (start.size() != start_key_names(page).size())
    return invalid(page.index ? "" : ": The provided key element does not match the schema");
  for (const std::string& name : start_key_names(page)) {
    const KeyPart part =
        name == page.table->keys.hash || (page.index && name == page.index->keys.hash) ? KeyPart::hash : KeyPart::range;
    if (auto sound = check_key_value(*page.table, name, start.find(name), part); !sound)
      return invalid(": " + sound.error().message);
  }
  const std::string key = page.index ? *index_key(*page.table, *page.index, start) : item_key(*page.table, start);
  if (key < page.from || key >= page.to)
    return invalid(": Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment.");
  page.from = key + '\0';
  return {};
}

}  // namespace

Outcome<std::string> scan(Context& context, const json::object& request) {
  if (auto sound = check_shape(request, shape()); !sound) return refuse(sound.error());
  if (auto sound = check_expression_parameters(request, {"ProjectionExpression", "FilterExpression"},
                                               {"AttributesToGet", "ScanFilter", "ConditionalOperator"});
      !sound)
    return refuse(sound.error());
  if (auto sound = check_select(request); !sound) return refuse(sound.error());
  std::optional<Attributes> start;
  if (const json::value* json = request.if_contains("ExclusiveStartKey"); json && !json->is_null()) {
    auto read = read_attributes(*json);
    if (!read) {
      WireError error = read.error();
      if (error.code == "ValidationException") error.message = "The provided starting key is invalid: " + error.message;
      return refuse(std::move(error));
    }
    start = *std::move(read);
  }
  const auto segment = get_integer(request, "Segment"), total = get_integer(request, "TotalSegments");
  if (auto sound = check_segments(segment, total); !sound) return refuse(sound.error());
  auto scope = Scope::read(request);
  if (!scope) return refuse(scope.error());
  PageRequest page;
  if (auto text = get_string(request, "FilterExpression")) {
    auto filter = parse_condition("FilterExpression", *text, *scope);
    if (!filter) return refuse(filter.error());
    page.filter = *std::move(filter);
  }
  auto projection = read_projection(request, *scope);
  if (!projection) return refuse(projection.error());
  page.projection = *std::move(projection);
  if (auto used = scope->check_all_used(); !used) return refuse(used.error());
  if (auto bound = bind_page(context, request, page); !bound) return refuse(bound.error());
  if (auto sound = check_projection(*page.table, page.projection); !sound) return refuse(sound.error());
  if (page.filter)
    if (auto sound = check_nested_paths(*page.table, heads_of(*page.filter).nested); !sound)
      return refuse(sound.error());

  const std::string space = page.index ? index_space(*page.table, *page.index) : page.table->item_space();
  page.from = total ? segment_start(space, *segment, *total) : space;
  page.to = total ? segment_start(space, *segment + 1, *total) : after_prefix(space);
  if (start)
    if (auto sound = continue_from(page, *start); !sound) return refuse(sound.error());
  return read_page(context, page);
}

}  // namespace ads::cloud::dynamodb
