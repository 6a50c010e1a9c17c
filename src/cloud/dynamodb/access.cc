#include "cloud/dynamodb/access.h"

#include <fmt/core.h>

#include "cloud/access.h"
#include "cloud/dynamodb/expression/key_condition.h"

namespace ads::cloud::dynamodb {
namespace {

using access::Need;
using access::Values;

// Whether an operation has that option: in others the member says nothing.
bool takes(std::string_view action, std::string_view option) {
  if (option == "Select") return action == "Query" || action == "Scan";
  if (option == "ReturnValues") return action == "PutItem" || action == "UpdateItem" || action == "DeleteItem";
  return true;
}

class Needs {
 public:
  Needs(const Call& call, Context& context) : call_(call), context_(context) {}

  // `keys`: the items' keys that the request names, for dynamodb:LeadingKeys; asked for only by policies that use it.
  Need on_table(std::string_view action, std::string_view table, const json::object& options,
                std::function<std::vector<const json::value*>()> keys = {}) const {
    Need need{fmt::format("dynamodb:{}", action), arn(table)};
    for (auto [member, key] :
         {std::pair{"Select", "dynamodb:select"}, std::pair{"ReturnValues", "dynamodb:returnvalues"},
          std::pair{"ReturnConsumedCapacity", "dynamodb:returnconsumedcapacity"}}) {
      if (!takes(action, member)) continue;
      if (auto text = get_string(options, member)) need.keys.emplace_back(key, Values{std::string(*text)});
    }
    if (keys) {
      need.more = [this, table, keys = std::move(keys)](std::string_view key) -> std::optional<Values> {
        if (key != "dynamodb:leadingkeys") return std::nullopt;
        return leading(table, keys());
      };
    }
    return need;
  }

  Need query(std::string_view table, const json::object& request) const {
    const auto index = get_string(request, "IndexName");
    Need need = on_table("Query", table, request);
    if (index) need.resource += fmt::format("/index/{}", *index);
    need.more = [this, table, index, &request](std::string_view key) -> std::optional<Values> {
      if (key != "dynamodb:leadingkeys") return std::nullopt;
      return leading_of_query(table, index.value_or(""), request);
    };
    return need;
  }

  std::string arn(std::string_view table) const {
    if (table.starts_with("arn:")) return std::string(table);
    return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", call_.region, call_.account, table);
  }

 private:
  const Table* find(std::string_view table) const {
    return context_.catalog.find(context_.region, table.substr(table.rfind('/') + 1));
  }

  std::optional<Values> leading(std::string_view name, const std::vector<const json::value*>& items) const {
    const Table* table = find(name);
    if (table == nullptr) return std::nullopt;
    Values out;
    for (const auto* item : items) {
      const auto* object = item ? item->if_object() : nullptr;
      const auto* value = object ? object->if_contains(table->keys.hash) : nullptr;
      if (value && value->is_object() && value->get_object().size() == 1) {
        const auto& text = value->get_object().begin()->value();
        if (text.is_string()) out.emplace_back(text.get_string());
      }
    }
    return out;
  }

  std::optional<Values> leading_of_query(std::string_view name, std::string_view index,
                                         const json::object& request) const {
    const Table* table = find(name);
    const auto expression = get_string(request, "KeyConditionExpression");
    auto scope = Scope::read(request);
    if (table == nullptr || !expression || !scope) return std::nullopt;
    const auto* found = index.empty() ? nullptr : table->index(index);
    const auto& hash = found ? found->keys.hash : table->keys.hash;
    auto conditions = parse_key_conditions(*expression, *scope);
    if (!conditions) return std::nullopt;
    for (const auto& condition : *conditions) {
      if (condition.attribute == hash && !condition.values.empty()) return Values{condition.values.front()->text};
    }
    return std::nullopt;
  }

  const Call& call_;
  Context& context_;
};

// TransactItems: each is {"Put": {"TableName", "Item"}} or the like; the action is that of the inner operation.
void add_transaction(std::vector<Need>& out, const Needs& needs, const json::object& request) {
  static constexpr std::tuple<std::string_view, std::string_view, std::string_view> kInner[] = {
      {"Get", "GetItem", "Key"},
      {"Put", "PutItem", "Item"},
      {"Update", "UpdateItem", "Key"},
      {"Delete", "DeleteItem", "Key"},
      {"ConditionCheck", "ConditionCheckItem", "Key"}};
  const auto* items = get_array(request, "TransactItems");
  if (items == nullptr) return;
  for (const auto& item : *items) {
    if (!item.is_object()) continue;
    for (const auto& [member, action, keyed] : kInner) {
      const auto* inner = get_object(item.get_object(), member);
      const auto table = inner ? get_string(*inner, "TableName") : std::nullopt;
      if (!table) continue;
      out.push_back(needs.on_table(action, *table, *inner, [inner, keyed] {
        return std::vector<const json::value*>{inner->if_contains(keyed)};
      }));
    }
  }
}

// {"Keys": [..]} of BatchGetItem, or [{"PutRequest": {"Item"}}, {"DeleteRequest": {"Key"}}] of BatchWriteItem.
std::vector<const json::value*> keys_of_batch(const json::value& table) {
  std::vector<const json::value*> out;
  if (const auto* object = table.if_object()) {
    if (const auto* keys = get_array(*object, "Keys")) {
      for (const auto& key : *keys) out.push_back(&key);
    }
  } else if (const auto* writes = table.if_array()) {
    for (const auto& write : *writes) {
      if (!write.is_object()) continue;
      if (const auto* put = get_object(write.get_object(), "PutRequest")) out.push_back(put->if_contains("Item"));
      if (const auto* gone = get_object(write.get_object(), "DeleteRequest")) out.push_back(gone->if_contains("Key"));
    }
  }
  return out;
}

std::vector<Need> needs_of(const Needs& needs, std::string_view operation, Resource resource,
                           const json::object& request) {
  std::vector<Need> out;
  const auto table = get_string(request, "TableName");
  switch (resource.kind()) {
    case On::item:
      if (table) {
        out.push_back(needs.on_table(operation, *table, request, [&request, keyed = resource.member()] {
          return std::vector<const json::value*>{request.if_contains(keyed)};
        }));
      }
      break;
    case On::query:
      if (table) out.push_back(needs.query(*table, request));
      break;
    case On::scan:
      if (table) {
        out.push_back(needs.on_table(operation, *table, request));
        if (auto index = get_string(request, "IndexName")) out.back().resource += fmt::format("/index/{}", *index);
      }
      break;
    case On::batch:
      if (const auto* tables = get_object(request, resource.member())) {
        for (const auto& [name, content] : *tables) {
          out.push_back(needs.on_table(operation, name, request, [&content] { return keys_of_batch(content); }));
        }
      }
      break;
    case On::transaction:
      add_transaction(out, needs, request);
      break;
    case On::every_table:
      out.push_back(needs.on_table(operation, "*", request));
      break;
    case On::table:
      if (const auto name = get_string(request, resource.member())) {
        out.push_back(needs.on_table(operation, *name, request));
      }
      break;
    case On::everything:
      break;
  }
  if (out.empty()) out.push_back({fmt::format("dynamodb:{}", operation), std::string(kEveryResource)});
  return out;
}

}  // namespace

Outcome<void> authorize(const Call& call, Context& context, std::string_view operation, Resource resource,
                        const json::object& request) {
  if (!access::is_enforced(call)) return {};
  const Needs needs(call, context);
  return access::authorize(call, needs_of(needs, operation, resource, request), access::kJsonStyle);
}

}  // namespace ads::cloud::dynamodb
