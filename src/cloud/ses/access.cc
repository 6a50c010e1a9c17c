#include "cloud/ses/access.h"

#include <fmt/core.h>

#include "cloud/access.h"
#include "cloud/ses/address.h"

namespace ads::cloud::ses {
namespace {

using access::Values;

std::string identity_arn(const Call& call, std::string_view identity) {
  return fmt::format("arn:aws:ses:{}:{}:identity/{}", call.region, call.account, identity);
}

// The verified identity that a sender counts as: the address itself, else its domain.
std::string identity_of(Ses& ses, const Call& call, const std::string& address) {
  return ses.find_identity(call.region, address) ? address : domain_of(address);
}

Values recipients_of(const json::object& body) {
  Values out;
  const auto* destination = get_object(body, "Destination");
  if (destination == nullptr) return out;
  for (const auto member : {"ToAddresses", "CcAddresses", "BccAddresses"}) {
    const auto* list = get_array(*destination, member);
    if (list == nullptr) continue;
    for (const auto& entry : *list) {
      if (entry.is_string()) out.push_back(bare_address(entry.get_string()));
    }
  }
  return out;
}

access::Need need_to_send(Ses& ses, const Call& call, const json::object& body) {
  const auto* content = get_object(body, "Content");
  const bool is_raw = content && content->contains("Raw");
  const std::string from(get_string(body, "FromEmailAddress").value_or(""));
  const auto address = bare_address(from);
  access::Need need{is_raw ? "ses:SendRawEmail" : "ses:SendEmail", "*"};
  if (!address.empty()) need.resource = identity_arn(call, identity_of(ses, call, address));
  need.more = [&body, from, address](std::string_view key) -> std::optional<Values> {
    if (key == "ses:fromaddress" && !address.empty()) return Values{address};
    if (key == "ses:recipients") return recipients_of(body);
    if (key == "ses:fromdisplayname" && from != address) {
      auto name = from.substr(0, from.find('<'));
      while (name.ends_with(' ')) name.pop_back();
      return Values{name};
    }
    if (key == "ses:feedbackaddress")
      if (const auto to = get_string(body, "FeedbackForwardingEmailAddress")) return Values{std::string(*to)};
    if (key == "ses:apiversion") return Values{"2"};
    return std::nullopt;
  };
  return need;
}

}  // namespace

Outcome<void> authorize(Ses& ses, const Call& call, std::string_view operation, const Input& input) {
  if (!access::is_enforced(call)) return {};
  if (operation == "SendEmail")
    return access::authorize(call, need_to_send(ses, call, input.body), access::kRestJsonStyle);
  access::Need need{fmt::format("ses:{}", operation), "*"};
  std::string identity = input.identity;
  if (operation == "CreateEmailIdentity") identity = get_string(input.body, "EmailIdentity").value_or("");
  if (!identity.empty()) need.resource = identity_arn(call, identity);
  return access::authorize(call, need, access::kRestJsonStyle);
}

}  // namespace ads::cloud::ses
