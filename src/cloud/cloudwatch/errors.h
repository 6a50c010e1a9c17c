// CloudWatch's refusals, by AWS's names.
#pragma once
#include <fmt/core.h>

#include <string>

#include "cloud/wire_error.h"

namespace ads::cloud::cloudwatch {

inline WireError validation(std::string message) {
  return {400, "ValidationError", std::move(message)};
}
inline WireError missing(std::string_view member) {
  return {400, "MissingParameter", fmt::format("The parameter {} is required.", member)};
}
inline WireError invalid_value(std::string message) {
  return {400, "InvalidParameterValue", std::move(message)};
}
inline WireError invalid_combination(std::string message) {
  return {400, "InvalidParameterCombination", std::move(message)};
}
inline WireError invalid_format(std::string message) {
  return {400, "InvalidFormat", std::move(message)};
}
inline WireError invalid_token() {
  return {400, "InvalidNextToken", "The NextToken is not valid."};
}
inline WireError not_found(std::string message) {
  return {404, "ResourceNotFound", std::move(message)};
}

}  // namespace ads::cloud::cloudwatch
