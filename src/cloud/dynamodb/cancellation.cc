#include "cloud/dynamodb/cancellation.h"

namespace ads::cloud::dynamodb {
namespace {

// "ConditionalCheckFailedException" -> "ConditionalCheckFailed"; a ValidationException is a "ValidationError".
std::string reason_code(const WireError& error) {
  if (error.code == "ValidationException") return "ValidationError";
  std::string code = error.code;
  if (code.ends_with("Exception")) code.resize(code.size() - 9);
  return code;
}

}  // namespace

void Cancellation::blame(std::size_t action, WireError error) {
  if (!reasons_[action]) reasons_[action] = std::move(error);
}

Outcome<void> Cancellation::verdict() const {
  bool is_cancelled = false;
  std::string codes;
  json::array reasons;
  for (const auto& error : reasons_) {
    if (!codes.empty()) codes += ", ";
    if (!error) {
      codes += "None";
      reasons.emplace_back(json::object{{"Code", "None"}});
      continue;
    }
    is_cancelled = true;
    codes += reason_code(*error);
    json::object reason{{"Code", reason_code(*error)}, {"Message", error->message}};
    if (const json::value* item = error->fields.if_contains("Item")) reason["Item"] = *item;
    reasons.emplace_back(std::move(reason));
  }
  if (!is_cancelled) return {};
  WireError error{400, "TransactionCanceledException",
                  "Transaction cancelled, please refer cancellation reasons for specific reasons [" + codes + "]"};
  error.fields["CancellationReasons"] = std::move(reasons);
  return refuse(std::move(error));
}

}  // namespace ads::cloud::dynamodb
