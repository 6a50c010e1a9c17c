#include "cloud/dynamodb/expression/scope.h"

#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/value_json.h"

namespace ads::cloud::dynamodb {
namespace {

// '#' or ':' and at least one letter, digit or underscore.
bool is_key(std::string_view key, char first) {
  if (key.size() < 2 || key.front() != first) return false;
  return std::all_of(key.begin() + 1, key.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

template <class Entries>
std::string unused(const Entries& entries) {
  std::string out;
  for (const auto& [key, entry] : entries)
    if (!entry.used) out += (out.empty() ? "" : ", ") + key;
  return out;
}

}  // namespace

Outcome<Scope> Scope::read(const json::object& request) {
  Scope scope;
  if (const json::object* names = get_object(request, "ExpressionAttributeNames")) {
    if (names->empty()) return refuse(validation("ExpressionAttributeNames must not be empty"));
    for (const auto& [key, name] : *names) {
      if (!is_key(key, '#'))
        return refuse(validation("ExpressionAttributeNames contains invalid key: Syntax error; key: \"" +
                                 std::string(key) + "\""));
      if (!name.is_string()) return refuse(serialization("Unexpected field type"));
      if (name.get_string().empty() || name.get_string().size() > 65535)
        return refuse(
            validation("ExpressionAttributeNames contains invalid value: Attribute name must have a length "
                       "between 1 and 65535; key: \"" +
                       std::string(key) + "\""));
      scope.names_.emplace(key, Entry<std::string>{std::string(name.get_string())});
    }
  }
  if (const json::object* values = get_object(request, "ExpressionAttributeValues")) {
    if (values->empty()) return refuse(validation("ExpressionAttributeValues must not be empty"));
    for (const auto& [key, json] : *values) {
      if (!is_key(key, ':'))
        return refuse(validation("ExpressionAttributeValues contains invalid key: Syntax error; key: \"" +
                                 std::string(key) + "\""));
      auto value = read_value(json);
      if (!value) {
        WireError error = std::move(value.error());
        if (error.code == "ValidationException")
          error.message =
              "ExpressionAttributeValues contains invalid value: " + error.message + " for key " + std::string(key);
        return refuse(std::move(error));
      }
      scope.values_.emplace(key, Entry<Value>{*std::move(value)});
    }
  }
  return scope;
}

const std::string* Scope::name(std::string_view alias) {
  auto found = names_.find(alias);
  if (found == names_.end()) return nullptr;
  found->second.used = true;
  return &found->second.content;
}

const Value* Scope::value(std::string_view placeholder) {
  auto found = values_.find(placeholder);
  if (found == values_.end()) return nullptr;
  found->second.used = true;
  return &found->second.content;
}

Outcome<void> Scope::check_all_used() const {
  if (std::string names = unused(names_); !names.empty())
    return refuse(
        validation("Value provided in ExpressionAttributeNames unused in expressions: keys: {" + names + "}"));
  if (std::string values = unused(values_); !values.empty())
    return refuse(
        validation("Value provided in ExpressionAttributeValues unused in expressions: keys: {" + values + "}"));
  return {};
}

}  // namespace ads::cloud::dynamodb
