// SESv2's operations as this project calls them: requests and answers
// (docs.aws.amazon.com/ses/latest/APIReference-V2).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ads::aws::sesv2 {

struct SimpleContent {
  std::string subject;
  std::optional<std::string> text, html;       // one of them at least; UTF-8
  std::map<std::string, std::string> headers;  // "X-..." -> value
};
struct RawContent {
  std::string mime;  // a whole MIME message
};

struct SendEmailInput {
  std::string from;
  std::vector<std::string> to, cc, bcc, reply_to;
  std::variant<SimpleContent, RawContent> content;
  std::optional<std::string> configuration_set;
  std::map<std::string, std::string> tags;
};
struct SendEmailOutput {
  std::string message_id;
};

struct SesAccount {
  bool is_in_production = false;  // false: the sandbox, which sends to verified addresses only
  bool is_sending_on = false;
  std::string enforcement;  // "HEALTHY" | "PROBATION" | "SHUTDOWN"
  double most_in_24_hours = 0, most_per_second = 0, sent_last_24_hours = 0;
};

struct EmailIdentity {
  std::string kind;  // "EMAIL_ADDRESS" | "DOMAIN" | "MANAGED_DOMAIN"
  bool is_verified = false;
  std::string verification;  // "SUCCESS" | "PENDING" | "FAILED" | "TEMPORARY_FAILURE" | "NOT_STARTED"
};

}  // namespace ads::aws::sesv2
