// Lambda's rest-json: inputs as HTTP requests, answers as outputs.
#pragma once
#include "aws/lambda/lambda.h"
#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace ads::aws::lambda {

http::Request encode(const InvokeInput& input);
http::Request encode(const UpdateFunctionCodeInput& input);
http::Request encode(const ListEventSourceMappingsInput& input);
// "/2015-03-31/functions/NAME", the name or ARN percent-encoded
std::string function_path(std::string_view function);

InvokeOutput decode_invoke(http::Response response);
FunctionConfiguration decode_configuration(const json::object& body);
// Errors: corrupt / "MalformedAnswer".
Result<GetFunctionOutput> decode_get_function(const json::object& body);
ListEventSourceMappingsOutput decode_list_event_source_mappings(const json::object& body);

}  // namespace ads::aws::lambda
