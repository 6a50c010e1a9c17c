#include "cloud/ses/identity.h"

#include "base/ids.h"

namespace ads::cloud::ses {

Identity make_identity(std::string name, std::int64_t now) {
  Identity identity;
  identity.name = std::move(name);
  identity.created = now;
  if (identity.is_domain()) {
    for (int i = 0; i < 3; ++i) identity.dkim_tokens.push_back(random_hex(32));
  }
  return identity;
}

std::string encode(const Identity& identity) {
  json::object tags;
  for (const auto& [key, value] : identity.tags) tags[key] = value;
  json::array tokens;
  for (const auto& token : identity.dkim_tokens) tokens.emplace_back(token);
  return json::serialize(json::object{{"name", identity.name},
                                      {"created", identity.created},
                                      {"tags", std::move(tags)},
                                      {"dkimTokens", std::move(tokens)},
                                      {"dkim", identity.is_dkim_on},
                                      {"forwardsFeedback", identity.forwards_feedback},
                                      {"mailFrom", identity.mail_from_domain},
                                      {"onMxFailure", identity.behavior_on_mx_failure},
                                      {"madeBy", identity.made_by}});
}

std::optional<Identity> decode_identity(std::string_view stored) {
  auto object = parse_json_object(stored);
  if (!object) return {};
  Identity identity;
  identity.name = get_string(*object, "name").value_or("");
  identity.created = get_integer(*object, "created").value_or(0);
  identity.is_dkim_on = get_bool(*object, "dkim").value_or(true);
  identity.forwards_feedback = get_bool(*object, "forwardsFeedback").value_or(true);
  identity.mail_from_domain = get_string(*object, "mailFrom").value_or("");
  identity.behavior_on_mx_failure = get_string(*object, "onMxFailure").value_or("USE_DEFAULT_VALUE");
  identity.made_by = get_string(*object, "madeBy").value_or("");
  if (const auto* tags = get_object(*object, "tags")) {
    for (const auto& tag : *tags) identity.tags[std::string(tag.key())] = std::string(tag.value().as_string());
  }
  if (const auto* tokens = get_array(*object, "dkimTokens")) {
    for (const auto& token : *tokens) identity.dkim_tokens.emplace_back(token.as_string());
  }
  return identity;
}

json::object to_json(const Identity& identity) {
  json::array tokens, tags;
  for (const auto& token : identity.dkim_tokens) tokens.emplace_back(token);
  for (const auto& [key, value] : identity.tags) tags.push_back(json::object{{"Key", key}, {"Value", value}});
  json::object dkim{{"SigningEnabled", identity.is_domain() && identity.is_dkim_on},
                    {"Status", identity.is_domain() ? "SUCCESS" : "NOT_STARTED"},
                    {"SigningAttributesOrigin", "AWS_SES"},
                    {"NextSigningKeyLength", "RSA_2048_BIT"},
                    {"CurrentSigningKeyLength", "RSA_2048_BIT"}};
  if (!tokens.empty()) dkim["Tokens"] = std::move(tokens);
  json::object answer{{"IdentityType", identity.is_domain() ? "DOMAIN" : "EMAIL_ADDRESS"},
                      {"FeedbackForwardingStatus", identity.forwards_feedback},
                      {"VerifiedForSendingStatus", true},
                      {"VerificationStatus", "SUCCESS"},
                      {"DkimAttributes", std::move(dkim)},
                      {"Policies", json::object()},
                      {"Tags", std::move(tags)}};
  if (!identity.mail_from_domain.empty()) {
    answer["MailFromAttributes"] = json::object{{"MailFromDomain", identity.mail_from_domain},
                                                {"MailFromDomainStatus", "SUCCESS"},
                                                {"BehaviorOnMxFailure", identity.behavior_on_mx_failure}};
  }
  return answer;
}

}  // namespace ads::cloud::ses
