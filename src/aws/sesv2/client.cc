#include "aws/sesv2/client.h"

#include "aws/services.h"
#include "aws/sesv2/codec.h"
#include "base/encoding.h"

namespace ads::aws::sesv2 {
namespace {

json::array strings(const std::vector<std::string>& values) {
  json::array out;
  for (auto& value : values) out.emplace_back(value);
  return out;
}

json::object text_content(const std::string& text) {
  return {{"Data", text}, {"Charset", "UTF-8"}};
}

json::array pairs(const std::map<std::string, std::string>& map) {
  json::array out;
  for (auto& [name, value] : map) out.push_back({{"Name", name}, {"Value", value}});
  return out;
}

struct ContentWriter {
  json::object operator()(const SimpleContent& simple) const {
    json::object body;
    if (simple.text) body["Text"] = text_content(*simple.text);
    if (simple.html) body["Html"] = text_content(*simple.html);
    json::object message{{"Subject", text_content(simple.subject)}, {"Body", std::move(body)}};
    if (!simple.headers.empty()) message["Headers"] = pairs(simple.headers);
    return {{"Simple", std::move(message)}};
  }
  json::object operator()(const RawContent& raw) const { return {{"Raw", {{"Data", to_base64(raw.mime)}}}}; }
};

}  // namespace

json::object encode(const SendEmailInput& input) {
  json::object destination;
  if (!input.to.empty()) destination["ToAddresses"] = strings(input.to);
  if (!input.cc.empty()) destination["CcAddresses"] = strings(input.cc);
  if (!input.bcc.empty()) destination["BccAddresses"] = strings(input.bcc);
  json::object out{{"Content", std::visit(ContentWriter{}, input.content)}};
  if (!input.from.empty()) out["FromEmailAddress"] = input.from;
  if (!destination.empty()) out["Destination"] = std::move(destination);
  if (!input.reply_to.empty()) out["ReplyToAddresses"] = strings(input.reply_to);
  if (input.configuration_set) out["ConfigurationSetName"] = *input.configuration_set;
  if (!input.tags.empty()) out["EmailTags"] = pairs(input.tags);
  return out;
}

Task<Result<SendEmailOutput>> Client::send_email(SendEmailInput input) const {
  auto endpoint = connection_.endpoint(kSesV2);
  if (!endpoint) co_return fail(endpoint.error());
  http::Request request{"POST", endpoint->base_path + "/v2/email/outbound-emails", {}, json::serialize(encode(input))};
  request.headers.set("Content-Type", "application/json");
  Operation operation{kSesV2, "SendEmail", Protocol::rest_json, std::chrono::seconds(30), Operation::Repeat::once};
  auto response = co_await connection_.send(operation, endpoint->origin, std::move(request));
  if (!response) co_return fail(response.error());
  auto body = parse_json_object(response->body);
  auto id = body ? get_string(*body, "MessageId") : std::nullopt;
  if (!id) co_return fail(ErrorKind::corrupt, "MalformedAnswer", "SESv2 SendEmail: the answer has no MessageId");
  co_return SendEmailOutput{std::string(*id)};
}

Task<Result<json::object>> Client::get(std::string_view name, std::string path) const {
  auto endpoint = connection_.endpoint(kSesV2);
  if (!endpoint) co_return fail(endpoint.error());
  http::Request request{"GET", endpoint->base_path + path, {}, {}};
  Operation operation{kSesV2, name, Protocol::rest_json, std::chrono::seconds(30)};
  auto response = co_await connection_.send(operation, endpoint->origin, std::move(request));
  if (!response) co_return fail(response.error());
  auto body = parse_json_object(response->body);
  if (!body) co_return fail(ErrorKind::corrupt, "MalformedAnswer", "SESv2: " + body.error().message);
  co_return std::move(*body);
}

// {"ProductionAccessEnabled", "SendingEnabled", "EnforcementStatus", "SendQuota": {"Max24HourSend", ...}}
Task<Result<SesAccount>> Client::get_account() const {
  auto body = co_await get("GetAccount", "/v2/email/account");
  if (!body) co_return fail(body.error());
  SesAccount out{get_bool(*body, "ProductionAccessEnabled").value_or(false),
                 get_bool(*body, "SendingEnabled").value_or(false),
                 std::string(get_string(*body, "EnforcementStatus").value_or(""))};
  if (const auto* quota = get_object(*body, "SendQuota")) {
    auto number = [&](std::string_view name) {
      const auto* value = quota->if_contains(name);
      return value && value->is_number() ? value->to_number<double>() : 0.0;
    };
    out.most_in_24_hours = number("Max24HourSend");
    out.most_per_second = number("MaxSendRate");
    out.sent_last_24_hours = number("SentLast24Hours");
  }
  co_return out;
}

// {"IdentityType", "VerifiedForSendingStatus": true, "VerificationStatus": "SUCCESS"}
Task<Result<EmailIdentity>> Client::get_email_identity(std::string identity) const {
  auto body = co_await get("GetEmailIdentity", "/v2/email/identities/" + percent_encode(identity));
  if (!body) co_return fail(body.error());
  co_return EmailIdentity{std::string(get_string(*body, "IdentityType").value_or("")),
                          get_bool(*body, "VerifiedForSendingStatus").value_or(false),
                          std::string(get_string(*body, "VerificationStatus").value_or(""))};
}

}  // namespace ads::aws::sesv2
