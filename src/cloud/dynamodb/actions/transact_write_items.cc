#include <unordered_set>

#include "base/digest.h"
#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/cancellation.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/item_checks.h"
#include "cloud/dynamodb/item_write.h"
#include "cloud/dynamodb/keys.h"
#include "cloud/dynamodb/shape.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::chrono::minutes kTokenLifetime{10};
constexpr std::size_t kLargestTransaction = 4u << 20;
constexpr int kForgottenPerCall = 10;

constexpr std::pair<std::string_view, ItemWrite::Kind> kActions[] = {{"ConditionCheck", ItemWrite::check},
                                                                     {"Put", ItemWrite::put},
                                                                     {"Delete", ItemWrite::remove},
                                                                     {"Update", ItemWrite::update}};

Shape shape() {
  Shape actions;
  for (const auto& [name, kind] : kActions) {
    Member action{name,
                  Member::structure,
                  false,
                  {},
                  {},
                  {},
                  {{kind == ItemWrite::put ? "Item" : "Key", Member::values, true},
                   table_name(),
                   {"ConditionExpression", Member::text, kind == ItemWrite::check},
                   {"UpdateExpression", Member::text, kind == ItemWrite::update},
                   {"ExpressionAttributeValues", Member::values},
                   expression_names(),
                   {"ReturnValuesOnConditionCheckFailure", Member::text, false, {}, {}, {"ALL_OLD", "NONE"}}}};
    actions.push_back(std::move(action));
  }
  return {{"TransactItems", Member::list, true, 1, 100, {}, {{"", Member::structure, true, {}, {}, {}, actions}}},
          return_consumed_capacity(),
          return_item_collection_metrics(),
          {"ClientRequestToken", Member::text, false, 1, 36}};
}

struct Part {
  ItemWrite write;
  const json::object* request;
};

Outcome<Part> read_part(const json::object& element) {
  const json::object* found = nullptr;
  ItemWrite::Kind found_kind = ItemWrite::check;
  for (const auto& [name, kind] : kActions) {
    const json::object* action = get_object(element, name);
    if (!action) continue;
    if (found) return refuse(validation("TransactItems can only contain one of Check, Put, Update or Delete"));
    found = action;
    found_kind = kind;
  }
  if (!found) return refuse(validation("TransactItems can only contain one of Check, Put, Update or Delete"));
  const auto expressions = found_kind == ItemWrite::update
                               ? check_expression_parameters(*found, {"UpdateExpression", "ConditionExpression"}, {})
                               : check_expression_parameters(*found, {"ConditionExpression"}, {});
  if (!expressions) return refuse(expressions.error());
  auto write = read_item_write(found_kind, *found);
  if (!write) return refuse(write.error());
  return Part{*std::move(write), found};
}

// A ClientRequestToken seen within the last 10 minutes makes the same call a repetition without effect.
class Token {
 public:
  Token(Context& context, const json::object& request) : context_(context) {
    auto token = get_string(request, "ClientRequestToken");
    if (!token) return;
    text_ = *token;
    key_ = key_space(context.region, KeySpace::token);
    append_text(key_, text_);
    fingerprint_ = sha256(json::serialize(request.at("TransactItems")));
  }

  // True where the very same call was done before. Errors: IdempotentParameterMismatchException.
  Outcome<bool> is_repetition() const {
    if (key_.empty()) return false;
    auto stored = context_.store.get(key_);
    if (!stored) return false;
    std::string_view value = *stored;
    auto expires = take_number(value);
    if (!expires || *expires <= milliseconds(context_.now)) return false;
    if (value == fingerprint_) return true;
    return refuse(400, "IdempotentParameterMismatchException",
                  "The request uses the same client token as a previous, but non-identical request. Do not reuse a "
                  "client token with different requests, unless the requests are identical");
  }

  // Remembers the call, and forgets some that are too old.
  void remember(Batch& batch) const {
    if (key_.empty()) return;
    const std::uint64_t expires = milliseconds(context_.now + kTokenLifetime);
    std::string value;
    append_number(value, expires);
    batch.put(key_, value + fingerprint_);
    const std::string ages = key_space(context_.region, KeySpace::token_age);
    std::string now = ages, age = ages;
    append_number(now, milliseconds(context_.now));
    append_number(age, expires);
    append_text(age, text_);
    batch.put(age, "");
    auto cursor = context_.store.scan(ages, now);
    for (int i = 0; i < kForgottenPerCall && cursor.valid(); ++i, cursor.next()) {
      std::string_view rest = cursor.key().substr(ages.size());
      take_number(rest);
      std::string old = key_space(context_.region, KeySpace::token);
      old += rest;
      // A token that was used again meanwhile has a younger entry.
      auto stored = context_.store.get(old);
      std::string_view value_of_old = stored ? std::string_view(*stored) : std::string_view();
      if (auto until = take_number(value_of_old); until && *until <= milliseconds(context_.now) && old != key_)
        batch.remove(old);
      batch.remove(cursor.key());
    }
  }

 private:
  static std::uint64_t milliseconds(SystemTime time) { return std::uint64_t(time.time_since_epoch().count()); }

  Context& context_;
  std::string text_, key_, fingerprint_;
};

std::string render(const std::map<Table*, Consumed>& consumed, CapacityReport report, std::string_view kind) {
  ReplyText reply;
  if (report != CapacityReport::none) {
    json::array all;
    for (const auto& [table, spent] : consumed) all.emplace_back(to_json(spent, *table, report, kind));
    reply.member("ConsumedCapacity", json::value(std::move(all)));
  }
  return reply.take();
}

}  // namespace

Outcome<std::string> transact_write_items(Context& context, const json::object& request) {
  static const Shape kShape = shape();
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  const json::array& elements = request.at("TransactItems").as_array();
  std::vector<Part> parts;
  for (const json::value& element : elements) {
    auto part = read_part(element.as_object());
    if (!part) return refuse(part.error());
    parts.push_back(*std::move(part));
  }
  Cancellation cancellation(parts.size());
  std::unordered_set<std::string_view> seen;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto bound = bind(context, *parts[i].request, parts[i].write);
    if (!bound && bound.error().code == "ResourceNotFoundException") return refuse(bound.error());
    if (!bound) {
      cancellation.blame(i, bound.error());
      continue;
    }
    if (!seen.insert(parts[i].write.key).second)
      return refuse(validation("Transaction request cannot include multiple operations on one item"));
  }
  const Token token(context, request);
  auto repetition = token.is_repetition();
  if (!repetition) return refuse(repetition.error());
  const CapacityReport report = capacity_report(request);
  std::map<Table*, Consumed> consumed;
  if (*repetition) {
    for (const Part& part : parts)
      if (auto stored = find_item(context.store, *part.write.table, part.write.attributes))
        consumed[part.write.table].table += 2 * read_units(stored->size(), Consistency::strong);
    return render(consumed, report, "ReadCapacityUnits");
  }

  std::vector<Effect> effects(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].write.key.empty()) continue;
    auto effect = judge(context, parts[i].write);
    if (!effect) {
      cancellation.blame(i, effect.error());
      continue;
    }
    bytes += std::max(effect->after ? size_of(*effect->after) : 0, effect->before ? effect->before->size() : 0);
    effects[i] = *std::move(effect);
  }
  if (auto verdict = cancellation.verdict(); !verdict) return refuse(verdict.error());
  if (bytes > kLargestTransaction)
    return refuse(validation("The aggregate size of the items in the transaction exceeds 4 MB"));

  Writes writes(context.store);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Consumed spent = stage(writes, parts[i].write, effects[i]);
    Consumed& total = consumed[parts[i].write.table];
    total.add(spent);
    total.add(spent);  // a transaction writes twice
  }
  token.remember(writes.batch());
  if (auto done = apply(context, writes); !done) return refuse(done.error());
  return render(consumed, report, "WriteCapacityUnits");
}

}  // namespace ads::cloud::dynamodb
