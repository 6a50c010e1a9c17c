#include "cloud/access.h"

#include "base/log.h"

namespace ads::cloud::access {
namespace {

constexpr std::size_t kMostPolicies = 10'000;

// Of a call whose caller is not known: nothing is allowed.
const Principal kNoIdentity{.kind = Principal::Kind::user, .arn = "anonymous"};

std::string_view type_of(Principal::Kind kind) {
  switch (kind) {
    case Principal::Kind::root:
      return "Account";
    case Principal::Kind::user:
      return "User";
    case Principal::Kind::role:
      return "AssumedRole";
    case Principal::Kind::service:
      return "AWSService";
  }
  return "";
}

std::optional<Values> one(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return Values{std::string(text)};
}

// Keys of who asks and when. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
std::optional<Values> common_fact(std::string_view key, const Principal& principal, SystemTime now) {
  const bool is_service = principal.kind == Principal::Kind::service;
  // The only way in is this machine's loopback, which nobody listens to: as good as TLS. See docs/aws-differences.md.
  if (key == "aws:securetransport") return one("true");
  if (key == "aws:currenttime") return one(iso8601_seconds(now));
  if (key == "aws:epochtime") return one(std::to_string(now.time_since_epoch().count() / 1000));
  if (key == "aws:principaltype") return one(type_of(principal.kind));
  if (key == "aws:principalisawsservice") return one(is_service ? "true" : "false");
  if (key == "aws:viaawsservice") return one("false");
  if (key == "aws:principalservicename") return one(is_service ? principal.arn : "");
  if (is_service) return std::nullopt;
  if (key == "aws:principalarn") return one(principal.entity_arn);
  if (key == "aws:principalaccount" || key == "aws:resourceaccount") return one(principal.account);
  if (key == "aws:userid") return one(principal.user_id);
  if (key == "aws:username") return one(principal.kind == Principal::Kind::user ? principal.name : "");
  constexpr std::string_view kTag = "aws:principaltag/";
  if (key.starts_with(kTag)) {
    for (const auto& [name, value] : principal.tags) {
      if (to_lower(name) == key.substr(kTag.size())) return Values{value};
    }
  }
  return std::nullopt;
}

class NeedFacts : public Facts {
 public:
  explicit NeedFacts(const Need& need) : need_(need) {}

 protected:
  std::optional<Values> own(std::string_view key) const {
    for (const auto& [name, values] : need_.keys) {
      if (name == key) return values;
    }
    return need_.more ? need_.more(key) : std::nullopt;
  }

 private:
  const Need& need_;
};

class CallFacts : public NeedFacts {
 public:
  CallFacts(const Call& call, const Need& need) : NeedFacts(need), call_(call) {}

  std::optional<Values> find(std::string_view key) const override {
    if (auto values = own(key)) return values;
    if (auto values = common_fact(key, *call_.caller.principal, call_.now)) return values;
    const auto& headers = call_.request.head.headers;
    if (key == "aws:sourceip") {
      const std::string_view address = call_.request.remote_address;
      return one(address.substr(0, address.rfind(':')));
    }
    if (key == "aws:requestedregion") return one(call_.region);
    if (key == "aws:useragent") return one(headers.get_or("User-Agent", ""));
    if (key == "aws:referer") return one(headers.get_or("Referer", ""));
    return std::nullopt;
  }

 private:
  const Call& call_;
};

// "arn:aws:sns:eu-west-1:1:topic" -> its account; S3's ARNs have none, a bucket is the account's own.
std::string account_of(std::string_view arn, const std::string& own) {
  for (int part = 0; part < 4; ++part) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return own;
    arn.remove_prefix(colon + 1);
  }
  const auto account = arn.substr(0, arn.find(':'));
  return account.empty() ? own : std::string(account);
}

class SourceFacts : public NeedFacts {
 public:
  SourceFacts(const Environment& environment, const Source& source, const Principal& principal, const Need& need)
      : NeedFacts(need), environment_(environment), source_(source), principal_(principal) {}

  std::optional<Values> find(std::string_view key) const override {
    if (auto values = own(key)) return values;
    if (auto values = common_fact(key, principal_, environment_.clock.now())) return values;
    if (principal_.kind != Principal::Kind::service) return std::nullopt;
    if (key == "aws:sourcearn") return one(source_.arn);
    const auto account = account_of(source_.arn, environment_.account);
    if (key == "aws:sourceaccount") return one(account);
    // Only some services say whose alarm or group it is; a topic's default policy asks for it.
    if (key == "aws:sourceowner" && source_.principal == "cloudwatch.amazonaws.com") return one(account);
    return std::nullopt;
  }

 private:
  const Environment& environment_;
  const Source& source_;
  const Principal& principal_;
};

Outcome<void> refused(const Principal& principal, const Need& need, const Decision& decision, Style style,
                      std::string_view request_id) {
  json::object fields{{"principal", principal.arn}, {"action", need.action}, {"resource", need.resource}};
  if (!request_id.empty()) fields["request"] = request_id;
  if (const auto where = where_denied(decision); !where.empty()) fields["denied_by"] = where;
  auto message = words(principal, {need.action, need.resource}, decision);
  fields["reason"] = message;
  log(LogLevel::warning, "access denied", fields);
  return refuse(style.status, std::string(style.code), std::move(message));
}

}  // namespace

Outcome<void> authorize(const Call& call, const Need& need, Style style) {
  if (!is_enforced(call)) return {};
  if (call.caller.principal == nullptr) return refused(kNoIdentity, need, {}, style, call.request_id);
  const auto& principal = *call.caller.principal;
  if (principal.kind == Principal::Kind::root && !need.resource_policy) return {};
  const auto decision =
      decide(principal, {need.action, need.resource}, CallFacts(call, need), need.resource_policy.get(), need.rule);
  if (decision.is_allowed()) return {};
  return refused(principal, need, decision, style, call.request_id);
}

Outcome<void> authorize(const Call& call, const std::vector<Need>& needs, Style style) {
  for (const auto& need : needs) {
    if (auto allowed = authorize(call, need, style); !allowed) return allowed;
  }
  return {};
}

bool may(const Call& call, const Need& need) {
  if (!is_enforced(call)) return true;
  if (call.caller.principal == nullptr) return false;
  return decide(*call.caller.principal, {need.action, need.resource}, CallFacts(call, need), need.resource_policy.get(),
                need.rule)
      .is_allowed();
}

Outcome<void> authorize(const Environment& environment, const Source& source, const Need& need) {
  if (environment.enforcement == Enforcement::off) return {};
  Principal service{.kind = Principal::Kind::service, .arn = source.principal};
  PrincipalPointer role;
  if (!source.role_arn.empty()) {
    if (environment.identities == nullptr) return refused(kNoIdentity, need, {}, {}, "");
    auto found = environment.identities->role(source.role_arn, source.arn.substr(source.arn.find_last_of(":/") + 1));
    if (!found) return refuse(found.error());
    role = *std::move(found);
    if (!role) return refused(kNoIdentity, need, {}, {}, "");
  }
  const Principal& principal = role ? *role : service;
  const auto decision =
      decide(principal, {need.action, need.resource}, SourceFacts(environment, source, principal, need),
             need.resource_policy.get(), need.rule);
  if (decision.is_allowed()) return {};
  return refused(principal, need, decision, {}, "");
}

PolicyPointer PolicyCache::find(const std::string& resource_arn, std::string_view document) {
  if (document.empty()) return nullptr;
  if (const auto found = entries_.find(resource_arn); found != entries_.end() && found->second.document == document) {
    return found->second.policy;
  }
  if (entries_.size() >= kMostPolicies) entries_.clear();
  auto policy = std::make_shared<NamedPolicy>(NamedPolicy{"policy of " + resource_arn, {}});
  if (auto parsed = parse_policy(document, PolicyKind::resource)) {
    policy->policy = *std::move(parsed);
  } else {
    log(LogLevel::error, "a resource's policy cannot be read and allows nothing",
        {{"resource", resource_arn}, {"error", parsed.error().message}});
  }
  return entries_.insert_or_assign(resource_arn, Entry{std::string(document), std::move(policy)}).first->second.policy;
}

}  // namespace ads::cloud::access
