// CreateEventSourceMapping and its family, for SQS queues.
#include "base/ids.h"
#include "cloud/lambda/access.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/event_filter.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {

constexpr std::size_t kMostFilters = 5;

// Members of streams and brokers. AWS refuses them for a queue, in these words.
constexpr std::string_view kNotForQueues[] = {"StartingPosition",
                                              "StartingPositionTimestamp",
                                              "ParallelizationFactor",
                                              "DestinationConfig",
                                              "MaximumRecordAgeInSeconds",
                                              "BisectBatchOnFunctionError",
                                              "MaximumRetryAttempts",
                                              "TumblingWindowInSeconds",
                                              "Topics",
                                              "Queues",
                                              "SourceAccessConfigurations",
                                              "SelfManagedEventSource",
                                              "AmazonManagedKafkaEventSourceConfig",
                                              "SelfManagedKafkaEventSourceConfig",
                                              "DocumentDBEventSourceConfig"};
// Members of queues too that this cloud does not act on.
constexpr std::string_view kUnsupported[] = {"KMSKeyArn", "MetricsConfig", "LoggingConfig", "ProvisionedPollerConfig"};

std::string state_of(const Mapping& mapping) {
  return mapping.is_enabled ? "Enabled" : "Disabled";
}

Outcome<void> check_number(const json::object& input, std::string_view member, std::string_view shown, int least,
                           int most, int& out) {
  if (!input.contains(member)) return {};
  auto value = number(input, member);
  if (!value || *value < least || *value > most)
    return refuse(invalid_member(shown, json::serialize(input.at(member)),
                                 fmt::format("Member must have value between {} and {}", least, most)));
  out = static_cast<int>(*value);
  return {};
}

// Sets what the input says and checks the whole.
Outcome<void> change(Parts& parts, Mapping& mapping, const json::object& input) {
  for (auto member : kNotForQueues)
    if (auto* value = input.if_contains(member); value && !value->is_null() &&
                                                 !(value->is_array() && value->as_array().empty()) &&
                                                 !(value->is_object() && value->as_object().empty()))
      return refuse(invalid_parameter(fmt::format("{} is not valid for SQS event sources.", member)));
  for (auto member : kUnsupported)
    if (auto* value = input.if_contains(member); value && !value->is_null())
      return refuse(not_implemented(fmt::format("An event source mapping with {}", member)));
  if (auto checked = check_number(input, "BatchSize", "batchSize", 1, 10'000, mapping.batch_size); !checked)
    return checked;
  if (auto checked = check_number(input, "MaximumBatchingWindowInSeconds", "maximumBatchingWindowInSeconds", 0, 300,
                                  mapping.window);
      !checked)
    return checked;
  if (auto enabled = get_bool(input, "Enabled")) mapping.is_enabled = *enabled;
  if (auto* scaling = get_object(input, "ScalingConfig")) {
    mapping.maximum_concurrency.reset();
    if (scaling->contains("MaximumConcurrency")) {
      int most = 0;
      if (auto checked =
              check_number(*scaling, "MaximumConcurrency", "scalingConfig.maximumConcurrency", 2, 1000, most);
          !checked)
        return checked;
      mapping.maximum_concurrency = most;
    }
  }
  if (auto* types = get_array(input, "FunctionResponseTypes")) {
    mapping.reports_item_failures = false;
    for (auto& type : *types) {
      if (!type.is_string() || type.as_string() != "ReportBatchItemFailures")
        return refuse(invalid_member("functionResponseTypes", json::serialize(*types),
                                     "Member must satisfy enum value set: [ReportBatchItemFailures]"));
      mapping.reports_item_failures = true;
    }
  }
  if (auto* criteria = get_object(input, "FilterCriteria")) {
    mapping.filters.clear();
    if (auto* filters = get_array(*criteria, "Filters"))
      for (auto& filter : *filters) {
        auto pattern = filter.is_object() ? get_string(filter.as_object(), "Pattern") : std::nullopt;
        if (!pattern) return refuse(invalid_parameter("Invalid filter pattern definition."));
        if (pattern->size() > 4096)
          return refuse(invalid_member("filterCriteria.filters.member.pattern", "...",
                                       "Member must have length less than or equal to 4096"));
        auto parsed = parse_event_pattern(*pattern);
        if (!parsed) return refuse(parsed.error());
        mapping.filters.emplace_back(*pattern);
      }
    if (mapping.filters.size() > kMostFilters)
      return refuse(invalid_parameter(fmt::format("The number of filters must be at most {}.", kMostFilters)));
  }
  if (auto name = get_string(input, "FunctionName")) {
    auto parsed = parse_function_name(*name, mapping.region, parts.environment.account);
    if (!parsed) return refuse(parsed.error());
    mapping.function = std::move(*parsed);
  }
  auto function = parts.state.resolve(mapping.region, mapping.function);
  if (!function) return refuse(function.error());

  if (mapping.is_fifo() && mapping.batch_size > 10)
    return refuse(invalid_parameter("Batch size must be between 1 and 10 for FIFO queues."));
  if (mapping.is_fifo() && mapping.window > 0)
    return refuse(invalid_parameter("Batching window is not supported for FIFO queues"));
  if (mapping.batch_size > 10 && mapping.window == 0)
    return refuse(invalid_parameter(
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"));
  if (!parts.environment.queues) return refuse(service_error("SQS is not there."));
  auto queue = parts.environment.queues->attributes(mapping.queue_arn);
  if (!queue)
    return refuse(
        invalid_parameter(fmt::format("Error occurred while ReceiveMessage. SQS Error Code: {}. SQS Error Message: {}",
                                      queue.error().code, queue.error().message)));
  if (auto allowed = check_source_permissions(parts.environment, *function, mapping.queue_arn); !allowed)
    return allowed;
  long visibility = queue->contains("VisibilityTimeout") ? std::atol(queue->at("VisibilityTimeout").c_str()) : 30;
  if (visibility < function->timeout)
    return refuse(
        invalid_parameter(fmt::format("Queue visibility timeout: {} seconds is less than Function timeout: {} seconds",
                                      visibility, function->timeout)));
  return {};
}

Task<Reply> store(Parts& parts, Mapping mapping, std::string state) {
  mapping.last_modified = parts.environment.clock.now().time_since_epoch().count();
  Batch batch;
  batch.put(mapping_key(mapping.region, mapping.uuid), json::serialize(to_json(mapping)));
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_await parts.sources.refresh(mapping.region, mapping.uuid);
  co_return describe(mapping, parts.environment.account, state, parts.sources.last_result(mapping.uuid));
}

Outcome<Mapping> named_mapping(Parts& parts, std::string_view region, const json::object& input) {
  if (auto found = find_mapping(parts.state, region, get_string(input, "UUID").value_or(""))) return std::move(*found);
  return refuse(not_found("The resource you requested does not exist."));
}

}  // namespace

Task<Reply> create_event_source_mapping(Parts& parts, std::string region, json::object input) {
  std::string source(get_string(input, "EventSourceArn").value_or(""));
  if (!get_string(input, "FunctionName"))
    co_return refuse(invalid_member("functionName", "null", "Member must not be null"));
  if (source.empty())
    co_return refuse(invalid_parameter("EventSourceArn is required: this local cloud's event sources are SQS queues."));
  if (!source.starts_with("arn:aws:sqs:")) co_return refuse(not_implemented("CreateEventSourceMapping for " + source));
  if (region_of_arn(source) != region)
    co_return refuse(invalid_parameter(fmt::format(
        "Invalid event source region: the queue is in {}, the function in {}.", region_of_arn(source), region)));
  Mapping mapping{.uuid = random_uuid(), .region = region, .queue_arn = source};
  if (auto changed = change(parts, mapping, input); !changed) co_return refuse(changed.error());
  if (auto* tags = get_object(input, "Tags"))
    for (auto& [key, value] : *tags)
      if (value.is_string()) mapping.tags[key] = value.as_string();
  for (auto& other : all_mappings(parts.state, region))
    if (other.queue_arn == source && other.function.name == mapping.function.name &&
        other.function.qualifier == mapping.function.qualifier)
      co_return refuse(
          conflict(fmt::format("An event source mapping with SQS arn (\" {} \") and function (\" {} \") already "
                               "exists. Please update or delete the existing mapping with UUID {}",
                               source, mapping.function.name, other.uuid)));
  co_return co_await store(parts, std::move(mapping), "Creating");
}

Task<Reply> get_event_source_mapping(Parts& parts, std::string region, json::object input) {
  auto mapping = named_mapping(parts, region, input);
  if (!mapping) co_return refuse(mapping.error());
  co_return describe(*mapping, parts.environment.account, state_of(*mapping), parts.sources.last_result(mapping->uuid));
}

Task<Reply> update_event_source_mapping(Parts& parts, std::string region, json::object input) {
  auto mapping = named_mapping(parts, region, input);
  if (!mapping) co_return refuse(mapping.error());
  bool was_enabled = mapping->is_enabled;
  if (auto changed = change(parts, *mapping, input); !changed) co_return refuse(changed.error());
  std::string state = was_enabled == mapping->is_enabled ? "Updating" : mapping->is_enabled ? "Enabling" : "Disabling";
  co_return co_await store(parts, std::move(*mapping), state);
}

Task<Reply> delete_event_source_mapping(Parts& parts, std::string region, json::object input) {
  auto mapping = named_mapping(parts, region, input);
  if (!mapping) co_return refuse(mapping.error());
  Batch batch;
  batch.remove(mapping_key(region, mapping->uuid));
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  auto last_result = parts.sources.last_result(mapping->uuid);
  co_await parts.sources.refresh(region, mapping->uuid);
  co_return describe(*mapping, parts.environment.account, "Deleting", last_result);
}

Task<Reply> list_event_source_mappings(Parts& parts, std::string region, json::object input) {
  auto page = page_of(input, 100);
  if (!page) co_return refuse(page.error());
  auto source = get_string(input, "EventSourceArn").value_or("");
  std::optional<FunctionName> function;
  if (get_string(input, "FunctionName")) {
    auto name = named(parts, region, input);
    if (!name) co_return refuse(name.error());
    function = std::move(*name);
  }
  json::array mappings;
  json::object reply;
  std::string last;
  for (auto& mapping : all_mappings(parts.state, region)) {
    if (mapping.uuid <= page->after) continue;
    if (!source.empty() && mapping.queue_arn != source) continue;
    if (function && (mapping.function.name != function->name ||
                     (!function->qualifier.empty() && mapping.function.qualifier != function->qualifier)))
      continue;
    if (mappings.size() == page->most) {
      reply["NextMarker"] = last;
      break;
    }
    mappings.push_back(
        describe(mapping, parts.environment.account, state_of(mapping), parts.sources.last_result(mapping.uuid)));
    last = mapping.uuid;
  }
  reply["EventSourceMappings"] = std::move(mappings);
  co_return reply;
}

}  // namespace ads::cloud::lambda
