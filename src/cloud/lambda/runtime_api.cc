#include "cloud/lambda/runtime_api.h"

#include "base/json.h"

namespace ads::cloud::lambda {

namespace {

constexpr std::string_view kBase = "/2018-06-01/runtime/";

http::Reply reply_json(int status, json::object body) {
  return {status, {{"Content-Type", "application/json"}}, json::serialize(body)};
}

http::Reply refused(int status, std::string_view type, std::string_view message) {
  return reply_json(status, {{"errorMessage", message}, {"errorType", type}});
}

http::Reply accepted() {
  return reply_json(202, {{"status", "OK"}});
}

// The type the header names, else the body's own, else Lambda's word for neither.
std::string error_type_of(const http::Headers& headers, const std::string& body) {
  if (auto type = headers.get("Lambda-Runtime-Function-Error-Type"); type && !type->empty()) return std::string(*type);
  auto parsed = parse_json_object(body);
  auto type = parsed ? get_string(*parsed, "errorType") : std::nullopt;
  return type && !type->empty() ? std::string(*type) : "Runtime.Unknown";
}

// An idle sandbox waits long for its next event; the pool ends it, not the server.
http::ServerLimits limits() {
  http::ServerLimits limits;
  limits.connections = 64;
  limits.idle = std::chrono::hours(24);
  return limits;
}

}  // namespace

RuntimeApi::RuntimeApi(asio::any_io_executor executor, RuntimeHost& host)
    : host_(host), server_(executor, [this](http::IncomingRequest& request) { return handle(request); }, limits()) {}

Task<http::Reply> RuntimeApi::handle(http::IncomingRequest& request) {
  auto path = http::split_target(request.head.target).first;
  bool is_get = request.head.method == "GET", is_post = request.head.method == "POST";
  if (!path.starts_with(kBase)) co_return refused(404, "NotFound", "the Runtime API's version here is 2018-06-01");
  path.remove_prefix(kBase.size());
  if (is_get && path == "invocation/next") co_return co_await next();
  if (is_post && path == "init/error") co_return co_await take_init_error(request);
  if (is_post && path.starts_with("invocation/")) {
    path.remove_prefix(std::string_view("invocation/").size());
    auto slash = path.find('/');
    auto kind = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (kind == "response" || kind == "error")
      co_return co_await take_answer(request, std::string(path.substr(0, slash)), std::string(kind));
  }
  co_return refused(404, "NotFound", "no such path in the Runtime API");
}

Task<http::Reply> RuntimeApi::next() {
  const Invocation* invocation = co_await host_.next();
  if (!invocation) co_return refused(410, "Closed", "this sandbox has ended");
  http::Reply reply{200, {{"Content-Type", "application/json"}}, invocation->payload};
  reply.headers.set("Lambda-Runtime-Aws-Request-Id", invocation->request_id);
  reply.headers.set("Lambda-Runtime-Deadline-Ms", std::to_string(invocation->deadline.time_since_epoch().count()));
  reply.headers.set("Lambda-Runtime-Invoked-Function-Arn", invocation->function_arn);
  reply.headers.set("Lambda-Runtime-Trace-Id", invocation->trace_id);
  if (!invocation->client_context.empty())
    reply.headers.set("Lambda-Runtime-Client-Context", invocation->client_context);
  co_return reply;
}

Task<http::Reply> RuntimeApi::take_answer(http::IncomingRequest& request, std::string request_id, std::string kind) {
  auto body = co_await request.body.read_all(kResponseLimit);
  if (!body && body.error().code == "RequestBodyTooLarge") {
    auto size = request.body.declared_length();
    std::string message = fmt::format("Response payload size{} exceeded maximum allowed payload size ({} bytes).",
                                      size ? fmt::format(" ({} bytes)", *size) : "", kResponseLimit);
    auto failure =
        json::serialize(json::object{{"errorType", "Function.ResponseSizeTooLarge"}, {"errorMessage", message}});
    host_.answer(request_id, {failure, "Function.ResponseSizeTooLarge"});
    co_return refused(413, "RequestEntityTooLarge",
                      fmt::format("Exceeded maximum allowed payload size ({} bytes).", kResponseLimit));
  }
  if (!body) co_return refused(400, "InvalidRequest", body.error().message);
  Answer answer{std::move(*body), {}};
  if (kind == "error") answer.error_type = error_type_of(request.head.headers, answer.payload);
  if (!host_.answer(request_id, std::move(answer))) co_return refused(400, "InvalidRequestID", "Invalid request ID");
  co_return accepted();
}

Task<http::Reply> RuntimeApi::take_init_error(http::IncomingRequest& request) {
  auto body = co_await request.body.read_all(kResponseLimit);
  if (!body) co_return refused(400, "InvalidRequest", body.error().message);
  Answer answer{std::move(*body), {}};
  answer.error_type = error_type_of(request.head.headers, answer.payload);
  host_.init_failed(std::move(answer));
  co_return accepted();
}

}  // namespace ads::cloud::lambda
