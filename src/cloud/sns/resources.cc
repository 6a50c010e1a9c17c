#include "cloud/sns/resources.h"

#include "cloud/sns/attributes.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

using access::Need;
using access::Values;

Need need_on(Service& sns, std::string_view operation, const std::string& arn) {
  // SNS spells its own name in capitals.
  Need need{fmt::format("SNS:{}", operation == "PublishBatch" ? "Publish" : operation), arn};
  if (const auto found = sns.topics().find_arn(arn)) {
    const auto& attributes = (*found)->topic.attributes;
    // Without one of its own a topic has AWS's, which lets in only a service that says it acts for the owner.
    const auto policy = attributes.find("Policy");
    if (policy != attributes.end()) need.resource_policy = sns.policies().find(arn, policy->second);
  }
  return need;
}

Needs needs_on(const Context& context, const Request& request, const std::string& arn) {
  if (arn.empty()) return {{fmt::format("SNS:{}", request.operation), ""}};
  return {need_on(context.sns, request.operation, arn)};
}

std::string own(const Request& request, std::string_view name) {
  return fmt::format("arn:aws:sns:{}:{}:{}", request.call.region, request.call.account, name);
}

}  // namespace

Needs topic(const Context& context, const Request& request, std::string_view member) {
  return needs_on(context, request, request.text(member));
}

Needs topic_named(const Context& context, const Request& request, std::string_view member) {
  const auto name = request.text(member);
  return needs_on(context, request, name.empty() ? "" : own(request, name));
}

Needs topic_of_subscription(const Context& context, const Request& request, std::string_view member) {
  // "arn:aws:sns:r:a:topic:subscription" -> the topic.
  auto arn = request.text(member);
  if (std::ranges::count(arn, ':') == 6) arn.resize(arn.rfind(':'));
  return needs_on(context, request, arn);
}

Needs target(const Context& context, const Request& request, std::string_view) {
  const auto arn = request.text("TopicArn");
  return needs_on(context, request, arn.empty() ? request.text("TargetArn") : arn);
}

Needs topic_to_subscribe(const Context& context, const Request& request, std::string_view member) {
  auto needs = topic(context, request, member);
  needs.front().keys = {{"sns:protocol", Values{request.text("Protocol")}},
                        {"sns:endpoint", Values{request.text("Endpoint")}}};
  return needs;
}

Needs every_topic(const Context& context, const Request& request, std::string_view) {
  return needs_on(context, request, own(request, "*"));
}

Outcome<void> authorize(Service& sns, const std::string& topic_arn, std::string_view action, const Source& source) {
  auto need = need_on(sns, action, topic_arn);
  if (const auto found = sns.topics().find_arn(topic_arn); found && !need.resource_policy) {
    need.resource_policy = sns.policies().find(topic_arn, topic_attributes((*found)->topic).at("Policy"));
  }
  auto allowed = access::authorize(sns.environment(), source, need);
  if (!allowed && allowed.error().code == "AccessDenied") allowed.error().code = kDenied.code;
  return allowed;
}

}  // namespace ads::cloud::sns
