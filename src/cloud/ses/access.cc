#include "cloud/ses/access.h"

#include <fmt/core.h>

#include "base/encoding.h"
#include "cloud/access.h"
#include "cloud/ses/address.h"
#include "cloud/ses/mail.h"

namespace ads::cloud::ses {
namespace {

using access::Values;

std::string identity_arn(const Call& call, std::string_view identity) {
  return fmt::format("arn:aws:ses:{}:{}:identity/{}", call.region, call.account, identity);
}

// The verified identity that a sender counts as: the address itself, else its domain or the nearest one above it.
std::string identity_of(Ses& ses, const Call& call, const std::string& address) {
  if (ses.find_identity(call.region, address)) return address;
  for (auto domain = domain_of(address);;) {
    if (ses.find_identity(call.region, domain)) return domain;
    const auto dot = domain.find('.');
    if (dot == std::string::npos) return domain_of(address);
    domain.erase(0, dot + 1);
  }
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

std::string sender_of_raw(const json::object& content) {
  const auto* raw = get_object(content, "Raw");
  const auto mime = raw ? from_base64(get_string(*raw, "Data").value_or("")) : Result<std::string>("");
  return mime ? header_of(*mime, "From").value_or("") : "";
}

access::Need need_to_send(Ses& ses, const Call& call, const json::object& body) {
  const auto* content = get_object(body, "Content");
  const bool is_raw = content && content->contains("Raw");
  std::string from(get_string(body, "FromEmailAddress").value_or(""));
  // As the action has it: without the member, the mail's own header names the sender.
  if (from.empty() && is_raw) from = sender_of_raw(*content);
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

Outcome<void> authorize(Ses& ses, const Call& call, std::string_view operation, Resource resource, const Input& input) {
  if (!access::is_enforced(call)) return {};
  if (resource.kind() == On::sender)
    return access::authorize(call, need_to_send(ses, call, input.body), access::kRestJsonStyle);
  access::Need need{fmt::format("ses:{}", operation), std::string(kEveryResource)};
  if (resource.kind() == On::identity) {
    auto identity = input.identity;
    if (identity.empty()) identity = get_string(input.body, resource.member()).value_or("");
    if (!identity.empty()) need.resource = identity_arn(call, identity);
  }
  return access::authorize(call, need, access::kRestJsonStyle);
}

}  // namespace ads::cloud::ses
