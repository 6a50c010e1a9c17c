// AWS::DynamoDB::Table. Ref is the table's name; Arn is its only attribute here (StreamArn needs a stream).
#include "cloud/dynamodb/resource_types.h"

#include "cloud/dynamodb/errors.h"
#include "cloud/importable_type.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kLongestName = 255;

const json::object& table_schema() {
  static const json::object kSchema = [] {
    const json::value keys = json::array{json::object{{"AttributeName!", "string"}, {"KeyType!", "string"}}};
    const json::value projection =
        json::object{{"ProjectionType", "string"}, {"NonKeyAttributes", json::array{"string"}}};
    const json::value units = json::object{{"ReadCapacityUnits!", "number"}, {"WriteCapacityUnits!", "number"}};
    const json::value limits = json::object{{"MaxReadRequestUnits", "number"}, {"MaxWriteRequestUnits", "number"}};
    json::object local{{"IndexName!", "string"}, {"KeySchema!", keys}, {"Projection!", projection}};
    json::object global = local;
    global["ProvisionedThroughput"] = units;
    global["OnDemandThroughput"] = limits;
    global["ContributorInsightsSpecification"] = "json";
    global["WarmThroughput"] = "json";
    return json::object{
        {"TableName", "string"},
        {"KeySchema!", keys},
        {"AttributeDefinitions", json::array{json::object{{"AttributeName!", "string"}, {"AttributeType!", "string"}}}},
        {"BillingMode", "string"},
        {"ProvisionedThroughput", units},
        {"OnDemandThroughput", limits},
        {"GlobalSecondaryIndexes", json::array{global}},
        {"LocalSecondaryIndexes", json::array{local}},
        {"SSESpecification",
         json::object{{"SSEEnabled!", "boolean"}, {"SSEType", "string"}, {"KMSMasterKeyId", "string"}}},
        {"PointInTimeRecoverySpecification",
         json::object{{"PointInTimeRecoveryEnabled", "boolean"}, {"RecoveryPeriodInDays", "number"}}},
        {"TimeToLiveSpecification", json::object{{"AttributeName", "string"}, {"Enabled!", "boolean"}}},
        {"DeletionProtectionEnabled", "boolean"},
        {"TableClass", "string"},
        {"Tags", json::array{json::object{{"Key!", "string"}, {"Value!", "string"}}}},
        // Known to AWS, refused by name when used.
        {"StreamSpecification", "json"},
        {"ContributorInsightsSpecification", "json"},
        {"ImportSourceSpecification", "json"},
        {"KinesisStreamSpecification", "json"},
        {"ResourcePolicy", "json"},
        {"WarmThroughput", "json"}};
  }();
  return kSchema;
}

// CloudFormation takes "5" for 5 and "true" for true; DynamoDB's own API does not.
json::value typed(const json::value& shape, const json::value& value) {
  if (const json::object* members = shape.if_object()) {
    json::object out;
    for (const auto& [name, member] : value.as_object()) {
      const json::value* inner = members->if_contains(name);
      if (!inner) inner = members->if_contains(std::string(name) + "!");
      out[name] = inner ? typed(*inner, member) : member;
    }
    return out;
  }
  if (const json::array* element = shape.if_array()) {
    json::array out;
    for (const json::value& member : value.as_array()) out.push_back(typed(element->front(), member));
    return out;
  }
  const std::string_view leaf = shape.as_string();
  if (leaf == "string" && !value.is_string()) return json::value(json::serialize(value));
  if (leaf == "boolean" && value.is_string()) return json::value(value.as_string() == "true");
  if (leaf == "number" && value.is_string())
    if (auto number = parse_json(value.as_string())) return *number;
  return value;
}

json::object typed(const json::object& properties) {
  return typed(json::value(table_schema()), properties).as_object();
}

Outcome<void> check_supported_properties(const json::object& properties) {
  for (std::string_view name : {"StreamSpecification", "ContributorInsightsSpecification", "ImportSourceSpecification",
                                "KinesisStreamSpecification", "ResourcePolicy", "WarmThroughput"})
    if (properties.contains(name)) return refuse(unsupported("AWS::DynamoDB::Table's property " + std::string(name)));
  return {};
}

// The stack's tags, and the resource's own above them.
json::array merged_tags(const json::array& stack, const json::object& properties) {
  std::map<std::string, std::string> tags;
  for (const json::array* source : {&stack, get_array(properties, "Tags")}) {
    if (!source) continue;
    for (const json::value& tag : *source)
      tags[std::string(*get_string(tag.as_object(), "Key"))] =
          std::string(get_string(tag.as_object(), "Value").value_or(""));
  }
  json::array out;
  for (const auto& [key, value] : tags) out.emplace_back(json::object{{"Key", key}, {"Value", value}});
  return out;
}

json::object encryption_request(const json::object& properties) {
  const json::object* wanted = get_object(properties, "SSESpecification");
  if (!wanted) return {{"Enabled", false}};
  json::object out = *wanted;
  out.erase("SSEEnabled");
  out["Enabled"] = get_bool(*wanted, "SSEEnabled").value_or(false);
  return out;
}

// Properties that CreateTable and UpdateTable have under the same name.
void copy(const json::object& from, json::object& to, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names)
    if (const json::value* value = from.if_contains(name)) to[name] = *value;
}

const json::value* property(const json::object& properties, std::string_view name) {
  return properties.if_contains(name);
}
bool differs(const json::object& before, const json::object& after, std::string_view name) {
  const json::value *old = property(before, name), *now = property(after, name);
  return (old == nullptr) != (now == nullptr) || (old && *old != *now);
}

class TableType : public ResourceType, public ImportableType {
 public:
  TableType(DynamoDb& service, Environment& environment) : service_(service), environment_(environment) {}

  std::string_view name() const override { return "AWS::DynamoDB::Table"; }
  const PropertySchema& schema() const override { return table_schema(); }
  std::vector<std::string_view> replacement_properties() const override {
    return {"TableName", "KeySchema", "LocalSecondaryIndexes", "ImportSourceSpecification"};
  }

  Task<Outcome<ResourceState>> create(ResourceContext context, json::object given) override {
    if (auto supported = check_supported_properties(given); !supported) co_return refuse(supported.error());
    const json::object properties = typed(given);
    json::object request;
    copy(
        properties, request,
        {"TableName", "KeySchema", "AttributeDefinitions", "BillingMode", "ProvisionedThroughput", "OnDemandThroughput",
         "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "DeletionProtectionEnabled", "TableClass"});
    if (!request.contains("TableName")) request["TableName"] = generated_name(context, kLongestName);
    if (properties.contains("SSESpecification")) request["SSESpecification"] = encryption_request(properties);
    request["Tags"] = merged_tags(context.tags, properties);
    const std::string name(request["TableName"].as_string());
    Creation creation(environment_.store, context);
    const bool was_begun = creation.was_begun();
    if (!was_begun) {
      auto existing = co_await service_.call(context.region, "DescribeTable", {{"TableName", name}});
      if (existing) {
        co_return refuse(
            400, "AlreadyExists",
            fmt::format("Resource of type 'AWS::DynamoDB::Table' with identifier '{}' already exists.", name));
      }
      if (auto begun = creation.begin(); !begun) co_return refuse(begun.error());
    }
    auto created = co_await service_.call(context.region, "CreateTable", std::move(request));
    const bool is_mine = was_begun && !created && created.error().code == "ResourceInUseException";
    if (!created && !is_mine) co_return refuse(created.error());
    auto settled = co_await settle(context.region, name, {}, properties);
    if (!settled) {
      // A resource that could not be finished must not stay behind.
      auto removed = co_await service_.call(context.region, "DeleteTable", {{"TableName", name}});
      (void)removed.has_value();
      co_return refuse(settled.error());
    }
    co_return state_of(context, name);
  }

  Task<Outcome<ResourceState>> update(ResourceContext context, std::string table, json::object given_before,
                                      json::object given_after) override {
    if (auto supported = check_supported_properties(given_after); !supported) co_return refuse(supported.error());
    const json::object before = typed(given_before), after = typed(given_after);
    // In this order, so that a table that becomes provisioned has no index left whose throughput nobody gave.
    auto dropped = co_await change_indexes(context, table, gone_indexes(before, after), after);
    if (!dropped) co_return refuse(dropped.error());
    auto changed = co_await change_table(context, table, before, after);
    if (!changed) co_return refuse(changed.error());
    auto added = co_await change_indexes(context, table, new_indexes(before, after), after);
    if (!added) co_return refuse(added.error());
    auto settled = co_await settle(context.region, table, before, after);
    if (!settled) co_return refuse(settled.error());
    auto tagged = co_await change_tags(context, table, before, after);
    if (!tagged) co_return refuse(tagged.error());
    co_return state_of(context, table);
  }

  Task<Outcome<std::optional<ResourceState>>> find_named(ResourceContext context, json::object properties) override {
    const std::string name(get_string(properties, "TableName").value_or(""));
    if (name.empty()) co_return std::optional<ResourceState>{};
    auto existing = co_await service_.call(context.region, "DescribeTable", {{"TableName", name}});
    if (!existing && existing.error().code == "ResourceNotFoundException") co_return std::optional<ResourceState>{};
    if (!existing) co_return refuse(existing.error());
    auto state = state_of(context, name);
    if (!state) co_return refuse(state.error());
    co_return std::optional(*std::move(state));
  }

  Task<Outcome<void>> remove(ResourceContext context, std::string table, json::object) override {
    auto removed = co_await service_.call(context.region, "DeleteTable", {{"TableName", table}});
    if (!removed && removed.error().code != "ResourceNotFoundException") co_return refuse(removed.error());
    co_return Outcome<void>();
  }

 private:
  std::string arn(const ResourceContext& context, const std::string& table) const {
    return "arn:aws:dynamodb:" + context.region + ":" + environment_.account + ":table/" + table;
  }

  Outcome<ResourceState> state_of(const ResourceContext& context, const std::string& table) const {
    return ResourceState{table, table, {{"Arn", arn(context, table)}}};
  }

  // What has operations of its own: expiry and point-in-time recovery.
  Task<Outcome<void>> settle(std::string region, std::string table, json::object before, json::object after) {
    if (differs(before, after, "TimeToLiveSpecification")) {
      auto enabled = [](const json::object& properties) -> const json::object* {
        const json::object* wanted = get_object(properties, "TimeToLiveSpecification");
        return wanted && get_bool(*wanted, "Enabled").value_or(false) ? wanted : nullptr;
      };
      for (const auto& [specification, turns_on] :
           {std::pair(enabled(before), false), std::pair(enabled(after), true)}) {
        if (!specification) continue;
        json::object wanted{{"AttributeName", get_string(*specification, "AttributeName").value_or("")},
                            {"Enabled", turns_on}};
        auto done = co_await service_.call(region, "UpdateTimeToLive",
                                           {{"TableName", table}, {"TimeToLiveSpecification", std::move(wanted)}});
        if (!done) co_return refuse(done.error());
      }
    }
    if (differs(before, after, "PointInTimeRecoverySpecification")) {
      json::object wanted;
      if (const json::object* given = get_object(after, "PointInTimeRecoverySpecification")) wanted = *given;
      if (!wanted.contains("PointInTimeRecoveryEnabled")) wanted["PointInTimeRecoveryEnabled"] = false;
      auto done =
          co_await service_.call(region, "UpdateContinuousBackups",
                                 {{"TableName", table}, {"PointInTimeRecoverySpecification", std::move(wanted)}});
      if (!done) co_return refuse(done.error());
    }
    co_return Outcome<void>();
  }

  Task<Outcome<void>> change_table(ResourceContext context, std::string table, json::object before,
                                   json::object after) {
    json::object request{{"TableName", table}};
    for (std::string_view name : {"ProvisionedThroughput", "OnDemandThroughput"})
      if (differs(before, after, name)) copy(after, request, {name});
    // A template that no longer says these means what it would have got without them.
    if (differs(before, after, "TableClass"))
      request["TableClass"] = get_string(after, "TableClass").value_or("STANDARD");
    if (differs(before, after, "BillingMode")) {
      request["BillingMode"] = get_string(after, "BillingMode").value_or("PROVISIONED");
      copy(after, request, {"ProvisionedThroughput"});
    }
    if (json::array updates = retuned_indexes(before, after); !updates.empty())
      request["GlobalSecondaryIndexUpdates"] = std::move(updates);
    if (differs(before, after, "DeletionProtectionEnabled"))
      request["DeletionProtectionEnabled"] = get_bool(after, "DeletionProtectionEnabled").value_or(false);
    if (differs(before, after, "SSESpecification")) request["SSESpecification"] = encryption_request(after);
    if (request.size() == 1) co_return Outcome<void>();
    auto done = co_await service_.call(context.region, "UpdateTable", std::move(request));
    if (!done) co_return refuse(done.error());
    co_return Outcome<void>();
  }

  static json::array gone_indexes(const json::object& before, const json::object& after) {
    json::array updates;
    for (const json::value& old : indexes(before)) {
      const json::value* now = index_named(after, name_of(old));
      if (!now || keys_of(*now) != keys_of(old))
        updates.emplace_back(json::object{{"Delete", json::object{{"IndexName", name_of(old)}}}});
    }
    return updates;
  }

  static json::array retuned_indexes(const json::object& before, const json::object& after) {
    json::array updates;
    for (const json::value& old : indexes(before)) {
      const json::value* now = index_named(after, name_of(old));
      const json::value* throughput =
          now && keys_of(*now) == keys_of(old) ? now->as_object().if_contains("ProvisionedThroughput") : nullptr;
      if (throughput && differs(old.as_object(), now->as_object(), "ProvisionedThroughput"))
        updates.emplace_back(json::object{
            {"Update", json::object{{"IndexName", name_of(old)}, {"ProvisionedThroughput", *throughput}}}});
    }
    return updates;
  }

  static json::array new_indexes(const json::object& before, const json::object& after) {
    json::array updates;
    for (const json::value& now : indexes(after)) {
      const json::value* old = index_named(before, name_of(now));
      if (!old || keys_of(*old) != keys_of(now)) updates.emplace_back(json::object{{"Create", now}});
    }
    return updates;
  }

  // One index at a time, as AWS wants it; the next waits until the one before is filled.
  Task<Outcome<void>> change_indexes(ResourceContext context, std::string table, json::array updates,
                                     json::object after) {
    for (const json::value& update : updates) {
      json::object request{{"TableName", table}, {"GlobalSecondaryIndexUpdates", json::array{update}}};
      if (update.as_object().contains("Create"))
        request["AttributeDefinitions"] = definitions_for(update.at("Create"), after);
      auto done = co_await service_.call(context.region, "UpdateTable", std::move(request));
      if (!done) co_return refuse(done.error());
      for (;;) {
        auto worked = service_.work();
        if (!worked) co_return refuse(internal_failure(worked.error()));
        if (!*worked) break;
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
      }
    }
    co_return Outcome<void>();
  }

  Task<Outcome<void>> change_tags(ResourceContext context, std::string table, json::object before, json::object after) {
    const json::array tags = merged_tags(context.tags, after);
    json::array gone;
    for (const json::value& old : merged_tags({}, before))
      if (std::none_of(tags.begin(), tags.end(),
                       [&](const json::value& tag) { return tag.at("Key") == old.at("Key"); }))
        gone.push_back(old.at("Key"));
    if (!gone.empty()) {
      auto done = co_await service_.call(context.region, "UntagResource",
                                         {{"ResourceArn", arn(context, table)}, {"TagKeys", gone}});
      if (!done) co_return refuse(done.error());
    }
    if (!tags.empty()) {
      auto done =
          co_await service_.call(context.region, "TagResource", {{"ResourceArn", arn(context, table)}, {"Tags", tags}});
      if (!done) co_return refuse(done.error());
    }
    co_return Outcome<void>();
  }

  static json::array indexes(const json::object& properties) {
    const json::array* list = get_array(properties, "GlobalSecondaryIndexes");
    return list ? *list : json::array();
  }
  static std::string_view name_of(const json::value& index) { return index.at("IndexName").as_string(); }
  // A change of these makes another index.
  static json::value keys_of(const json::value& index) {
    return json::array{index.at("KeySchema"), index.at("Projection")};
  }
  static const json::value* index_named(const json::object& properties, std::string_view name) {
    if (const json::array* list = get_array(properties, "GlobalSecondaryIndexes"))
      for (const json::value& index : *list)
        if (name_of(index) == name) return &index;
    return nullptr;
  }
  static json::array definitions_for(const json::value& index, const json::object& properties) {
    json::array out;
    for (const json::value& definition : *get_array(properties, "AttributeDefinitions"))
      for (const json::value& key : index.at("KeySchema").as_array())
        if (key.at("AttributeName") == definition.at("AttributeName")) out.push_back(definition);
    return out;
  }

  DynamoDb& service_;
  Environment& environment_;
};

}  // namespace

std::unique_ptr<ResourceType> make_table_type(DynamoDb& service, Environment& environment) {
  return std::make_unique<TableType>(service, environment);
}

}  // namespace ads::cloud::dynamodb
