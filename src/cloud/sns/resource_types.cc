// AWS::SNS::Topic, AWS::SNS::Subscription, AWS::SNS::TopicPolicy.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SNS.html
#include "cloud/sns/attributes.h"
#include "cloud/sns/context.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

// A document may be given as an object or as its text, a flag as a boolean or its text.
std::string as_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::map<std::string, std::string> all_tags(const ResourceContext& context, const json::object& properties) {
  std::map<std::string, std::string> tags;
  const auto add = [&](const json::array& list) {
    for (const auto& tag : list) {
      if (tag.is_object()) tags[text(tag.get_object(), "Key")] = as_text(tag.get_object().at("Value"));
    }
  };
  add(context.tags);
  if (const auto* own = get_array(properties, "Tags")) add(*own);
  return tags;
}

class TopicType : public ResourceType {
 public:
  explicit TopicType(Service& sns) : sns_(sns) {}

  std::string_view name() const override { return "AWS::SNS::Topic"; }

  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"ContentBasedDeduplication", "boolean"},
        {"DisplayName", "string"},
        {"FifoThroughputScope", "string"},
        {"FifoTopic", "boolean"},
        {"KmsMasterKeyId", "string"},
        {"SignatureVersion", "string"},
        {"Subscription", json::array{json::object{{"Endpoint!", "string"}, {"Protocol!", "string"}}}},
        {"Tags", json::array{json::object{{"Key!", "string"}, {"Value!", "string"}}}},
        {"TopicName", "string"},
        {"TracingConfig", "string"},
    };
    return schema;
  }

  std::vector<std::string_view> replacement_properties() const override { return {"TopicName", "FifoTopic"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    const Attributes attributes = attributes_of(properties);
    const bool is_fifo = attributes.contains("FifoTopic");
    std::string topic_name = text(properties, "TopicName");
    if (topic_name.empty())
      topic_name = is_fifo ? generated_name(context, 251) + ".fifo" : generated_name(context, 256);
    if (const auto existing = sns_.topics().find(context.region, topic_name)) {
      if (existing->topic.made_by != context.client_token) {
        co_return refuse(
            400, "AlreadyExists",
            fmt::format("Resource of type 'AWS::SNS::Topic' with identifier '{}' already exists.", topic_name));
      }
    } else {
      auto topic = sns_.create_topic(context.region, topic_name, attributes, all_tags(context, properties));
      if (!topic) co_return refuse(topic.error());
      topic->made_by = context.client_token;
      if (auto saved = sns_.topics().save(*topic); !saved) co_return refuse(saved.error());
    }
    if (auto subscribed = subscribe_all(context, topic_name, properties); !subscribed)
      co_return refuse(subscribed.error());
    if (auto done = co_await sns_.durable(); !done) co_return refuse(done.error());
    co_return state_of(sns_.topics().find(context.region, topic_name)->topic);
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object before,
                                      json::object after) override {
    auto topic = sns_.topics().find_arn(physical_id);
    if (!topic) co_return refuse(topic.error());
    Topic changed = (*topic)->topic;
    const Attributes wanted = attributes_of(after);
    for (const auto& [attribute, value] : attributes_of(before)) {
      if (!wanted.contains(attribute)) changed.attributes.erase(attribute);
    }
    for (const auto& [attribute, value] : wanted) {
      if (attribute == "FifoTopic") continue;
      auto set = set_topic_attribute(changed, changed.attributes, attribute, value, Moment::changing);
      if (!set) co_return refuse(set.error());
    }
    changed.tags = all_tags(context, after);
    const std::string topic_name = changed.name;
    if (auto saved = sns_.topics().save(std::move(changed)); !saved) co_return refuse(saved.error());
    // Subscriptions that the template no longer has go; they are those it had before.
    const auto kept = pairs_of(after);
    for (const auto& pair : pairs_of(before)) {
      if (std::find(kept.begin(), kept.end(), pair) == kept.end()) {
        if (auto removed = unsubscribe(**topic, pair); !removed) co_return refuse(removed.error());
      }
    }
    if (auto subscribed = subscribe_all(context, topic_name, after); !subscribed) co_return refuse(subscribed.error());
    if (auto done = co_await sns_.durable(); !done) co_return refuse(done.error());
    co_return state_of(sns_.topics().find(context.region, topic_name)->topic);
  }

  Task<Outcome<void>> remove(ResourceContext, std::string physical_id, json::object) override {
    auto topic = sns_.topics().find_arn(physical_id);
    if (!topic) co_return Outcome<void>();
    if (auto removed = sns_.topics().remove(**topic); !removed) co_return refuse(removed.error());
    co_return co_await sns_.durable();
  }

 private:
  using Pair = std::pair<std::string, std::string>;  // protocol, endpoint

  static Attributes attributes_of(const json::object& properties) {
    Attributes attributes;
    for (const auto& member : properties) {
      const std::string_view name = member.key();
      if (name != "TopicName" && name != "Tags" && name != "Subscription")
        attributes[std::string(name)] = as_text(member.value());
    }
    if (const auto fifo = attributes.find("FifoTopic"); fifo != attributes.end() && fifo->second == "false")
      attributes.erase(fifo);
    return attributes;
  }

  static std::vector<Pair> pairs_of(const json::object& properties) {
    std::vector<Pair> pairs;
    if (const auto* list = get_array(properties, "Subscription")) {
      for (const auto& one : *list) {
        if (one.is_object()) pairs.emplace_back(text(one.get_object(), "Protocol"), text(one.get_object(), "Endpoint"));
      }
    }
    return pairs;
  }

  Outcome<void> subscribe_all(const ResourceContext& context, const std::string& topic_name,
                              const json::object& properties) {
    for (const auto& [protocol, endpoint] : pairs_of(properties)) {
      const auto topic = sns_.topics().find(context.region, topic_name);
      auto subscribed = sns_.subscribe(*topic, protocol, endpoint, {});
      if (!subscribed) return refuse(subscribed.error());
    }
    return {};
  }

  Outcome<void> unsubscribe(const LoadedTopic& topic, const Pair& pair) {
    const auto subscriptions = topic.subscriptions;
    for (const Subscription& subscription : *subscriptions) {
      if (subscription.protocol == pair.first && subscription.endpoint == pair.second) {
        if (auto removed = sns_.topics().remove(subscription); !removed) return removed;
      }
    }
    return {};
  }

  static ResourceState state_of(const Topic& topic) {
    return {topic.arn(), topic.arn(), {{"TopicArn", topic.arn()}, {"TopicName", topic.name}}};
  }

  Service& sns_;
};

class SubscriptionType : public ResourceType {
 public:
  explicit SubscriptionType(Service& sns) : sns_(sns) {}

  std::string_view name() const override { return "AWS::SNS::Subscription"; }

  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"Endpoint", "string"},  {"FilterPolicy", "json"},          {"FilterPolicyScope", "string"},
        {"Protocol!", "string"}, {"RawMessageDelivery", "boolean"}, {"RedrivePolicy", "json"},
        {"Region", "string"},    {"TopicArn!", "string"},
    };
    return schema;
  }

  std::vector<std::string_view> replacement_properties() const override { return {"Endpoint", "Protocol", "TopicArn"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    auto topic = sns_.topics().find_arn(text(properties, "TopicArn"));
    if (!topic) co_return refuse(topic.error());
    auto subscription = sns_.subscribe(**topic, text(properties, "Protocol"), text(properties, "Endpoint"),
                                       attributes_of(properties), context.client_token);
    if (!subscription) co_return refuse(subscription.error());
    if (auto done = co_await sns_.durable(); !done) co_return refuse(done.error());
    co_return state_of(*subscription);
  }

  Task<Outcome<ResourceState>> update(ResourceContext, std::string physical_id, json::object,
                                      json::object after) override {
    auto subscription = sns_.topics().find_subscription(physical_id);
    if (!subscription) co_return refuse(subscription.error());
    subscription->attributes.clear();
    for (const auto& [attribute, value] : attributes_of(after)) {
      if (auto set = set_subscription_attribute(*subscription, attribute, value); !set) co_return refuse(set.error());
    }
    if (auto checked = check_filter(*subscription); !checked) co_return refuse(checked.error());
    if (auto saved = sns_.topics().save(*subscription); !saved) co_return refuse(saved.error());
    if (auto done = co_await sns_.durable(); !done) co_return refuse(done.error());
    co_return state_of(*subscription);
  }

  Task<Outcome<void>> remove(ResourceContext, std::string physical_id, json::object) override {
    auto subscription = sns_.topics().find_subscription(physical_id);
    if (!subscription) co_return Outcome<void>();
    if (auto removed = sns_.topics().remove(*subscription); !removed) co_return refuse(removed.error());
    co_return co_await sns_.durable();
  }

 private:
  static Attributes attributes_of(const json::object& properties) {
    Attributes attributes;
    for (const char* name : {"FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"}) {
      if (const auto* value = properties.if_contains(name)) attributes[name] = as_text(*value);
    }
    return attributes;
  }
  static ResourceState state_of(const Subscription& subscription) {
    return {subscription.arn(), subscription.arn(), {{"Arn", subscription.arn()}}};
  }

  Service& sns_;
};

class TopicPolicyType : public ResourceType {
 public:
  explicit TopicPolicyType(Service& sns) : sns_(sns) {}

  std::string_view name() const override { return "AWS::SNS::TopicPolicy"; }

  const PropertySchema& schema() const override {
    static const PropertySchema schema{{"PolicyDocument!", "json"}, {"Topics!", json::array{"string"}}};
    return schema;
  }

  std::vector<std::string_view> replacement_properties() const override { return {}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    if (auto set = set_all(properties, as_text(properties.at("PolicyDocument"))); !set) co_return refuse(set.error());
    if (auto done = co_await sns_.durable(); !done) co_return refuse(done.error());
    const std::string id = generated_name(context, 128);
    co_return ResourceState{id, id, {{"Id", id}}};
  }

  Task<Outcome<ResourceState>> update(ResourceContext, std::string physical_id, json::object before,
                                      json::object after) override {
    if (auto cleared = set_all(before, ""); !cleared && cleared.error().code != "NotFound")
      co_return refuse(cleared.error());
    if (auto set = set_all(after, as_text(after.at("PolicyDocument"))); !set) co_return refuse(set.error());
    if (auto done = co_await sns_.durable(); !done) co_return refuse(done.error());
    co_return ResourceState{physical_id, physical_id, {{"Id", physical_id}}};
  }

  Task<Outcome<void>> remove(ResourceContext, std::string, json::object properties) override {
    if (auto cleared = set_all(properties, ""); !cleared && cleared.error().code != "NotFound")
      co_return refuse(cleared.error());
    co_return co_await sns_.durable();
  }

 private:
  Outcome<void> set_all(const json::object& properties, const std::string& policy) {
    for (const auto& arn : texts(properties, "Topics")) {
      auto topic = sns_.topics().find_arn(arn);
      if (!topic) return refuse(topic.error());
      Topic changed = (*topic)->topic;
      auto set = set_topic_attribute(changed, changed.attributes, "Policy", policy, Moment::changing);
      if (!set) return set;
      if (auto saved = sns_.topics().save(std::move(changed)); !saved) return saved;
    }
    return {};
  }

  Service& sns_;
};

}  // namespace

ResourceTypes Service::resource_types() {
  ResourceTypes types;
  types.push_back(std::make_unique<TopicType>(*this));
  types.push_back(std::make_unique<SubscriptionType>(*this));
  types.push_back(std::make_unique<TopicPolicyType>(*this));
  return types;
}

}  // namespace ads::cloud::sns
