// SESv2's SendEmail (docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html): request and answer.
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

}  // namespace ads::aws::sesv2
