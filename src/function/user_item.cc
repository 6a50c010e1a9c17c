#include "function/user_item.h"

#include "aws/dynamodb/natural_json.h"

namespace ads::function {
namespace {

using aws::dynamodb::AttributeValue;

std::string text_of(const AttributeValue& value) {
  if (auto* text = value.string()) return *text;
  if (auto* number = std::get_if<aws::dynamodb::Number>(&value.value)) return number->text;
  if (auto* flag = std::get_if<bool>(&value.value)) return *flag ? "true" : "false";
  return "";
}

}  // namespace

batch::User user_from_item(const aws::dynamodb::Item& item) {
  batch::User user;
  for (const auto& [name, value] : item) {
    if (std::holds_alternative<aws::dynamodb::Null>(value.value)) continue;
    if (name == batch::kUserKey)
      user.service_uuid = text_of(value);
    else if (name == batch::kUserStatus)
      user.status = text_of(value);
    else if (auto* field = user.field(name))
      *field = batch::ProfileField::of_json(aws::dynamodb::natural_json(value));
  }
  return user;
}

}  // namespace ads::function
