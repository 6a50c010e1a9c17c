#include "aws/connection.h"

#include <fmt/format.h>

#include <random>

#include "aws/call_counts.h"
#include "aws/sigv4.h"
#include "base/log.h"

namespace ads::aws {
namespace {

using std::chrono::milliseconds;

// Codes by which services say that our clock is wrong.
bool is_about_time(const Error& error) {
  return error.code == "RequestTimeTooSkewed" || error.code == "RequestInTheFuture" ||
         ((error.code == "InvalidSignatureException" || error.code == "SignatureDoesNotMatch" ||
           error.code == "AuthFailure") &&
          (error.message.starts_with("Signature expired") || error.message.starts_with("Signature not yet current")));
}

// A status of 200 may hide an error for the operations that S3 starts to answer before it knows how they end.
bool hides_error(const Operation& operation, const http::Response& response) {
  if (operation.success == Operation::Success::by_status || response.status != 200) return false;
  auto start = std::string_view(response.body).substr(0, 256);
  return start.empty() || start.find("<Error") != std::string_view::npos;
}

bool may_repeat(const Operation& operation, Verdict verdict, const Error& error) {
  if (operation.repeat == Operation::Repeat::always || verdict == Verdict::throttled) return true;
  return error.code == "ConnectFailed" || error.code == "NameNotFound";
}

}  // namespace

struct Connection::State {
  State(asio::any_io_executor executor, Configuration c, http::ClientOptions options, Clock& clock)
      : configuration(std::move(c)),
        http(executor, options),
        once(executor, without_kept_connections(options)),
        clock(clock),
        random(std::random_device()()) {
    if (configuration.max_attempts) rules.max_attempts = *configuration.max_attempts;
  }

  // The client sends a request again where a kept connection dies before the answer: the service may have acted on it
  // all the same. What must not be sent twice gets a connection of its own.
  static http::ClientOptions without_kept_connections(http::ClientOptions options) {
    options.idle = std::chrono::seconds(0);
    return options;
  }

  double jitter() { return std::uniform_real_distribution<>(0, 1)(random); }

  Configuration configuration;
  http::Client http;
  http::Client once;  // for Operation::Repeat::once
  Clock& clock;
  std::shared_ptr<CredentialSource> credentials;
  RetryRules rules;
  RetryBudget budget;
  milliseconds skew{0};  // the service's clock less ours
  std::minstd_rand random;
};

Connection::Connection(asio::any_io_executor executor, Configuration configuration,
                       std::shared_ptr<CredentialSource> credentials, http::ClientOptions options, Clock& clock)
    : state_(std::make_unique<State>(executor, std::move(configuration), std::move(options), clock)) {
  state_->credentials = std::move(credentials);
}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::from_environment(asio::any_io_executor executor,
                                                                 http::ClientOptions options) {
  return from_environment(executor, process_variables(), std::move(options));
}

Result<std::unique_ptr<Connection>> Connection::from_environment(asio::any_io_executor executor, Variables variables,
                                                                 http::ClientOptions options) {
  auto configuration = load_configuration(variables);
  if (!configuration) return fail(configuration.error());
  auto made = std::make_unique<Connection>(executor, std::move(*configuration), nullptr, std::move(options));
  auto& state = *made->state_;
  state.credentials = default_credentials(state.http, state.configuration, std::move(variables), state.clock);
  return made;
}

const Configuration& Connection::configuration() const {
  return state_->configuration;
}
const std::string& Connection::region() const {
  return state_->configuration.region;
}
Clock& Connection::clock() const {
  return state_->clock;
}
RetryRules& Connection::retry_rules() {
  return state_->rules;
}
http::Client& Connection::http() {
  return state_->http;
}
Task<Result<Credentials>> Connection::credentials() {
  return state_->credentials->get();
}
Result<Endpoint> Connection::endpoint(const ServiceName& service) const {
  return resolve_endpoint(state_->configuration, service);
}

Task<Result<http::Response>> Connection::send(Operation operation, http::Origin origin, http::Request request) {
  auto region = state_->configuration.region_or_error();
  if (!region) co_return fail(region.error());
  Scope scope{*region, std::string(operation.service.signing_name)};
  request.headers.set("Host", origin.authority());
  if (!request.headers.has("User-Agent")) request.headers.set("User-Agent", "ads/" ADS_VERSION);
  RetrySchedule schedule(state_->rules, state_->budget);
  bool corrected = false;
  for (;;) {
    auto credentials = co_await state_->credentials->get();
    if (!credentials) co_return fail(credentials.error());
    sign(request, *credentials, scope, state_->clock.now() + state_->skew);
    count_attempt(operation.service.id, operation.name);
    auto& client = operation.repeat == Operation::Repeat::once ? state_->once : state_->http;
    auto response = co_await client.send(origin, request, operation.timeout);

    Error error;
    Verdict verdict;
    std::optional<milliseconds> asked_for;
    if (!response) {
      error = response.error();
      verdict = judge(error);
    } else if (hides_error(operation, *response)) {
      error = decode_error(operation.protocol, *response);
      error.kind = error_kind(500, error.code);
      verdict = judge(500, error.code);
    } else if (response->status < 300) {
      schedule.next(Verdict::success, 0, std::nullopt);
      co_return std::move(*response);
    } else {
      error = decode_error(operation.protocol, *response);
      verdict = judge(response->status, error.code);
      asked_for = retry_after(response->headers);
    }
    if (verdict == Verdict::throttled) count_throttle();

    if (response && !corrected && is_about_time(error)) {
      if (auto date = parse_http_date(response->headers.get_or("Date", ""))) {
        corrected = true;
        state_->skew = *date - state_->clock.now();
        continue;
      }
    }
    if (!may_repeat(operation, verdict, error)) verdict = Verdict::refused;
    auto wait = schedule.next(verdict, state_->jitter(), asked_for);
    if (!wait) {
      error.message = fmt::format("{} {}: {}", operation.service.id, operation.name, error.message);
      if (schedule.attempts() > 1) error.message += fmt::format(" (after {} attempts)", schedule.attempts());
      co_return fail(std::move(error));
    }
    count_retry();
    log(LogLevel::debug, "repeating a call",
        {{"service", operation.service.id},
         {"operation", operation.name},
         {"code", error.code},
         {"attempt", schedule.attempts()},
         {"waitMs", wait->count()}});
    co_await sleep_for(*wait);
  }
}

Task<Result<json::object>> Connection::call_json(Operation operation, std::string_view target_prefix,
                                                 std::string_view version, json::object input) {
  auto where = endpoint(operation.service);
  if (!where) co_return fail(where.error());
  http::Request request{"POST", where->base_path + "/", {}, json::serialize(input)};
  request.headers.add("Content-Type", fmt::format("application/x-amz-json-{}", version));
  request.headers.add("X-Amz-Target", fmt::format("{}.{}", target_prefix, operation.name));
  auto service = operation.service.id, name = operation.name;
  auto response = co_await send(operation, where->origin, std::move(request));
  if (!response) co_return fail(response.error());
  if (response->body.empty()) co_return json::object();
  auto body = parse_json_object(response->body);
  if (!body)
    co_return fail(ErrorKind::corrupt, "MalformedAnswer",
                   fmt::format("{} {}: {}", service, name, body.error().message));
  co_return std::move(*body);
}

Task<Result<std::string>> Connection::call_query(Operation operation, Form form) {
  auto where = endpoint(operation.service);
  if (!where) co_return fail(where.error());
  http::Request request{"POST", where->base_path + "/", {}, form.text()};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  auto response = co_await send(operation, where->origin, std::move(request));
  if (!response) co_return fail(response.error());
  co_return std::move(response->body);
}

}  // namespace ads::aws
