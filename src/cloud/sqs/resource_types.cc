// AWS::SQS::Queue and AWS::SQS::QueuePolicy.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"
#include "cloud/sqs/service.h"
#include "cloud/sqs/tags.h"

namespace ads::cloud::sqs {
namespace {

Task<Outcome<void>> durable(Service& sqs) {
  if (auto done = co_await sqs.environment().store.durable(); !done) co_return refuse(internal_failure(done.error()));
  co_return Outcome<void>();
}

// Properties are attributes but for these two; documents are given as objects.
Attributes attributes_of(const json::object& properties) {
  json::object attributes = properties;
  attributes.erase("QueueName");
  attributes.erase("Tags");
  Attributes map;
  for (const auto& [name, value] : attributes)
    map[std::string(name)] = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  // FifoQueue: false is a template's way of saying what AWS's API only takes unsaid.
  if (const auto fifo = map.find("FifoQueue"); fifo != map.end() && fifo->second == "false") {
    for (const char* name : {"FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"}) {
      map.erase(name);
    }
  }
  return map;
}

std::map<std::string, std::string> tags_of(const ResourceContext& context, const json::object& properties) {
  std::map<std::string, std::string> tags;
  const auto add = [&](const json::array& list) {
    for (const auto& tag : list) {
      if (tag.is_object()) tags[text(tag.get_object(), "Key")] = text(tag.get_object(), "Value");
    }
  };
  add(context.tags);
  if (const auto* own = get_array(properties, "Tags")) add(*own);
  return tags;
}

class QueueType : public ResourceType {
 public:
  explicit QueueType(Service& sqs) : sqs_(sqs) {}

  std::string_view name() const override { return "AWS::SQS::Queue"; }

  const PropertySchema& schema() const override {
    static const PropertySchema schema{
        {"ContentBasedDeduplication", "boolean"},
        {"DeduplicationScope", "string"},
        {"DelaySeconds", "number"},
        {"FifoQueue", "boolean"},
        {"FifoThroughputLimit", "string"},
        {"KmsDataKeyReusePeriodSeconds", "number"},
        {"KmsMasterKeyId", "string"},
        {"MaximumMessageSize", "number"},
        {"MessageRetentionPeriod", "number"},
        {"QueueName", "string"},
        {"ReceiveMessageWaitTimeSeconds", "number"},
        {"RedriveAllowPolicy", "json"},
        {"RedrivePolicy", "json"},
        {"SqsManagedSseEnabled", "boolean"},
        {"Tags", json::array{json::object{{"Key!", "string"}, {"Value!", "string"}}}},
        {"VisibilityTimeout", "number"},
    };
    return schema;
  }

  std::vector<std::string_view> replacement_properties() const override { return {"QueueName", "FifoQueue"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    const Attributes attributes = attributes_of(properties);
    std::string queue_name = text(properties, "QueueName");
    if (queue_name.empty()) {
      queue_name =
          attributes.contains("FifoQueue") ? generated_name(context, 75) + ".fifo" : generated_name(context, 80);
    }
    const auto tags = tags_of(context, properties);
    if (const auto existing = sqs_.queues().find(context.region, queue_name)) {
      if (existing->definition().made_by == context.client_token) co_return state_of(*existing);
      co_return refuse(
          400, "AlreadyExists",
          fmt::format("Resource of type 'AWS::SQS::Queue' with identifier '{}' already exists.", queue_name));
    }
    if (auto checked = check_tags(tags); !checked) co_return refuse(checked.error());
    auto queue = sqs_.queues().create(context.region, queue_name, attributes, tags, sqs_.now());
    if (!queue) co_return refuse(for_query(queue.error()));
    Definition definition = (*queue)->definition();
    definition.made_by = context.client_token;
    if (auto saved = sqs_.queues().save(**queue, std::move(definition)); !saved) co_return refuse(saved.error());
    if (auto done = co_await durable(sqs_); !done) co_return refuse(done.error());
    co_return state_of(**queue);
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object before,
                                      json::object after) override {
    auto queue = sqs_.queues().find_url(context.region, physical_id);
    if (!queue) co_return refuse(for_query(queue.error()));
    // A property that is gone goes back to its default; one that can only be set when making stays.
    const Attributes wanted = attributes_of(after);
    Definition definition = (*queue)->definition();
    for (const auto& [name, value] : attributes_of(before)) {
      if (!wanted.contains(name) && name != "FifoQueue") definition.attributes.erase(name);
    }
    definition.tags = tags_of(context, after);
    if (auto checked = check_tags(definition.tags); !checked) co_return refuse(checked.error());
    if (auto saved = sqs_.queues().save(**queue, std::move(definition)); !saved) co_return refuse(saved.error());
    if (auto set = sqs_.queues().set_attributes(**queue, wanted, sqs_.now()); !set)
      co_return refuse(for_query(set.error()));
    if (auto done = co_await durable(sqs_); !done) co_return refuse(done.error());
    co_return state_of(**queue);
  }

  Task<Outcome<void>> remove(ResourceContext context, std::string physical_id, json::object) override {
    auto queue = sqs_.queues().find_url(context.region, physical_id);
    if (!queue) co_return Outcome<void>();
    if (auto removed = sqs_.queues().remove(**queue); !removed) co_return refuse(removed.error());
    co_return co_await durable(sqs_);
  }

 private:
  ResourceState state_of(const Queue& queue) {
    const Definition& definition = queue.definition();
    const std::string url = sqs_.queues().url(definition);
    return {url, url, {{"Arn", definition.arn()}, {"QueueName", definition.name}, {"QueueUrl", url}}};
  }

  Service& sqs_;
};

class QueuePolicyType : public ResourceType {
 public:
  explicit QueuePolicyType(Service& sqs) : sqs_(sqs) {}

  std::string_view name() const override { return "AWS::SQS::QueuePolicy"; }

  const PropertySchema& schema() const override {
    static const PropertySchema schema{{"PolicyDocument!", "json"}, {"Queues!", json::array{"string"}}};
    return schema;
  }

  std::vector<std::string_view> replacement_properties() const override { return {}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    if (auto set = set_on_all(context, properties); !set) co_return refuse(set.error());
    if (auto done = co_await durable(sqs_); !done) co_return refuse(done.error());
    const std::string id = generated_name(context, 128);
    co_return ResourceState{id, id, {{"Id", id}}};
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object before,
                                      json::object after) override {
    const auto kept = texts(after, "Queues");
    for (const auto& url : texts(before, "Queues")) {
      if (std::find(kept.begin(), kept.end(), url) == kept.end()) clear(context, url);
    }
    if (auto set = set_on_all(context, after); !set) co_return refuse(set.error());
    if (auto done = co_await durable(sqs_); !done) co_return refuse(done.error());
    co_return ResourceState{physical_id, physical_id, {{"Id", physical_id}}};
  }

  Task<Outcome<void>> remove(ResourceContext context, std::string, json::object properties) override {
    for (const auto& url : texts(properties, "Queues")) clear(context, url);
    co_return co_await durable(sqs_);
  }

 private:
  Outcome<void> set_on_all(const ResourceContext& context, const json::object& properties) {
    const Attributes policy{{"Policy", properties.at("PolicyDocument").is_string()
                                           ? text(properties, "PolicyDocument")
                                           : json::serialize(properties.at("PolicyDocument"))}};
    for (const auto& url : texts(properties, "Queues")) {
      auto queue = sqs_.queues().find_url(context.region, url);
      if (!queue) return refuse(for_query(queue.error()));
      if (auto set = sqs_.queues().set_attributes(**queue, policy, sqs_.now()); !set)
        return refuse(for_query(set.error()));
    }
    return {};
  }

  // A queue that is gone has no policy to clear.
  void clear(const ResourceContext& context, const std::string& url) {
    auto queue = sqs_.queues().find_url(context.region, url);
    if (!queue) return;
    if (auto set = sqs_.queues().set_attributes(**queue, {{"Policy", ""}}, sqs_.now()); !set) return;
  }

  Service& sqs_;
};

}  // namespace

ResourceTypes Service::resource_types() {
  ResourceTypes types;
  types.push_back(std::make_unique<QueueType>(*this));
  types.push_back(std::make_unique<QueuePolicyType>(*this));
  return types;
}

}  // namespace ads::cloud::sqs
