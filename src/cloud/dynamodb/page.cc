#include "cloud/dynamodb/page.h"

#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/items.h"
#include "cloud/dynamodb/keys.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kLargestPage = 1u << 20;

Attributes only(const Attributes& item, const std::vector<std::string>& names) {
  Attributes out;
  for (const std::string& name : names)
    if (const Value* value = item.find(name)) out.set(name, *value);
  return out;
}

}  // namespace

std::vector<std::string> start_key_names(const PageRequest& page) {
  std::vector<std::string> names{page.table->keys.hash};
  auto add = [&names](const std::string& name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  add(page.table->keys.range);
  if (page.index) {
    add(page.index->keys.hash);
    add(page.index->keys.range);
  }
  return names;
}

std::string read_page(Context& context, const PageRequest& page) {
  std::string items = "[";
  std::size_t scanned = 0, matched = 0, bytes = 0;
  double fetch_units = 0;
  std::optional<Attributes> last_key;
  if (page.from < page.to) {
    for (auto cursor = context.store.scan(page.from, page.to, page.order); cursor.valid(); cursor.next()) {
      StoredItem entry{std::string(cursor.value())};
      ++scanned;
      bytes += entry.size();
      const bool is_last = (page.limit && scanned >= *page.limit) || bytes >= kLargestPage;
      if (is_last) last_key = only(entry.attributes(), start_key_names(page));
      if (page.fetches_whole_items) {
        if (auto whole = find_item(context.store, *page.table, only(entry.attributes(), start_key_names(page)))) {
          fetch_units += read_units(whole->size(), page.consistency);
          entry = *std::move(whole);
        }
      }
      if (!page.filter || holds(*page.filter, entry.attributes())) {
        ++matched;
        if (page.select == Select::items) {
          if (items.size() > 1) items += ',';
          if (page.projection)
            write_attributes(items, page.projection->apply(entry.attributes()));
          else
            items += entry.json();
        }
      }
      if (is_last) break;
    }
  }
  items += ']';
  ReplyText reply;
  if (page.select == Select::items) reply.member("Items", std::string_view(items));
  reply.member("Count", std::string_view(std::to_string(matched)));
  reply.member("ScannedCount", std::string_view(std::to_string(scanned)));
  if (last_key) reply.member("LastEvaluatedKey", std::string_view(to_json(*last_key)));
  if (page.report != CapacityReport::none) {
    Consumed consumed;
    const double units = read_units(bytes, page.consistency);
    if (page.index) {
      consumed.indexes[page.index->name] = units;
      consumed.table = fetch_units;
    } else {
      consumed.table = units;
    }
    reply.member("ConsumedCapacity", json::value(to_json(consumed, *page.table, page.report)));
  }
  return reply.take();
}

Outcome<void> check_select(const json::object& request) {
  auto select = get_string(request, "Select");
  if (!select) return {};
  const bool has_index = request.contains("IndexName");
  std::string_view projection;
  for (std::string_view name : {"ProjectionExpression", "AttributesToGet"})
    if (request.contains(name)) projection = name;
  if (*select == "ALL_PROJECTED_ATTRIBUTES" && !has_index)
    return refuse(validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"));
  if (*select == "SPECIFIC_ATTRIBUTES" && projection.empty())
    return refuse(validation(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"));
  if (*select != "SPECIFIC_ATTRIBUTES" && !projection.empty())
    return refuse(validation("Cannot specify the " + std::string(projection) + " when choosing to get " +
                             (*select == "COUNT" ? "only the Count" : std::string(*select))));
  return {};
}

Outcome<void> bind_page(Context& context, const json::object& request, PageRequest& page) {
  auto table = find_table(context, *get_string(request, "TableName"));
  if (!table) return refuse(table.error());
  page.table = *table;
  page.consistency = consistency(request);
  page.report = capacity_report(request);
  const std::string_view select = get_string(request, "Select").value_or("");
  if (select == "COUNT") page.select = Select::count;
  if (auto limit = get_integer(request, "Limit")) page.limit = std::size_t(*limit);
  auto index_name = get_string(request, "IndexName");
  if (!index_name) return {};
  page.index = (*table)->index(*index_name);
  if (!page.index)
    return refuse(validation("The table does not have the specified index: " + std::string(*index_name)));
  const bool is_global = page.index->kind == Index::global;
  if (is_global && page.consistency == Consistency::strong)
    return refuse(validation("Consistent reads are not supported on global secondary indexes"));
  if (page.index->status == Index::backfilling)
    return refuse(validation("Cannot read from backfilling global secondary index: " + page.index->name));
  if (select == "ALL_ATTRIBUTES" && page.index->projection != Index::all) {
    if (is_global)
      return refuse(invalid_parameter("Select type ALL_ATTRIBUTES is not supported for global secondary index " +
                                      page.index->name + " because its projection type is not ALL"));
    page.fetches_whole_items = true;
  }
  if (page.projection) {
    std::string missing;
    for (const Path& path : page.projection->paths()) {
      const std::string& head = std::get<std::string>(path.front());
      if (!(*table)->projects(*page.index, head)) missing += (missing.empty() ? "" : ", ") + head;
    }
    if (!missing.empty() && is_global)
      return refuse(
          invalid_parameter("Global secondary index " + page.index->name + " does not project [" + missing + "]"));
    page.fetches_whole_items = page.fetches_whole_items || !missing.empty();
  }
  return {};
}

}  // namespace ads::cloud::dynamodb
