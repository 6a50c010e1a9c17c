// CreateEmailIdentity, GetEmailIdentity, DeleteEmailIdentity, ListEmailIdentities.
#include <charconv>

#include "base/encoding.h"
#include "cloud/ses/actions.h"
#include "cloud/ses/address.h"
#include "cloud/ses/errors.h"
#include "cloud/ses/keys.h"

namespace ads::cloud::ses {

Outcome<std::map<std::string, std::string>> tags_of(const json::object& input) {
  std::map<std::string, std::string> tags;
  if (const auto* array = get_array(input, "Tags")) {
    for (const auto& value : *array) {
      const auto* tag = value.if_object();
      const auto key = tag ? get_string(*tag, "Key") : std::nullopt;
      if (!key || key->empty() || key->size() > 128)
        return refuse(bad_request("Tags: every tag has a Key of 1 to 128 characters."));
      tags[std::string(*key)] = std::string(get_string(*tag, "Value").value_or(""));
    }
  }
  if (tags.size() > 50) return refuse(bad_request("Tags: at most 50."));
  return tags;
}

Outcome<Identity> new_identity(std::string name, std::int64_t now) {
  if (name.empty())
    return refuse(bad_request(
        "1 validation error detected: Value at 'emailIdentity' failed to satisfy constraint: Member must not be null"));
  const bool is_mail = name.find('@') != std::string::npos;
  if (is_mail ? !is_address(name) || !is_domain(domain_of(name)) : !is_domain(name)) {
    return refuse(bad_request(fmt::format("Identity {} is not a valid email address or domain.", name)));
  }
  if (!is_mail) name = domain_of(name);
  return make_identity(std::move(name), now);
}

Answer create_email_identity(Ses& ses, Call& call, Input input) {
  auto identity = new_identity(std::string(get_string(input.body, "EmailIdentity").value_or("")),
                               call.now.time_since_epoch().count());
  if (!identity) co_return refuse(identity.error());
  if (input.body.contains("DkimSigningAttributes") && identity->is_domain()) {
    co_return refuse(not_implemented("CreateEmailIdentity with DkimSigningAttributes"));
  }
  if (const auto set = get_string(input.body, "ConfigurationSetName"); set && !set->empty()) {
    co_return refuse(not_found(fmt::format("Configuration set <{}> does not exist.", *set)));
  }
  auto tags = tags_of(input.body);
  if (!tags) co_return refuse(tags.error());
  if (ses.find_identity(call.region, identity->name)) co_return refuse(already_exists(identity->name));
  identity->tags = std::move(*tags);
  Batch batch;
  batch.put(identity_key(call.region, identity->name), encode(*identity));
  if (auto done = co_await ses.commit(std::move(batch)); !done) co_return refuse(done.error());
  json::object all = to_json(*identity);
  co_return json::object{{"IdentityType", all["IdentityType"]},
                         {"VerifiedForSendingStatus", all["VerifiedForSendingStatus"]},
                         {"DkimAttributes", all["DkimAttributes"]}};
}

Answer get_email_identity(Ses& ses, Call& call, Input input) {
  const auto identity = ses.find_identity(call.region, input.identity);
  if (!identity) co_return refuse(not_found(fmt::format("Email identity {} does not exist.", input.identity)));
  co_return to_json(*identity);
}

Answer delete_email_identity(Ses& ses, Call& call, Input input) {
  if (!ses.find_identity(call.region, input.identity)) {
    co_return refuse(not_found(fmt::format("Email identity {} does not exist.", input.identity)));
  }
  Batch batch;
  batch.remove(identity_key(call.region, input.identity));
  if (auto done = co_await ses.commit(std::move(batch)); !done) co_return refuse(done.error());
  co_return json::object();
}

Answer list_email_identities(Ses& ses, Call& call, Input input) {
  std::size_t size = 100;
  if (const auto text = http::query_parameter(input.query, "PageSize")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), size);
    if (error != std::errc() || end != text->data() + text->size() || size < 1 || size > 1000) {
      co_return refuse(bad_request("PageSize must be between 1 and 1000."));
    }
  }
  const std::string prefix = key_of({"identity", call.region});
  std::string from = prefix;
  if (const auto token = http::query_parameter(input.query, "NextToken")) {
    const auto key = from_base64(*token);
    if (!key || !key->starts_with(prefix)) co_return refuse(bad_request("NextToken is not a token of this list."));
    from = *key;
  }
  json::array identities;
  json::object answer;
  for (auto cursor = ses.environment().store.scan(from, after_prefix(prefix)); cursor.valid(); cursor.next()) {
    if (identities.size() == size) {
      answer["NextToken"] = to_base64(cursor.key());
      break;
    }
    if (const auto identity = decode_identity(cursor.value())) {
      identities.push_back(json::object{{"IdentityType", identity->is_domain() ? "DOMAIN" : "EMAIL_ADDRESS"},
                                        {"IdentityName", identity->name},
                                        {"SendingEnabled", true},
                                        {"VerificationStatus", "SUCCESS"}});
    }
  }
  answer["EmailIdentities"] = std::move(identities);
  co_return answer;
}

}  // namespace ads::cloud::ses
