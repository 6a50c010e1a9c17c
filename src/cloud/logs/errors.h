// CloudWatch Logs' refusals, by AWS's names.
#pragma once
#include <fmt/core.h>

#include "cloud/wire_error.h"

namespace ads::cloud::logs {

inline WireError group_not_found() {
  return {400, "ResourceNotFoundException", "The specified log group does not exist."};
}
inline WireError stream_not_found() {
  return {400, "ResourceNotFoundException", "The specified log stream does not exist."};
}
inline WireError group_exists() {
  return {400, "ResourceAlreadyExistsException", "The specified log group already exists"};
}
inline WireError stream_exists() {
  return {400, "ResourceAlreadyExistsException", "The specified log stream already exists"};
}
inline WireError invalid_parameter(std::string message) {
  return {400, "InvalidParameterException", std::move(message)};
}
// The words of AWS's model validation: "1 validation error detected: Value 'x' at 'logGroupName' failed to satisfy
// ...".
inline WireError invalid_member(std::string_view member, std::string_view value, std::string_view constraint) {
  return invalid_parameter(fmt::format(
      "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: {}", value, member, constraint));
}

}  // namespace ads::cloud::logs
