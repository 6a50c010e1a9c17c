// AWS::S3::Bucket and AWS::S3::BucketPolicy
// (docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html).
#include "cloud/importable_type.h"
#include "cloud/s3/address.h"
#include "cloud/s3/configurations.h"
#include "cloud/s3/destinations.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/service.h"
#include "cloud/s3/state.h"
#include "cloud/s3/tagging.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kLongestName = 63;
constexpr std::string_view kToken = "creation-token";  // in Bucket::configurations: which stack operation made it

std::string text_of(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}

class BucketType : public ResourceType, public ImportableType {
 public:
  explicit BucketType(State& state) : state_(state) {}
  std::string_view name() const override { return "AWS::S3::Bucket"; }

  const PropertySchema& schema() const override {
    static const PropertySchema schema = [] {
      json::object key_filter{
          {"S3Key!", {{"Rules!", json::array{json::object{{"Name!", "string"}, {"Value!", "string"}}}}}}};
      auto destination = [&](std::string_view arn) {
        json::object rule{{"Event!", "string"}, {"Filter", key_filter}};
        rule[std::string(arn) + "!"] = "string";
        return json::array{std::move(rule)};
      };
      json::object transition{
          {"StorageClass!", "string"}, {"TransitionInDays", "number"}, {"TransitionDate", "string"}};
      json::object noncurrent{
          {"StorageClass!", "string"}, {"TransitionInDays!", "number"}, {"NewerNoncurrentVersions", "number"}};
      json::object tag{{"Key!", "string"}, {"Value!", "string"}};
      json::object lifecycle_rule{
          {"Id", "string"},
          {"Status!", "string"},
          {"Prefix", "string"},
          {"TagFilters", json::array{tag}},
          {"ObjectSizeGreaterThan", "string"},
          {"ObjectSizeLessThan", "string"},
          {"ExpirationDate", "string"},
          {"ExpirationInDays", "number"},
          {"ExpiredObjectDeleteMarker", "boolean"},
          {"NoncurrentVersionExpirationInDays", "number"},
          {"NoncurrentVersionExpiration", {{"NoncurrentDays!", "number"}, {"NewerNoncurrentVersions", "number"}}},
          {"Transition", transition},
          {"Transitions", json::array{transition}},
          {"NoncurrentVersionTransition", noncurrent},
          {"NoncurrentVersionTransitions", json::array{noncurrent}},
          {"AbortIncompleteMultipartUpload", {{"DaysAfterInitiation!", "number"}}}};
      json::object encryption_rule{
          {"BucketKeyEnabled", "boolean"},
          {"ServerSideEncryptionByDefault", {{"SSEAlgorithm!", "string"}, {"KMSMasterKeyID", "string"}}}};
      return PropertySchema{
          {"BucketName", "string"},
          {"AccessControl", "string"},
          {"BucketEncryption", {{"ServerSideEncryptionConfiguration!", json::array{encryption_rule}}}},
          {"LifecycleConfiguration", {{"Rules!", json::array{lifecycle_rule}}}},
          {"NotificationConfiguration",
           {{"LambdaConfigurations", destination("Function")},
            {"QueueConfigurations", destination("Queue")},
            {"TopicConfigurations", destination("Topic")},
            {"EventBridgeConfiguration", {{"EventBridgeEnabled", "boolean"}}}}},
          {"OwnershipControls", {{"Rules!", json::array{json::object{{"ObjectOwnership", "string"}}}}}},
          {"PublicAccessBlockConfiguration",
           {{"BlockPublicAcls", "boolean"},
            {"IgnorePublicAcls", "boolean"},
            {"BlockPublicPolicy", "boolean"},
            {"RestrictPublicBuckets", "boolean"}}},
          {"Tags", json::array{tag}},
          {"VersioningConfiguration", {{"Status!", "string"}}}};
    }();
    return schema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"BucketName"}; }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object properties) override {
    std::string name = properties.contains("BucketName") ? text_of(properties, "BucketName")
                                                         : lower(generated_name(context, kLongestName));
    if (!is_valid_bucket_name(name))
      co_return refuse(
          400, "InvalidRequest",
          "Bucket name '" + name + "' is not valid: it takes 3 to 63 lower-case letters, digits, dots and hyphens");
    auto existing = state_.buckets.find(name);
    const auto* token = existing ? existing->configuration(kToken) : nullptr;
    if (existing && (!token || *token != context.client_token))
      co_return refuse(409, "AlreadyExists", name + " already exists");
    if (!existing) {
      Bucket bucket;
      bucket.id = state_.sequence.next();
      bucket.name = name;
      bucket.region = context.region;
      bucket.account = context.account;
      bucket.created = state_.environment.clock.now();
      bucket.configurations.emplace(kToken, context.client_token);
      set_creation_defaults(bucket);
      if (auto saved = state_.buckets.save(state_.blobs, std::move(bucket)); !saved)
        co_return refuse(internal_error(saved.error()));
    }
    auto configured = co_await configure(context, name, {}, properties);
    if (!configured) {
      // A bucket that could not be configured was not created.
      if (auto made = state_.buckets.find(name))
        if (auto removed = state_.buckets.remove(state_.blobs, *made); !removed)
          co_return refuse(internal_error(removed.error()));
      co_return refuse(configured.error());
    }
    co_return describe(name, context.region);
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string physical_id, json::object before,
                                      json::object after) override {
    if (!state_.buckets.find(physical_id)) co_return refuse(errors::no_such_bucket(physical_id));
    if (auto configured = co_await configure(context, physical_id, std::move(before), std::move(after)); !configured)
      co_return refuse(configured.error());
    co_return describe(physical_id, context.region);
  }

  Task<Outcome<std::optional<ResourceState>>> find_named(ResourceContext context, json::object properties) override {
    const auto name = text_of(properties, "BucketName");
    const auto bucket = name.empty() ? BucketPointer() : state_.buckets.find(name);
    const bool is_there = bucket && bucket->account == context.account && bucket->region == context.region;
    co_return is_there ? std::optional(describe(name, context.region)) : std::nullopt;
  }

  Task<Outcome<void>> remove(ResourceContext, std::string physical_id, json::object) override {
    auto bucket = state_.buckets.find(physical_id);
    if (!bucket) co_return Outcome<void>{};
    if (!state_.objects.is_empty(*bucket)) co_return refuse(errors::bucket_not_empty(physical_id));
    if (auto aborted = state_.uploads.abort_all(state_.blobs, *bucket); !aborted)
      co_return refuse(internal_error(aborted.error()));
    if (auto removed = state_.buckets.remove(state_.blobs, *bucket); !removed)
      co_return refuse(internal_error(removed.error()));
    co_return co_await state_.durable();
  }

 private:
  static std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  }

  static ResourceState describe(const std::string& name, const std::string& region) {
    return {name,
            name,
            {{"Arn", "arn:aws:s3:::" + name},
             {"DomainName", name + ".s3.amazonaws.com"},
             {"DualStackDomainName", name + ".s3.dualstack." + region + ".amazonaws.com"},
             {"RegionalDomainName", name + ".s3." + region + ".amazonaws.com"},
             {"WebsiteURL", "http://" + name + ".s3-website-" + region + ".amazonaws.com"}}};
  }

  static Outcome<void> set(Bucket& bucket, std::string_view kind, std::string document) {
    auto checked = check_configuration(*find_configuration(kind), bucket, document);
    if (!checked) return refuse(checked.error());
    bucket.configurations[std::string(kind)] = std::move(*checked);
    return {};
  }

  // Brings `bucket` from one set of properties to another; what neither names is left alone.
  static Outcome<void> set_documents(const ResourceContext& context, Bucket& bucket, const json::object& before,
                                     const json::object& after) {
    using Document = std::string (*)(const json::object&);
    constexpr std::tuple<std::string_view, std::string_view, Document> documents[] = {
        {"BucketEncryption", "encryption", encryption_xml},
        {"LifecycleConfiguration", "lifecycle", lifecycle_xml},
        {"PublicAccessBlockConfiguration", "publicAccessBlock", public_access_block_xml},
        {"OwnershipControls", "ownershipControls", ownership_xml}};
    for (const auto& [property, kind, document] : documents) {
      if (const auto* value = get_object(after, property)) {
        if (auto done = set(bucket, kind, document(*value)); !done) return done;
      } else if (before.contains(property)) {
        bucket.configurations.erase(std::string(kind));
        Bucket fresh;
        set_creation_defaults(fresh);
        if (const auto* original = fresh.configuration(kind)) bucket.configurations[std::string(kind)] = *original;
      }
    }
    auto access = text_of(after, "AccessControl");
    if (!access.empty() && access != "Private" && access != "BucketOwnerFullControl")
      return refuse(errors::access_control_list_not_supported());
    if (const auto* versioning = get_object(after, "VersioningConfiguration")) {
      auto status = text_of(*versioning, "Status");
      if (status != "Enabled" && status != "Suspended") return refuse(errors::malformed_xml());
      bool was_never = bucket.versioning == Versioning::never;
      if (status == "Enabled")
        bucket.versioning = Versioning::enabled;
      else if (!was_never)
        bucket.versioning = Versioning::suspended;
    } else if (before.contains("VersioningConfiguration")) {
      bucket.versioning = Versioning::suspended;
    }
    NamedValues tags;
    auto add_tags = [&](const json::array& list) {
      for (const auto& tag : list) {
        auto key = text_of(tag.as_object(), "Key"), value = text_of(tag.as_object(), "Value");
        auto same = std::find_if(tags.begin(), tags.end(), [&](auto& known) { return known.first == key; });
        if (same == tags.end())
          tags.emplace_back(key, value);
        else
          same->second = value;
      }
    };
    add_tags(context.tags);
    if (const auto* own = get_array(after, "Tags")) add_tags(*own);
    if (auto checked = check_tags(tags, 50); !checked) return checked;
    if (tags.empty())
      bucket.configurations.erase("tagging");
    else
      bucket.configurations["tagging"] = tagging_xml(tags);
    return {};
  }

  Task<Outcome<void>> configure(ResourceContext context, std::string name, json::object before, json::object after) {
    NotificationConfiguration notifications;
    const auto* wanted = get_object(after, "NotificationConfiguration");
    if (wanted) {
      auto parsed = parse_notification_property(*wanted);
      if (!parsed) co_return refuse(parsed.error());
      if (auto checked = check_rules(*parsed); !checked) co_return refuse(checked.error());
      notifications = std::move(*parsed);
      auto validated = co_await validate_destinations(state_, state_.buckets.find(name), notifications,
                                                      context.client_token, state_.environment.clock.now());
      if (!validated) {
        auto error = validated.error();
        for (const auto& [argument, value] : error.fields)
          if (argument.starts_with("ArgumentValue")) error.message += ": " + std::string(value.as_string());
        co_return refuse(std::move(error));
      }
    }
    auto current = state_.buckets.find(name);
    if (!current) co_return refuse(errors::no_such_bucket(name));
    Bucket bucket = *current;
    if (auto done = set_documents(context, bucket, before, after); !done) co_return refuse(done.error());
    if (wanted)
      bucket.configurations["notification"] = to_xml(notifications);
    else if (before.contains("NotificationConfiguration"))
      bucket.configurations.erase("notification");
    if (auto saved = state_.buckets.save(state_.blobs, std::move(bucket)); !saved)
      co_return refuse(internal_error(saved.error()));
    co_return co_await state_.durable();
  }

  State& state_;
};

class BucketPolicyType : public ResourceType {
 public:
  explicit BucketPolicyType(State& state) : state_(state) {}
  std::string_view name() const override { return "AWS::S3::BucketPolicy"; }
  const PropertySchema& schema() const override {
    static const PropertySchema schema{{"Bucket!", "string"}, {"PolicyDocument!", "json"}};
    return schema;
  }
  std::vector<std::string_view> replacement_properties() const override { return {"Bucket"}; }

  Task<Outcome<ResourceState>> create(ResourceContext, json::object properties) override {
    auto name = text_of(properties, "Bucket");
    auto stored = co_await store(name, properties);
    if (!stored) co_return refuse(stored.error());
    co_return ResourceState{name, name, {}};
  }
  Task<Outcome<ResourceState>> update(ResourceContext, std::string physical_id, json::object,
                                      json::object after) override {
    auto stored = co_await store(physical_id, std::move(after));
    if (!stored) co_return refuse(stored.error());
    co_return ResourceState{physical_id, physical_id, {}};
  }
  Task<Outcome<void>> remove(ResourceContext, std::string physical_id, json::object) override {
    auto current = state_.buckets.find(physical_id);
    if (!current) co_return Outcome<void>{};
    Bucket bucket = *current;
    bucket.configurations.erase("policy");
    if (auto saved = state_.buckets.save(state_.blobs, std::move(bucket)); !saved)
      co_return refuse(internal_error(saved.error()));
    co_return co_await state_.durable();
  }

 private:
  Task<Outcome<void>> store(std::string name, json::object properties) {
    auto current = state_.buckets.find(name);
    if (!current) co_return refuse(errors::no_such_bucket(name));
    const auto& document = properties.at("PolicyDocument");
    auto checked =
        check_configuration(*find_configuration("policy"), *current,
                            document.is_string() ? std::string(document.as_string()) : json::serialize(document));
    if (!checked) co_return refuse(checked.error());
    Bucket bucket = *current;
    bucket.configurations["policy"] = std::move(*checked);
    if (auto saved = state_.buckets.save(state_.blobs, std::move(bucket)); !saved)
      co_return refuse(internal_error(saved.error()));
    co_return co_await state_.durable();
  }

  State& state_;
};

}  // namespace

ResourceTypes S3::resource_types() {
  ResourceTypes types;
  types.push_back(std::make_unique<BucketType>(*state_));
  types.push_back(std::make_unique<BucketPolicyType>(*state_));
  return types;
}

}  // namespace ads::cloud::s3
