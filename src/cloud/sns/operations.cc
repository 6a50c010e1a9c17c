#include "cloud/sns/operations.h"

#include "cloud/sns/actions.h"
#include "cloud/sns/errors.h"
#include "cloud/sns/resources.h"

namespace ads::cloud::sns {
namespace {

using operations::Effect;

constexpr std::string_view kModel =
#include "cloud/sns/model.inc"
    ;

constexpr std::size_t kLargestForm = 8u << 20;  // a form spells a byte of a message in up to three

// https://github.com/sul-dlss/dlme/issues/432 quotes AWS's answer.
std::optional<WireError> invalid(std::string_view, const operations::Violations& found) {
  const auto& first = found.front();
  auto member = first.member;
  member[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(member[0])));
  return invalid_parameter(fmt::format(
      "{} Reason: {}", member,
      first.kind == operations::Violation::Kind::missing ? "no value for required parameter" : first.constraint));
}

const operations::Api kApi{
    .model = kModel,
    .permission = "SNS",
    .query = {.xml_namespace = "http://sns.amazonaws.com/doc/2010-03-31/", .shape = {.maps = {"Attributes"}}},
    .denied = kDenied,
    .invalid = invalid,
};

constexpr operations::Row<Context> kOperations[] = {
    {"AddPermission", Effect::write, {topic, "TopicArn"}, add_permission},
    {"ConfirmSubscription", Effect::write, {topic, "TopicArn"}, confirm_subscription},
    {"CreateTopic", Effect::write, {topic_named, "Name"}, create_topic},
    {"DeleteTopic", Effect::write, {topic, "TopicArn"}, delete_topic},
    {"GetSubscriptionAttributes",
     Effect::read,
     {topic_of_subscription, "SubscriptionArn"},
     get_subscription_attributes},
    {"GetTopicAttributes", Effect::read, {topic, "TopicArn"}, get_topic_attributes},
    {"ListSubscriptions", Effect::read, every_topic, list_subscriptions},
    {"ListSubscriptionsByTopic", Effect::read, {topic, "TopicArn"}, list_subscriptions_by_topic},
    {"ListTagsForResource", Effect::read, {topic, "ResourceArn"}, list_tags_for_resource},
    {"ListTopics", Effect::read, every_topic, list_topics},
    {"Publish", Effect::write, target, publish, kLargestForm},
    {"PublishBatch", Effect::write, {topic, "TopicArn"}, publish_batch, kLargestForm},
    {"RemovePermission", Effect::write, {topic, "TopicArn"}, remove_permission},
    {"SetSubscriptionAttributes",
     Effect::write,
     {topic_of_subscription, "SubscriptionArn"},
     set_subscription_attributes},
    {"SetTopicAttributes", Effect::write, {topic, "TopicArn"}, set_topic_attributes},
    {"Subscribe", Effect::write, {topic_to_subscribe, "TopicArn"}, subscribe},
    {"TagResource", Effect::write, {topic, "ResourceArn"}, tag_resource},
    {"Unsubscribe", Effect::write, {topic_of_subscription, "SubscriptionArn"}, unsubscribe},
    {"UntagResource", Effect::write, {topic, "ResourceArn"}, untag_resource},
};

}  // namespace

operations::Pipeline make_pipeline(Environment& environment, Service& sns) {
  return {environment, kApi, kOperations, [&](const Call& call) { return Context{sns, call}; }};
}

}  // namespace ads::cloud::sns
