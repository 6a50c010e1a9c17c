// Lambda's runtime API, version 2018-06-01: takes invocations one by one and hands back answers or errors
// (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "function/invocation.h"
#include "http/client.h"

namespace ads::function {

// What Lambda shows a person: {"errorType","errorMessage","stackTrace"}.
struct Failure {
  std::string type;
  std::string message;
  std::vector<std::string> stack_trace;

  static Failure of(const Error& error);
  // The exception being handled, with the place that it was thrown from where this build keeps it.
  static Failure of_current_exception();
  std::string to_json() const;
};

class Runtime {
 public:
  // How long to wait before asking a failing API again; attempts count from 0.
  using Delay = std::function<std::chrono::milliseconds(int attempt)>;

  // `api` is AWS_LAMBDA_RUNTIME_API: "host:port". Errors: invalid / "BadRuntimeApi".
  static Result<Runtime> create(asio::any_io_executor executor, std::string_view api, Delay delay = default_delay);
  static std::chrono::milliseconds default_delay(int attempt);

  // Tells Lambda why the function cannot start. The process is to end then.
  Task<void> fail_init(Failure failure);

  // For ever: next, handle, answer. What a handler throws is that invocation's error and no other's. Every log line
  // carries the request's id meanwhile. A failing API is asked again with back-off. Ends by cancellation only.
  Task<void> run(Handler handler);

  // One turn of the loop.
  Task<void> serve_one(const Handler& handler);

 private:
  Runtime(asio::any_io_executor executor, http::Origin origin, Delay delay);
  Task<Invocation> next();
  Task<void> post(std::string path, std::string body, http::Headers headers);

  std::unique_ptr<http::Client> client_;
  http::Origin origin_;
  Delay delay_;
};

}  // namespace ads::function
