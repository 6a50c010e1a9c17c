#include "cloud/lambda/service.h"

#include "base/encoding.h"
#include "base/ids.h"
#include "base/log.h"
#include "cloud/json_protocol.h"
#include "cloud/lambda/access.h"
#include "cloud/lambda/actions/invoke.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/router.h"

namespace ads::cloud::lambda {

namespace {
constexpr std::size_t kBodyLimit = 72u << 20;  // 50 MB of zip, as base64, and the rest
}

Lambda::Lambda(Environment& environment, Limits limits) : parts_(environment, std::move(limits)) {}

Task<http::Reply> Lambda::answer(Call& call) {
  auto reply = co_await run(call);
  if (!reply) co_return render_rest_json_error(call, reply.error());
  co_return std::move(*reply);
}

Task<Outcome<http::Reply>> Lambda::run(Call& call) {
  auto route = find_route(call.request.head.method, call.request.head.target);
  if (!route)
    co_return refuse(404, "UnknownOperationException",
                     fmt::format("{} {} is no path of Lambda's API", call.request.head.method,
                                 http::split_target(call.request.head.target).first));
  if (route->operation == "Invoke") {
    if (auto allowed = authorize(parts_, call, route->operation, route->resource, route->members); !allowed)
      co_return refuse(allowed.error());
    std::string name(get_string(route->members, "FunctionName").value_or("")),
        qualifier(get_string(route->members, "Qualifier").value_or(""));
    co_return co_await invoke(parts_, call, std::move(name), std::move(qualifier));
  }
  if (!route->action) co_return refuse(not_implemented(route->operation));
  auto body = co_await call.request.body.read_all(kBodyLimit);
  if (!body && body.error().code == "RequestBodyTooLarge")
    co_return refuse(user_error(
        413, "RequestEntityTooLargeException",
        fmt::format("Request must be smaller than {} bytes for the {} operation", kBodyLimit, route->operation)));
  if (!body) co_return refuse(user_error(400, "InvalidRequestContentException", body.error().message));
  json::object input;
  if (!body->empty()) {
    auto parsed = parse_json_object(*body);
    if (!parsed)
      co_return refuse(user_error(400, "InvalidRequestContentException",
                                  "Could not parse request body into json: " + parsed.error().message));
    input = std::move(*parsed);
  }
  for (auto& [name, value] : route->members) input[name] = value;
  if (auto allowed = authorize(parts_, call, route->operation, route->resource, input); !allowed)
    co_return refuse(allowed.error());
  auto output = co_await route->action(parts_, call.region, std::move(input));
  if (!output) co_return refuse(output.error());
  if (route->status == 204) co_return http::Reply{204, {{"x-amzn-RequestId", call.request_id}}};
  co_return json_reply(call, *output, "application/json", route->status);
}

Task<void> Lambda::start() {
  if (auto sealed = parts_.state.seal_functions(); !sealed)
    log(LogLevel::error, "functions were not sealed", {{"error", sealed.error().message}});
  parts_.codes.clean_up([&](std::string_view sha) { return parts_.state.is_code_used(sha); });
  parts_.pool.start();
  parts_.queue.start();
  if (parts_.environment.queues) parts_.sources.start();
  co_return;
}

void Lambda::bring_deadlines_forward(Batch& batch, std::chrono::milliseconds by) {
  parts_.queue.bring_forward(batch, by);
}

Task<void> Lambda::stop() {
  // The pool first: it ends what runs, and so everything that waits for it.
  co_await parts_.pool.stop();
  co_await parts_.sources.stop();
  co_await parts_.queue.stop();
}

Outcome<void> Lambda::may_invoke(const std::string& arn, const Source& source) {
  auto region = region_of_arn(arn);
  auto name = parse_function_name(arn, region, parts_.environment.account);
  if (!name) return refuse(name.error());
  auto function = parts_.state.resolve(region, *name);
  if (!function) return refuse(function.error());
  return authorize_invocation(parts_, arn, source);
}

Task<Outcome<void>> Lambda::invoke_async(std::string function_arn, std::string payload, Source source) {
  if (auto allowed = may_invoke(function_arn, source); !allowed) co_return refuse(allowed.error());
  if (payload.size() > kAsyncPayloadLimit)
    co_return refuse(
        user_error(413, "RequestTooLargeException",
                   fmt::format("{} byte payload is too large for the Event invocation type (limit {} bytes)",
                               payload.size(), kAsyncPayloadLimit)));
  auto region = region_of_arn(function_arn);
  auto name = parse_function_name(function_arn, region, parts_.environment.account);
  if (!name) co_return refuse(name.error());
  AsyncEvent event{.request_id = random_uuid(), .payload = std::move(payload)};
  co_return co_await parts_.queue.add(region, *name, std::move(event));
}

}  // namespace ads::cloud::lambda
