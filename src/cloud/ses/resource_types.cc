// AWS::SES::EmailIdentity.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ses-emailidentity.html
#include "cloud/ses/actions.h"
#include "cloud/ses/errors.h"
#include "cloud/ses/keys.h"

namespace ads::cloud::ses {
namespace {

// A template's booleans may be text.
bool flag_of(const json::object& object, std::string_view name, bool fallback) {
  if (const auto flag = get_bool(object, name)) return *flag;
  if (const auto text = get_string(object, name)) return *text == "true";
  return fallback;
}

class EmailIdentityType : public ResourceType {
 public:
  explicit EmailIdentityType(Ses& ses) : ses_(ses) {}

  std::string_view name() const override { return "AWS::SES::EmailIdentity"; }

  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"EmailIdentity!", "string"},
        {"ConfigurationSetAttributes", json::object{{"ConfigurationSetName", "string"}}},
        {"DkimAttributes", json::object{{"SigningEnabled", "boolean"}}},
        {"FeedbackAttributes", json::object{{"EmailForwardingEnabled", "boolean"}}},
        {"MailFromAttributes", json::object{{"BehaviorOnMxFailure", "string"}, {"MailFromDomain", "string"}}},
        {"Tags", json::array{json::object{{"Key!", "string"}, {"Value!", "string"}}}},
    };
    return schema;
  }

  std::vector<std::string_view> replacement_properties() const override { return {"EmailIdentity"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto identity = new_identity(std::string(get_string(properties, "EmailIdentity").value_or("")),
                                 ses_.environment().clock.now().time_since_epoch().count());
    if (!identity) co_return refuse(identity.error());
    if (const auto existing = ses_.find_identity(context.region, identity->name)) {
      if (existing->made_by != context.client_token) co_return refuse(already_exists(identity->name));
      co_return state_of(*existing);
    }
    identity->made_by = context.client_token;
    co_return co_await save(std::move(context), std::move(*identity), std::move(properties));
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object,
                                      json::object after) override {
    auto identity = ses_.find_identity(context.region, physical_id);
    if (!identity) co_return refuse(not_found(fmt::format("Email identity {} does not exist.", physical_id)));
    co_return co_await save(std::move(context), std::move(*identity), std::move(after));
  }

  Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object) override {
    Batch batch;
    batch.remove(identity_key(context.region, physical_id));
    co_return co_await ses_.commit(std::move(batch));
  }

 private:
  Task<Outcome<ResourceState>> save(ResourceContext context, Identity identity, json::object properties) {
    if (const auto* set = get_object(properties, "ConfigurationSetAttributes");
        set && set->contains("ConfigurationSetName")) {
      co_return refuse(not_found(fmt::format("Configuration set <{}> does not exist.",
                                             get_string(*set, "ConfigurationSetName").value_or(""))));
    }
    const json::object none;
    const auto nested = [&](std::string_view name) -> const json::object& {
      const auto* object = get_object(properties, name);
      return object ? *object : none;
    };
    identity.is_dkim_on = flag_of(nested("DkimAttributes"), "SigningEnabled", true);
    identity.forwards_feedback = flag_of(nested("FeedbackAttributes"), "EmailForwardingEnabled", true);
    identity.mail_from_domain = get_string(nested("MailFromAttributes"), "MailFromDomain").value_or("");
    identity.behavior_on_mx_failure =
        get_string(nested("MailFromAttributes"), "BehaviorOnMxFailure").value_or("USE_DEFAULT_VALUE");
    auto tags = tags_of({{"Tags", context.tags}});
    if (!tags) co_return refuse(tags.error());
    auto own = tags_of(properties);
    if (!own) co_return refuse(own.error());
    for (auto& [key, value] : *own) (*tags)[key] = value;
    identity.tags = std::move(*tags);
    Batch batch;
    batch.put(identity_key(context.region, identity.name), encode(identity));
    if (auto done = co_await ses_.commit(std::move(batch)); !done) co_return refuse(done.error());
    co_return state_of(identity);
  }

  static ResourceState state_of(const Identity& identity) {
    json::object attributes{{"EmailIdentity", identity.name}};
    for (std::size_t i = 0; i < identity.dkim_tokens.size(); ++i) {
      attributes[fmt::format("DkimDNSTokenName{}", i + 1)] = identity.dkim_tokens[i] + "._domainkey." + identity.name;
      attributes[fmt::format("DkimDNSTokenValue{}", i + 1)] = identity.dkim_tokens[i] + ".dkim.amazonses.com";
    }
    return {identity.name, identity.name, std::move(attributes)};
  }

  Ses& ses_;
};

}  // namespace

ResourceTypes Ses::resource_types() {
  ResourceTypes types;
  types.push_back(std::make_unique<EmailIdentityType>(*this));
  return types;
}

}  // namespace ads::cloud::ses
