#include "cloud/dynamodb/context.h"

#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/items.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

// "arn:aws:dynamodb:eu-central-1:000000000000:table/users" -> the table, where region and account are the caller's.
Table* look_up(Context& context, std::string_view name) {
  if (name.starts_with("arn:")) {
    const std::string prefix =
        "arn:aws:dynamodb:" + std::string(context.region) + ":" + std::string(context.account) + ":table/";
    if (!name.starts_with(prefix)) return nullptr;
    name.remove_prefix(prefix.size());
  }
  return context.catalog.find(context.region, name);
}

Outcome<void> applied(Context& context, const Result<void>& result) {
  if (!result) return refuse(internal_failure(result.error()));
  context.wrote = true;
  return {};
}

}  // namespace

ReplyText& ReplyText::member(std::string_view name, std::string_view json_text) {
  if (text_.size() > 1) text_ += ',';
  (text_ += '"') += name;
  (text_ += "\":") += json_text;
  return *this;
}

ReplyText& ReplyText::member(std::string_view name, const json::value& value) {
  return member(name, std::string_view(json::serialize(value)));
}

Outcome<Table*> find_table(Context& context, std::string_view name) {
  if (Table* table = look_up(context, name)) return table;
  return refuse(no_such_table());
}

Outcome<Table*> find_named_table(Context& context, std::string_view name) {
  if (Table* table = look_up(context, name)) return table;
  return refuse(no_such_table(name));
}

Outcome<void> apply(Context& context, Writes& writes) {
  const bool has_expiry = writes.earliest_expiry().has_value();
  auto done = applied(context, writes.apply());
  if (done && has_expiry && context.work_due) context.work_due();
  return done;
}

Outcome<void> apply(Context& context, Batch batch) {
  return applied(context, context.store.apply(std::move(batch)));
}

}  // namespace ads::cloud::dynamodb
