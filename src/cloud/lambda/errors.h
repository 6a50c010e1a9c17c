// Lambda's refusals, by AWS's names.
#pragma once
#include <fmt/core.h>

#include "cloud/wire_error.h"

namespace ads::cloud::lambda {

inline WireError user_error(int status, std::string code, std::string message) {
  WireError error{status, std::move(code), std::move(message)};
  error.fields["Type"] = "User";
  return error;
}
inline WireError invalid_parameter(std::string message) {
  return user_error(400, "InvalidParameterValueException", std::move(message));
}
// The words of AWS's model validation.
inline WireError invalid_member(std::string_view member, std::string_view value, std::string_view constraint) {
  return user_error(400, "ValidationException",
                    fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: {}",
                                value, member, constraint));
}
inline WireError not_found(std::string message) {
  return user_error(404, "ResourceNotFoundException", std::move(message));
}
inline WireError function_not_found(std::string_view arn) {
  return not_found(fmt::format("Function not found: {}", arn));
}
inline WireError conflict(std::string message) {
  return user_error(409, "ResourceConflictException", std::move(message));
}
inline WireError precondition_failed() {
  return user_error(
      412, "PreconditionFailedException",
      "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to "
      "retrieve the latest RevisionId");
}
// `reason` is one of AWS's ThrottleReason values.
inline WireError too_many_requests(std::string_view reason) {
  auto error = user_error(429, "TooManyRequestsException", "Rate Exceeded.");
  error.fields["Reason"] = reason;
  error.headers.set("Retry-After", "1");
  return error;
}
inline WireError service_error(std::string message) {
  WireError error{500, "ServiceException", std::move(message)};
  error.fields["Type"] = "Service";
  return error;
}
inline WireError invalid_zip() {
  return invalid_parameter("Could not unzip uploaded file. Please check your file, then try to upload again.");
}

}  // namespace ads::cloud::lambda
