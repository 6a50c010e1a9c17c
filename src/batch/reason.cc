#include "batch/reason.h"

namespace ads::batch {
namespace {

struct Text {
  std::string_view name, sentence;
};
constexpr std::array<Text, kReasonCount> kTexts{{
    {"LINE_TOO_LONG", "the line is longer than 4,096 bytes and its fields do not end within them"},
    {"NUL", "the line contains a NUL byte"},
    {"BAD_UTF8", "the line is not UTF-8"},
    {"BAD_JSON", "the line is not a JSON object"},
    {"FIELD_COUNT", "the line does not have the fields it should have"},
    {"STATUS_NOT_INT", "the status code is not an integer"},
    {"STATUS_RANGE", "the status code is not between 100 and 599"},
    {"RETRY_NOT_INT", "the retry count is not an integer"},
    {"RETRY_RANGE", "the retry count is not between 0 and 1,000"},
    {"UUID_SYNTAX", "the service UUID is not 1 to 128 of letters, digits, '-', '_', '.', ':'"},
    {"OVERSIZE", "the message is larger than the service takes"},
    {"SENDER_FAULT", "the service refused the message for good"},
}};

}  // namespace

const std::array<Reason, kReasonCount> kAllReasons{
    Reason::line_too_long,  Reason::nul,          Reason::bad_utf8,      Reason::bad_json,    Reason::field_count,
    Reason::status_not_int, Reason::status_range, Reason::retry_not_int, Reason::retry_range, Reason::uuid_syntax,
    Reason::oversize,       Reason::sender_fault,
};

std::string_view to_string(Reason reason) {
  return kTexts[static_cast<std::size_t>(reason)].name;
}
std::string_view explain(Reason reason) {
  return kTexts[static_cast<std::size_t>(reason)].sentence;
}

std::optional<Reason> parse_reason(std::string_view name) {
  for (Reason reason : kAllReasons)
    if (to_string(reason) == name) return reason;
  return std::nullopt;
}

}  // namespace ads::batch
