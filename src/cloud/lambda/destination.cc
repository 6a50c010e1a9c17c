#include "cloud/lambda/destination.h"

#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

namespace {

json::value as_json(const std::string& text) {
  auto parsed = parse_json(text);
  return parsed ? std::move(*parsed) : json::value(text);
}

}  // namespace

std::string destination_record(const AsyncEvent& event, std::string_view arn, std::string_view condition,
                               const InvocationResult* result, SystemTime now) {
  json::object record{{"version", "1.0"},
                      {"timestamp", iso8601(now)},
                      {"requestContext",
                       {{"requestId", event.request_id},
                        {"functionArn", arn},
                        {"condition", condition},
                        {"approximateInvokeCount", event.attempts}}},
                      {"requestPayload", as_json(event.payload)}};
  if (result) {
    json::object context{{"statusCode", 200}, {"executedVersion", result->version}};
    if (!result->is_success()) context["functionError"] = "Unhandled";
    record["responseContext"] = std::move(context);
    record["responsePayload"] = as_json(result->payload);
  }
  return json::serialize(record);
}

std::string_view destination_service(std::string_view arn) {
  for (std::string_view service : {"sqs", "sns", "lambda"})
    if (arn.starts_with(fmt::format("arn:aws:{}:", service))) return service;
  return {};
}

Task<Outcome<void>> send_record(Environment& environment, Enqueue enqueue, std::string target, Source source,
                                std::string record) {
  auto service = destination_service(target);
  if (service == "lambda" && environment.functions) {
    if (auto allowed = environment.functions->may_invoke(target, source); !allowed) co_return refuse(allowed.error());
    co_return co_await enqueue(target, std::move(record));
  }
  OutgoingMessage message{.body = std::move(record)};
  if (service == "sqs" && environment.queues) {
    auto sent = co_await environment.queues->send(target, std::move(message), source);
    if (!sent) co_return refuse(sent.error());
    co_return Outcome<void>{};
  }
  if (service == "sns" && environment.topics) {
    auto sent = co_await environment.topics->publish(target, "", std::move(message), source);
    if (!sent) co_return refuse(sent.error());
    co_return Outcome<void>{};
  }
  co_return refuse(invalid_parameter("The destination ARN " + target + " is invalid."));
}

Task<Outcome<void>> send_dead_letter(Environment& environment, std::string target, Source source, AsyncEvent event,
                                     std::string error_message) {
  OutgoingMessage message{.body = event.payload};
  message.attributes["RequestID"] = {"String", event.request_id};
  message.attributes["ErrorCode"] = {"Number", "200"};
  message.attributes["ErrorMessage"] = {"String", error_message.empty() ? "Unknown" : error_message.substr(0, 1024)};
  if (destination_service(target) == "sqs" && environment.queues) {
    auto sent = co_await environment.queues->send(target, std::move(message), source);
    if (!sent) co_return refuse(sent.error());
  } else if (destination_service(target) == "sns" && environment.topics) {
    auto sent = co_await environment.topics->publish(target, "", std::move(message), source);
    if (!sent) co_return refuse(sent.error());
  }
  co_return Outcome<void>{};
}

}  // namespace ads::cloud::lambda
