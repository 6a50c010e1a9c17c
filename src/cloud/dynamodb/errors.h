// DynamoDB's refusals, each bearing AWS's name and words.
#pragma once
#include <string>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::dynamodb {

inline WireError validation(std::string message) {
  return {400, "ValidationException", std::move(message)};
}
// What AWS puts before most refusals of a value.
inline WireError invalid_parameter(std::string_view message) {
  return validation("One or more parameter values were invalid: " + std::string(message));
}
inline WireError serialization(std::string message) {
  return {400, "SerializationException", std::move(message)};
}

// Data operations do not name the table, control operations do.
inline WireError no_such_table() {
  return {400, "ResourceNotFoundException", "Requested resource not found"};
}
inline WireError no_such_table(std::string_view name) {
  return {400, "ResourceNotFoundException", "Requested resource not found: Table: " + std::string(name) + " not found"};
}
inline WireError no_such_resource(std::string_view arn) {
  return {400, "ResourceNotFoundException",
          "Requested resource not found: ResourcArn: " + std::string(arn) + " not found"};
}
inline WireError table_in_use(std::string message) {
  return {400, "ResourceInUseException", std::move(message)};
}
inline WireError limit_exceeded(std::string message) {
  return {400, "LimitExceededException", std::move(message)};
}
inline WireError condition_failed() {
  return {400, "ConditionalCheckFailedException", "The conditional request failed"};
}
// A parameter that AWS knows and this service does not.
inline WireError unsupported(std::string_view parameter) {
  WireError error = not_implemented(parameter);
  error.message = std::string(parameter) + " is not implemented by the local DynamoDB";
  return error;
}
inline WireError wrong_key() {
  return validation("The provided key element does not match the schema");
}

}  // namespace ads::cloud::dynamodb
