// IAM's and STS's refusals, by AWS's names and in AWS's words.
#pragma once
#include <fmt/core.h>

#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::iam {

inline WireError no_such_entity(std::string message) {
  return {404, "NoSuchEntity", std::move(message)};
}
inline WireError entity_exists(std::string_view kind, std::string_view name) {
  return {409, "EntityAlreadyExists", fmt::format("{} with name {} already exists.", kind, name)};
}
inline WireError delete_conflict(std::string message) {
  return {409, "DeleteConflict", std::move(message)};
}
inline WireError limit_exceeded(std::string message) {
  return {409, "LimitExceeded", std::move(message)};
}
inline WireError validation(std::string message) {
  return {400, "ValidationError", std::move(message)};
}
inline WireError invalid_input(std::string message) {
  return {400, "InvalidInput", std::move(message)};
}
inline WireError access_denied(std::string message) {
  return {403, "AccessDenied", std::move(message)};
}
inline WireError invalid_client_token() {
  return {403, "InvalidClientTokenId", "The security token included in the request is invalid."};
}

}  // namespace ads::cloud::iam
