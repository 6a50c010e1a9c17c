// The scheduler's refusals, by AWS's names. Its exceptions spell their member "Message".
#pragma once
#include <fmt/core.h>

#include "cloud/wire_error.h"

namespace ads::cloud::scheduler {

inline WireError with_message(WireError error) {
  error.fields["Message"] = error.message;
  return error;
}
inline WireError exception(int status, std::string code, std::string message) {
  return with_message({status, std::move(code), std::move(message)});
}
inline WireError validation(std::string message) {
  return exception(400, "ValidationException", std::move(message));
}
// The words of AWS's model validation.
inline WireError invalid_member(std::string_view member, std::string_view value, std::string_view constraint) {
  return validation(fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: {}",
                                value, member, constraint));
}
inline WireError no_such_schedule(std::string_view name) {
  return exception(404, "ResourceNotFoundException", fmt::format("Schedule {} does not exist.", name));
}
inline WireError no_such_group(std::string_view name) {
  return exception(404, "ResourceNotFoundException", fmt::format("Schedule group {} does not exist.", name));
}
inline WireError conflict(std::string message) {
  return exception(409, "ConflictException", std::move(message));
}

}  // namespace ads::cloud::scheduler
