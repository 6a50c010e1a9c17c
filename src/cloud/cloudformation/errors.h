// CloudFormation's refusals, by AWS's names and in AWS's words.
#pragma once
#include <fmt/core.h>

#include <string>

#include "cloud/wire_error.h"

namespace ads::cloud::cloudformation {

inline WireError validation(std::string message) {
  return {400, "ValidationError", std::move(message)};
}
inline WireError format_error(std::string_view message) {
  return validation(fmt::format("Template format error: {}", message));
}
inline WireError no_stack(std::string_view name) {
  return validation(fmt::format("Stack with id {} does not exist", name));
}
inline WireError stack_exists(std::string_view name) {
  return {400, "AlreadyExistsException", fmt::format("Stack [{}] already exists", name)};
}
inline WireError no_change_set(std::string_view name) {
  return {404, "ChangeSetNotFound", fmt::format("ChangeSet [{}] does not exist", name)};
}
inline WireError insufficient_capabilities(std::string_view needed) {
  return {400, "InsufficientCapabilitiesException", fmt::format("Requires capabilities : [{}]", needed)};
}
inline WireError unsupported(std::string_view what) {
  return {501, "NotImplemented", fmt::format("{} is not implemented by the local cloud.", what)};
}

}  // namespace ads::cloud::cloudformation
