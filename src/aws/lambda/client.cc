#include "aws/lambda/client.h"

#include "aws/lambda/codec.h"
#include "aws/services.h"

namespace ads::aws::lambda {
namespace {

using std::chrono::milliseconds;

Task<Result<http::Response>> send(Connection& connection, Operation operation, http::Request request) {
  auto endpoint = connection.endpoint(kLambda);
  if (!endpoint) co_return fail(endpoint.error());
  request.target = endpoint->base_path + request.target;
  co_return co_await connection.send(operation, endpoint->origin, std::move(request));
}

// The same, and the answer is a JSON object.
Task<Result<json::object>> call(Connection& connection, std::string_view name, http::Request request) {
  Operation operation{kLambda, name, Protocol::rest_json, std::chrono::seconds(60)};
  auto response = co_await send(connection, operation, std::move(request));
  if (!response) co_return fail(response.error());
  auto body = parse_json_object(response->body);
  if (!body) co_return fail(ErrorKind::corrupt, "MalformedAnswer", "Lambda: " + body.error().message);
  co_return std::move(*body);
}

}  // namespace

Task<Result<InvokeOutput>> Client::invoke(InvokeInput input, std::chrono::seconds timeout) const {
  Operation operation{kLambda, "Invoke", Protocol::rest_json, timeout, Operation::Repeat::once};
  auto response = co_await send(connection_, operation, encode(input));
  if (!response) co_return fail(response.error());
  co_return decode_invoke(std::move(*response));
}

Task<Result<GetFunctionOutput>> Client::get_function(std::string function) const {
  http::Request request{"GET", function_path(function), {}, {}};
  auto body = co_await call(connection_, "GetFunction", std::move(request));
  if (!body) co_return fail(body.error());
  co_return decode_get_function(*body);
}

Task<Result<FunctionConfiguration>> Client::get_function_configuration(std::string function) const {
  http::Request request{"GET", function_path(function) + "/configuration", {}, {}};
  auto body = co_await call(connection_, "GetFunctionConfiguration", std::move(request));
  if (!body) co_return fail(body.error());
  co_return decode_configuration(*body);
}

Task<Result<FunctionConfiguration>> Client::update_function_code(UpdateFunctionCodeInput input) const {
  auto body = co_await call(connection_, "UpdateFunctionCode", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_configuration(*body);
}

// {"AccountLimit": {"ConcurrentExecutions", "UnreservedConcurrentExecutions", ...}, "AccountUsage": {...}}
Task<Result<AccountSettings>> Client::get_account_settings() const {
  http::Request request{"GET", "/2016-08-19/account-settings", {}, {}};
  auto body = co_await call(connection_, "GetAccountSettings", std::move(request));
  if (!body) co_return fail(body.error());
  const auto* limit = get_object(*body, "AccountLimit");
  auto total = limit ? get_integer(*limit, "ConcurrentExecutions") : std::nullopt;
  if (!total) co_return fail(ErrorKind::corrupt, "MalformedAnswer", "Lambda GetAccountSettings: no AccountLimit");
  auto unreserved = get_integer(*limit, "UnreservedConcurrentExecutions").value_or(*total);
  co_return AccountSettings{static_cast<int>(*total), static_cast<int>(unreserved)};
}

Task<Result<ListEventSourceMappingsOutput>> Client::list_event_source_mappings(
    ListEventSourceMappingsInput input) const {
  auto body = co_await call(connection_, "ListEventSourceMappings", encode(input));
  if (!body) co_return fail(body.error());
  co_return decode_list_event_source_mappings(*body);
}

}  // namespace ads::aws::lambda
