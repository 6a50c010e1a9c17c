#include "cloud/sns/access.h"

#include "cloud/sns/actions.h"
#include "cloud/sns/attributes.h"
#include "cloud/sns/service.h"

namespace ads::cloud::sns {
namespace {

using access::Need;
using access::Values;

constexpr access::Style kStyle{403, "AuthorizationError"};

// "arn:aws:sns:r:a:topic:subscription" -> the topic.
std::string topic_of(std::string arn) {
  if (std::ranges::count(arn, ':') == 6) arn.resize(arn.rfind(':'));
  return arn;
}

Need need_on(Sns& sns, std::string_view operation, const std::string& arn) {
  // SNS spells its own name in capitals.
  Need need{fmt::format("SNS:{}", operation == "PublishBatch" ? "Publish" : operation), arn};
  if (const auto topic = sns.topics().find_arn(arn)) {
    const auto& attributes = (*topic)->topic.attributes;
    // Without one of its own a topic has AWS's, which lets in nobody but a service that says it acts for the owner.
    const auto found = attributes.find("Policy");
    if (found != attributes.end()) need.resource_policy = sns.policies().find(arn, found->second);
  }
  return need;
}

std::string topic_arn(const Call& call, Resource resource, const json::object& input) {
  const auto own = [&](std::string_view name) {
    return fmt::format("arn:aws:sns:{}:{}:{}", call.region, call.account, name);
  };
  auto given = text_of(input, resource.member());
  switch (resource.kind()) {
    case On::every_topic:
      return own("*");
    case On::topic_name:
      if (!given.empty()) return own(given);
      break;
    case On::subscription:
      if (!given.empty()) return topic_of(std::move(given));
      break;
    case On::publish_target:
      given = text_of(input, "TopicArn");
      if (given.empty()) given = text_of(input, "TargetArn");
      [[fallthrough]];
    case On::topic:
      if (!given.empty()) return given;
      break;
  }
  return std::string(kEveryResource);
}

}  // namespace

Outcome<void> authorize(Sns& sns, const Call& call, std::string_view operation, Resource resource,
                        const json::object& input) {
  if (!access::is_enforced(call)) return {};
  auto need = need_on(sns, operation, topic_arn(call, resource, input));
  if (operation == "Subscribe") {
    need.keys = {{"sns:protocol", Values{text_of(input, "Protocol")}},
                 {"sns:endpoint", Values{text_of(input, "Endpoint")}}};
  }
  return access::authorize(call, need, kStyle);
}

Outcome<void> authorize(Sns& sns, const std::string& topic_arn, std::string_view action, const Source& source) {
  auto need = need_on(sns, action, topic_arn);
  if (const auto topic = sns.topics().find_arn(topic_arn); topic && !need.resource_policy) {
    need.resource_policy = sns.policies().find(topic_arn, topic_attributes((*topic)->topic).at("Policy"));
  }
  auto allowed = access::authorize(sns.environment(), source, need);
  if (!allowed && allowed.error().code == "AccessDenied") allowed.error().code = kStyle.code;
  return allowed;
}

}  // namespace ads::cloud::sns
