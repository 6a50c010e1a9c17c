#include "cloud/lambda/actions/invoke.h"

#include "base/encoding.h"
#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

Task<Outcome<http::Reply>> invoke(Parts& parts, Call& call, std::string function_name, std::string qualifier) {
  auto& headers = call.request.head.headers;
  std::string type(headers.get_or("X-Amz-Invocation-Type", "RequestResponse"));
  std::string log_type(headers.get_or("X-Amz-Log-Type", "None"));
  if (type != "RequestResponse" && type != "Event" && type != "DryRun")
    co_return refuse(
        invalid_member("invocationType", type, "Member must satisfy enum value set: [Event, RequestResponse, DryRun]"));
  if (log_type != "None" && log_type != "Tail")
    co_return refuse(invalid_member("logType", log_type, "Member must satisfy enum value set: [None, Tail]"));
  if (headers.has("X-Amz-Durable-Execution-Name"))
    co_return refuse(not_implemented("Invoke with DurableExecutionName"));
  if (headers.has("X-Amz-Tenant-Id")) co_return refuse(not_implemented("Invoke with TenantId"));
  auto name = parse_function_name(function_name, qualifier, call.region, parts.environment.account);
  if (!name) co_return refuse(name.error());
  auto function = parts.state.resolve(call.region, *name);
  if (!function) co_return refuse(function.error());

  std::size_t limit = type == "Event" ? kAsyncPayloadLimit : kSyncPayloadLimit;
  auto payload = co_await call.request.body.read_all(limit);
  if (!payload && payload.error().code == "RequestBodyTooLarge")
    co_return refuse(user_error(413, "RequestTooLargeException",
                                fmt::format("{} byte payload is too large for the {} invocation type (limit {} bytes)",
                                            call.request.body.declared_length().value_or(limit + 1), type, limit)));
  if (!payload) co_return refuse(user_error(400, "InvalidRequestContentException", payload.error().message));
  if (payload->empty()) *payload = "{}";
  if (auto parsed = parse_json(*payload); !parsed)
    co_return refuse(user_error(400, "InvalidRequestContentException",
                                "Could not parse request body into json: " + parsed.error().message));

  http::Reply reply{200, {{"x-amzn-RequestId", call.request_id}}};
  if (type == "DryRun") {
    reply.status = 204;
    co_return reply;
  }
  std::string trace(headers.get_or("X-Amzn-Trace-Id", ""));
  if (type == "Event") {
    AsyncEvent event{.request_id = call.request_id, .payload = std::move(*payload), .trace_id = std::move(trace)};
    auto queued = co_await parts.queue.add(call.region, *name, std::move(event));
    if (!queued) co_return refuse(queued.error());
    reply.status = 202;
    co_return reply;
  }
  Invocation invocation{.request_id = call.request_id,
                        .payload = std::move(*payload),
                        .function_arn = parts.state.arn(call.region, *name),
                        .trace_id = std::move(trace),
                        .client_context = std::string(headers.get_or("X-Amz-Client-Context", ""))};
  auto result = co_await parts.pool.invoke(*function, std::move(invocation),
                                           {.machine = Pool::Steady::now() + parts.limits.machine_patience});
  if (!result) co_return refuse(result.error());
  reply.headers.set("Content-Type", "application/json");
  reply.headers.set("X-Amz-Executed-Version", result->version);
  if (!result->is_success()) reply.headers.set("X-Amz-Function-Error", "Unhandled");
  if (log_type == "Tail") reply.headers.set("X-Amz-Log-Result", to_base64(result->log_tail));
  reply.body = std::move(result->payload);
  co_return reply;
}

}  // namespace ads::cloud::lambda
