// libFuzzer: any text as a subscription's filter policy or an event source's pattern, asked of any message: the first
// line is the filter, the rest the message. Refused in AWS's words, or answered the same each time.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloud/lambda/event_filter.h"
#include "cloud/sns/filter_policy.h"

namespace {

using namespace ads;
using namespace ads::cloud;

void check(const WireError& error) {
  if (error.status != 400 || error.code.empty() || error.message.empty()) std::abort();
}

void ask_policy(std::string_view text, sns::FilterScope scope, std::string_view body) {
  auto policy = sns::FilterPolicy::parse(text, scope);
  if (!policy) return check(policy.error());
  MessageAttributes attributes;
  attributes["status"] = {"Number", "503"};
  attributes["kind"] = {"String", std::string(body)};
  attributes["kinds"] = {"String.Array", std::string(body)};
  if (policy->matches(attributes, body) != policy->matches(attributes, body)) std::abort();
}

void ask_pattern(std::string_view text, std::string_view body) {
  auto pattern = lambda::parse_event_pattern(text);
  if (!pattern) return check(pattern.error());
  if (auto event = parse_json_object(body)) lambda::matches(*pattern, *event);
  lambda::passes({*pattern}, {{"body", body}, {"attributes", {{"ApproximateReceiveCount", "1"}}}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view filter = text.substr(0, end), body = text.substr(std::min(end + 1, text.size()));
  if (data[0] % 3 == 0) ask_policy(filter, sns::FilterScope::attributes, body);
  if (data[0] % 3 == 1) ask_policy(filter, sns::FilterScope::body, body);
  if (data[0] % 3 == 2) ask_pattern(filter, body);
  return 0;
}
