#include "cloud/sqs/errors.h"

namespace ads::cloud::sqs {
namespace {

// Every refusal of the JSON protocol is a 400; the Query protocol has these two as well.
int query_status(std::string_view code) {
  static const std::map<std::string_view, int> statuses = {
      {"ReceiptHandleIsInvalid", 404}, {"InvalidAddress", 404}, {"ResourceNotFoundException", 404},
      {"AccessDenied", 403},           {"OverLimit", 403},      {"AWS.SimpleQueueService.PurgeQueueInProgress", 403},
  };
  const auto found = statuses.find(code);
  return found == statuses.end() ? 400 : found->second;
}

WireError error(std::string shape, std::string_view older, std::string message) {
  WireError made{400, std::move(shape), std::move(message)};
  made.headers.set("x-amzn-query-error", std::string(older) + ";Sender");
  return made;
}

WireError prefixed(std::string_view shape, std::string message) {
  return error(std::string(shape), "AWS.SimpleQueueService." + std::string(shape), std::move(message));
}

WireError same(std::string_view shape, std::string message) {
  return error(std::string(shape), shape, std::move(message));
}

}  // namespace

WireError queue_does_not_exist() {
  return error("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
}
WireError queue_name_exists(std::string_view attribute) {
  return error(
      "QueueNameExists", "QueueAlreadyExists",
      fmt::format("A queue already exists with the same name and a different value for attribute {}", attribute));
}
WireError invalid_address(std::string_view address) {
  return same("InvalidAddress", fmt::format("The address {} is not valid for this endpoint.", address));
}
WireError invalid_attribute_name(std::string_view name) {
  return same("InvalidAttributeName", fmt::format("Unknown Attribute {}.", name));
}
WireError invalid_attribute_value(std::string message) {
  return same("InvalidAttributeValue", std::move(message));
}
WireError invalid_parameter(std::string message) {
  return error("InvalidParameterValueException", "InvalidParameterValue", std::move(message));
}
WireError invalid_parameter(std::string_view parameter, std::string_view value, std::string_view reason) {
  return invalid_parameter(fmt::format("Value {} for parameter {} is invalid. Reason: {}", value, parameter, reason));
}
WireError missing_parameter(std::string_view name) {
  return error("MissingRequiredParameterException", "MissingParameter",
               fmt::format("The request must contain the parameter {}.", name));
}
WireError invalid_message_contents(std::string message) {
  return same("InvalidMessageContents", std::move(message));
}
WireError receipt_handle_is_invalid(std::string_view handle) {
  return same("ReceiptHandleIsInvalid",
              fmt::format("The input receipt handle \"{}\" is not a valid receipt handle.", handle));
}
WireError message_not_in_flight() {
  return prefixed("MessageNotInflight", "The message referred to is not in flight.");
}
WireError over_limit(std::string message) {
  return same("OverLimit", std::move(message));
}
WireError purge_in_progress(std::string_view queue) {
  return prefixed("PurgeQueueInProgress",
                  fmt::format("Only one PurgeQueue operation on {} is allowed every 60 seconds.", queue));
}
WireError unsupported_operation(std::string message) {
  return prefixed("UnsupportedOperation", std::move(message));
}
WireError resource_not_found(std::string message) {
  return same("ResourceNotFoundException", std::move(message));
}
WireError empty_batch(std::string_view entry_shape) {
  return prefixed("EmptyBatchRequest", fmt::format("There should be at least one {} in the request.", entry_shape));
}
WireError too_many_entries(std::size_t sent) {
  return prefixed("TooManyEntriesInBatchRequest",
                  fmt::format("Maximum number of entries per request are 10. You have sent {}.", sent));
}
WireError ids_not_distinct(std::string_view id) {
  return prefixed("BatchEntryIdsNotDistinct", fmt::format("Id {} repeated.", id));
}
WireError invalid_batch_entry_id() {
  return prefixed("InvalidBatchEntryId",
                  "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                  "It can be at most 80 letters long.");
}
WireError batch_too_long(std::size_t limit, std::size_t sent) {
  return prefixed("BatchRequestTooLong",
                  fmt::format("Batch requests cannot be longer than {} bytes. You have sent {} bytes.", limit, sent));
}

std::string query_code(const WireError& error) {
  const auto header = error.headers.get("x-amzn-query-error");
  return header ? std::string(header->substr(0, header->find(';'))) : error.code;
}

WireError for_query(WireError error) {
  if (!error.headers.has("x-amzn-query-error")) return error;
  error.code = query_code(error);
  if (error.code == "AWS.SimpleQueueService.NonExistentQueue") {
    error.message = "The specified queue does not exist for this wsdl version.";
  }
  error.status = query_status(error.code);
  error.headers.remove("x-amzn-query-error");
  return error;
}

}  // namespace ads::cloud::sqs
