// SQS's refusals. Each has two names: the shape's (JSON protocol) and the older one of the Query protocol, which new
// clients read from x-amzn-query-error as well.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
#pragma once
#include <string>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::sqs {

WireError queue_does_not_exist();
WireError queue_name_exists(std::string_view attribute);
WireError invalid_address(std::string_view address);
WireError invalid_attribute_name(std::string_view name);
WireError invalid_attribute_value(std::string message);
WireError invalid_parameter(std::string message);
// "Value v for parameter P is invalid. Reason: r"
WireError invalid_parameter(std::string_view parameter, std::string_view value, std::string_view reason);
WireError missing_parameter(std::string_view name);
WireError invalid_message_contents(std::string message);
WireError receipt_handle_is_invalid(std::string_view handle);
WireError message_not_in_flight();
WireError over_limit(std::string message);
WireError purge_in_progress(std::string_view queue);
WireError unsupported_operation(std::string message);
WireError resource_not_found(std::string message);
WireError empty_batch(std::string_view entry_shape);
WireError too_many_entries(std::size_t sent);
WireError ids_not_distinct(std::string_view id);
WireError invalid_batch_entry_id();
WireError batch_too_long(std::size_t limit, std::size_t sent);

// The older name: what batch entries carry as Code and other services of the city are told.
std::string query_code(const WireError& error);
// The same refusal as the Query protocol has it: older name, and its own status where that isn't 400.
WireError for_query(WireError error);

}  // namespace ads::cloud::sqs
