// What an action is given beside the request: where it runs, and how it tells what it did.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cloud/dynamodb/catalog.h"
#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

// Actions are plain functions: they read, decide and apply without a wait in between. Whoever calls one waits for the
// disk afterwards, where `wrote` says so.
struct Context {
  Store& store;
  Catalog& catalog;
  std::string_view account, region;
  std::string_view endpoint;  // "127.0.0.1:4566"
  SystemTime now;
  // Runs `work_due` when an index or expiries wait to be worked on.
  std::function<void()> work_due;
  bool wrote = false;
};

// A reply's members, as text: stored items go into it as they are.
class ReplyText {
 public:
  ReplyText& member(std::string_view name, std::string_view json_text);
  ReplyText& member(std::string_view name, const json::value& value);
  std::string take() { return std::move(text_ += '}'); }

 private:
  std::string text_ = "{";
};

// The table of a data operation, by name or ARN. Errors: ResourceNotFoundException.
Outcome<Table*> find_table(Context& context, std::string_view name_or_arn);
// Of a control operation: the error names the table.
Outcome<Table*> find_named_table(Context& context, std::string_view name_or_arn);
// Applies and remembers that something was written. Errors: InternalFailure.
Outcome<void> apply(Context& context, class Writes& writes);
Outcome<void> apply(Context& context, Batch batch);

}  // namespace ads::cloud::dynamodb
