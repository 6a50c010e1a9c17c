#include "function/runtime.h"

#include <cxxabi.h>
#include <fmt/core.h>

#include <charconv>
#include <cstdlib>

#include "base/log.h"
#include "function/pace.h"
#include "function/stack_trace.h"

namespace ads::function {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kBase = "/2018-06-01/runtime";
constexpr milliseconds kForAnswers{10'000};
// Lambda freezes the sandbox while it waits for work: no time that passes there means anything.
constexpr milliseconds kForNext = std::chrono::hours(24 * 365);
constexpr int kPosts = 8;  // of one answer; after the deadline nobody wants it any more

std::string demangled(const char* name) {
  int status = 0;
  char* text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string out = status == 0 && text ? text : name;
  std::free(text);
  return out;
}

struct Outcome {
  std::optional<Result<std::string>> answer;
  std::optional<Failure> failure;
};

Task<Outcome> handle(const Handler& handler, Invocation invocation) {
  Outcome outcome;
  try {
    outcome.answer = co_await handler(std::move(invocation));
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;  // the loop itself was asked to end
    outcome.failure = Failure::of_current_exception();
  } catch (...) {
    outcome.failure = Failure::of_current_exception();
  }
  if (outcome.answer && !*outcome.answer) outcome.failure = Failure::of(outcome.answer->error());
  co_return outcome;
}

}  // namespace

Failure Failure::of(const Error& error) {
  return {error.code, error.message, {}};
}

Failure Failure::of_current_exception() {
  Failure failure{"Unknown", "something that is no std::exception was thrown", thrown_from()};
  if (auto* type = abi::__cxa_current_exception_type()) failure.type = demangled(type->name());
  try {
    throw;
  } catch (const std::exception& exception) {
    failure.message = exception.what();
  } catch (...) {
  }
  return failure;
}

std::string Failure::to_json() const {
  json::array frames(stack_trace.begin(), stack_trace.end());
  return json::serialize(
      json::object{{"errorType", type}, {"errorMessage", message}, {"stackTrace", std::move(frames)}});
}

// Enough jitter for one sandbox's loop: nothing else in it draws from this.
milliseconds Runtime::default_delay(int attempt) {
  return jittered_delay(attempt, 0.5 + 0.5 * static_cast<double>(std::rand()) / RAND_MAX);
}

Runtime::Runtime(asio::any_io_executor executor, http::Origin origin, Delay delay)
    : client_(std::make_unique<http::Client>(
          executor, http::ClientOptions{.connections_per_origin = 1, .idle = std::chrono::seconds(24 * 3600)})),
      origin_(std::move(origin)),
      delay_(std::move(delay)) {}

Result<Runtime> Runtime::create(asio::any_io_executor executor, std::string_view api, Delay delay) {
  auto url = http::parse_url("http://" + std::string(api));
  if (api.empty() || !url || !url->path.empty())
    return fail(ErrorKind::invalid, "BadRuntimeApi",
                fmt::format("AWS_LAMBDA_RUNTIME_API is '{}', which is no host:port: this program is a Lambda function "
                            "and is started by Lambda (or by ads cloud)",
                            api));
  return Runtime(std::move(executor), url->origin, std::move(delay));
}

Task<Invocation> Runtime::next() {
  for (int attempt = 0;; ++attempt) {
    http::Request request{"GET", fmt::format("{}/invocation/next", kBase), {}, {}};
    auto response = co_await client_->send(origin_, request, kForNext);
    if (response && response->status == 200) {
      const http::Headers& headers = response->headers;
      Invocation invocation;
      invocation.request_id = headers.get_or("Lambda-Runtime-Aws-Request-Id", "");
      invocation.function_arn = headers.get_or("Lambda-Runtime-Invoked-Function-Arn", "");
      invocation.trace_id = headers.get_or("Lambda-Runtime-Trace-Id", "");
      std::string_view deadline = headers.get_or("Lambda-Runtime-Deadline-Ms", "");
      std::int64_t since_epoch = 0;
      auto [end, error] = std::from_chars(deadline.data(), deadline.data() + deadline.size(), since_epoch);
      invocation.deadline = error == std::errc{} && !deadline.empty() ? SystemTime(milliseconds(since_epoch))
                                                                      : system_clock().now() + std::chrono::minutes(15);
      invocation.payload = std::move(response->body);
      co_return invocation;
    }
    log(LogLevel::warning, "the runtime API gave no invocation; asking again",
        {{"error", response ? fmt::format("HTTP {}", response->status) : response.error().message}});
    co_await sleep_for(delay_(attempt));
  }
}

Task<void> Runtime::post(std::string path, std::string body, http::Headers headers) {
  http::Request request{"POST", fmt::format("{}{}", kBase, path), std::move(headers), std::move(body)};
  for (int attempt = 0; attempt < kPosts; ++attempt) {
    auto response = co_await client_->send(origin_, request, kForAnswers);
    if (response && response->status < 300) co_return;
    std::string problem =
        response ? fmt::format("HTTP {}: {}", response->status, response->body) : response.error().message;
    // 4xx: repeating cannot help. The answer was too large, or its invocation is over already.
    bool is_final = response && response->status >= 400 && response->status < 500;
    log(is_final ? LogLevel::error : LogLevel::warning, "the runtime API did not take an answer",
        {{"path", path}, {"error", problem}});
    if (is_final) co_return;
    co_await sleep_for(delay_(attempt));
  }
}

Task<void> Runtime::fail_init(Failure failure) {
  http::Headers headers{{"Content-Type", "application/json"}, {"Lambda-Runtime-Function-Error-Type", failure.type}};
  co_await post("/init/error", failure.to_json(), std::move(headers));
}

Task<void> Runtime::serve_one(const Handler& handler) {
  Invocation invocation = co_await next();
  std::string path = "/invocation/" + invocation.request_id;
  set_log_context({{"requestId", invocation.request_id}});
  if (invocation.trace_id.empty())
    ::unsetenv("_X_AMZN_TRACE_ID");
  else
    ::setenv("_X_AMZN_TRACE_ID", invocation.trace_id.c_str(), 1);

  Outcome outcome = co_await handle(handler, std::move(invocation));
  if (!outcome.failure) {
    co_await post(path + "/response", std::move(**outcome.answer), {{"Content-Type", "application/json"}});
  } else {
    log(LogLevel::error, "the invocation failed",
        {{"errorType", outcome.failure->type},
         {"errorMessage", outcome.failure->message},
         {"stackTrace", json::array(outcome.failure->stack_trace.begin(), outcome.failure->stack_trace.end())}});
    http::Headers headers{{"Content-Type", "application/json"},
                          {"Lambda-Runtime-Function-Error-Type", outcome.failure->type}};
    co_await post(path + "/error", outcome.failure->to_json(), std::move(headers));
  }
  set_log_context({});
}

Task<void> Runtime::run(Handler handler) {
  for (;;) co_await serve_one(handler);
}

}  // namespace ads::function
