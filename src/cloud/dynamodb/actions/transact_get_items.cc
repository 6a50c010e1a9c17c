#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/cancellation.h"
#include "cloud/dynamodb/capacity.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/item_read.h"
#include "cloud/dynamodb/shape.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kLargestTransaction = 4u << 20;

struct Get {
  Attributes key;
  std::optional<Projection> projection;
  Table* table = nullptr;
  std::optional<StoredItem> item;
};

Outcome<Get> read_get(const json::object& request) {
  Get get;
  auto key = read_attributes(request.at("Key"));
  if (!key) return refuse(key.error());
  get.key = *std::move(key);
  if (auto sound = check_expression_parameters(request, {"ProjectionExpression"}, {}); !sound)
    return refuse(sound.error());
  auto scope = Scope::read(request);
  if (!scope) return refuse(scope.error());
  auto projection = read_projection(request, *scope);
  if (!projection) return refuse(projection.error());
  if (auto used = scope->check_all_used(); !used) return refuse(used.error());
  get.projection = *std::move(projection);
  return get;
}

Shape shape() {
  const Member get{
      "Get",
      Member::structure,
      true,
      {},
      {},
      {},
      {{"Key", Member::values, true}, table_name(), {"ProjectionExpression", Member::text}, expression_names()}};
  return {{"TransactItems", Member::list, true, 1, 100, {}, {{"", Member::structure, true, {}, {}, {}, {get}}}},
          return_consumed_capacity()};
}

}  // namespace

Outcome<std::string> transact_get_items(Context& context, const json::object& request) {
  static const Shape kShape = shape();
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  const json::array& elements = request.at("TransactItems").as_array();
  std::vector<Get> gets;
  Cancellation cancellation(elements.size());
  for (const json::value& element : elements) {
    auto get = read_get(element.at("Get").as_object());
    if (!get) return refuse(get.error());
    gets.push_back(*std::move(get));
  }
  for (std::size_t i = 0; i < gets.size(); ++i) {
    auto table = find_table(context, *get_string(elements[i].at("Get").as_object(), "TableName"));
    if (!table) return refuse(table.error());
    gets[i].table = *table;
    if (auto sound = check_key(**table, gets[i].key); !sound)
      cancellation.blame(i, sound.error());
    else if (auto scalar = check_projection(**table, gets[i].projection); !scalar)
      cancellation.blame(i, scalar.error());
  }
  if (auto verdict = cancellation.verdict(); !verdict) return refuse(verdict.error());

  std::string responses = "[";
  std::map<Table*, Consumed> consumed;
  std::size_t bytes = 0;
  for (Get& get : gets) {
    auto item = find_item(context.store, *get.table, get.key);
    if (responses.size() > 1) responses += ',';
    responses += '{';
    if (item) {
      responses += "\"Item\":";
      append_item(responses, *item, get.projection);
      bytes += item->size();
    }
    responses += '}';
    consumed[get.table].table += 2 * read_units(item ? item->size() : 0, Consistency::strong);
  }
  responses += ']';
  if (bytes > kLargestTransaction)
    return refuse(validation("The aggregate size of the items in the transaction exceeds 4 MB"));
  ReplyText reply;
  reply.member("Responses", std::string_view(responses));
  if (auto report = capacity_report(request); report != CapacityReport::none) {
    json::array all;
    for (const auto& [table, spent] : consumed) all.emplace_back(to_json(spent, *table, report, "ReadCapacityUnits"));
    reply.member("ConsumedCapacity", json::value(std::move(all)));
  }
  return reply.take();
}

}  // namespace ads::cloud::dynamodb
