#include <unordered_set>

#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/item_write.h"
#include "cloud/dynamodb/shape.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kMostWrites = 25;

Shape shape() {
  const Member put{"PutRequest", Member::structure, false, {}, {}, {}, {{"Item", Member::values, true}}};
  const Member remove{"DeleteRequest", Member::structure, false, {}, {}, {}, {{"Key", Member::values, true}}};
  const Member write{"", Member::structure, true, {}, {}, {}, {put, remove}};
  return {return_consumed_capacity(),
          return_item_collection_metrics(),
          {"RequestItems",
           Member::map,
           true,
           1,
           std::int64_t(kMostWrites),
           {},
           {{"", Member::list, true, 1, std::int64_t(kMostWrites), {}, {write}}}}};
}

Outcome<ItemWrite> read_write(const json::object& request) {
  const json::object* put = get_object(request, "PutRequest");
  const json::object* remove = get_object(request, "DeleteRequest");
  if (!put == !remove)
    return refuse(
        validation("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
                   "supported datatypes"));
  return read_item_write(put ? ItemWrite::put : ItemWrite::remove, put ? *put : *remove);
}

}  // namespace

Outcome<std::string> batch_write_item(Context& context, const json::object& request) {
  static const Shape kShape = shape();
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  const json::object& tables = request.at("RequestItems").as_object();
  std::size_t count = 0;
  for (const auto& [name, requests] : tables) count += requests.as_array().size();
  if (count > kMostWrites) return refuse(validation("Too many items requested for the BatchWriteItem call"));
  std::vector<ItemWrite> items;
  std::vector<json::object> targets;
  for (const auto& [name, requests] : tables)
    for (const json::value& element : requests.as_array()) {
      auto write = read_write(element.as_object());
      if (!write) return refuse(write.error());
      items.push_back(*std::move(write));
      targets.push_back({{"TableName", name}});
    }
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (auto bound = bind(context, targets[i], items[i]); !bound) {
      WireError error = bound.error();
      if (error.message.find("Missing the key") != std::string::npos ||
          error.message.find("Type mismatch for key") != std::string::npos)
        error = wrong_key();
      return refuse(std::move(error));
    }
    if (!seen.insert(items[i].key).second) return refuse(validation("Provided list of item keys contains duplicates"));
  }

  Writes writes(context.store);
  std::map<Table*, Consumed> consumed;
  for (const ItemWrite& item : items) {
    auto effect = judge(context, item);
    if (!effect) return refuse(effect.error());
    consumed[item.table].add(stage(writes, item, *effect));
  }
  if (auto done = apply(context, writes); !done) return refuse(done.error());

  ReplyText reply;
  reply.member("UnprocessedItems", std::string_view("{}"));
  if (auto report = capacity_report(request); report != CapacityReport::none) {
    json::array all;
    for (const auto& [table, spent] : consumed) all.emplace_back(to_json(spent, *table, report));
    reply.member("ConsumedCapacity", json::value(std::move(all)));
  }
  return reply.take();
}

}  // namespace ads::cloud::dynamodb
