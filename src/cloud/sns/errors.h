// SNS's refusals, by AWS's names. https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
#pragma once
#include "cloud/access.h"
#include "cloud/wire_error.h"

namespace ads::cloud::sns {

inline constexpr access::Style kDenied{403, "AuthorizationError"};

// "Invalid parameter: <what>"
inline WireError invalid_parameter(std::string_view what) {
  return {400, "InvalidParameter", fmt::format("Invalid parameter: {}", what)};
}
inline WireError parameter_value_invalid(std::string message) {
  return {400, "ParameterValueInvalid", std::move(message)};
}
inline WireError topic_not_found() {
  return {404, "NotFound", "Topic does not exist"};
}
inline WireError subscription_not_found() {
  return {404, "NotFound", "Subscription does not exist"};
}
inline WireError resource_not_found() {
  return {404, "ResourceNotFound", "Resource does not exist"};
}
inline WireError filter_policy_limit() {
  return {403, "FilterPolicyLimitExceeded", "You have reached the limit of 200 filter policies on this topic."};
}
inline WireError tag_limit() {
  return {400, "TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded"};
}
inline WireError empty_batch() {
  return {400, "EmptyBatchRequest", "The batch request doesn't contain any entries."};
}
inline WireError too_many_entries() {
  return {400, "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible."};
}
inline WireError ids_not_distinct() {
  return {400, "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id."};
}
inline WireError invalid_batch_entry_id() {
  return {400, "InvalidBatchEntryId", "The Id of a batch entry in a batch request doesn't abide by the specification."};
}
inline WireError batch_too_long() {
  return {400, "BatchRequestTooLong", "The length of all the batch messages put together is more than the limit."};
}

}  // namespace ads::cloud::sns
