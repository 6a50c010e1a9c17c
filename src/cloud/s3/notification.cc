#include "cloud/s3/notification.h"

#include <algorithm>
#include <pugixml.hpp>
#include <set>

#include "base/ids.h"
#include "cloud/query_protocol.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::string_view kEvents[] = {"s3:ReducedRedundancyLostObject",
                                        "s3:ObjectCreated:*",
                                        "s3:ObjectCreated:Put",
                                        "s3:ObjectCreated:Post",
                                        "s3:ObjectCreated:Copy",
                                        "s3:ObjectCreated:CompleteMultipartUpload",
                                        "s3:ObjectRemoved:*",
                                        "s3:ObjectRemoved:Delete",
                                        "s3:ObjectRemoved:DeleteMarkerCreated",
                                        "s3:ObjectRestore:*",
                                        "s3:ObjectRestore:Post",
                                        "s3:ObjectRestore:Completed",
                                        "s3:ObjectRestore:Delete",
                                        "s3:Replication:*",
                                        "s3:Replication:OperationFailedReplication",
                                        "s3:Replication:OperationNotTracked",
                                        "s3:Replication:OperationMissedThreshold",
                                        "s3:Replication:OperationReplicatedAfterThreshold",
                                        "s3:LifecycleTransition",
                                        "s3:IntelligentTiering",
                                        "s3:ObjectAcl:Put",
                                        "s3:LifecycleExpiration:*",
                                        "s3:LifecycleExpiration:Delete",
                                        "s3:LifecycleExpiration:DeleteMarkerCreated",
                                        "s3:ObjectTagging:*",
                                        "s3:ObjectTagging:Put",
                                        "s3:ObjectTagging:Delete"};

struct DestinationWords {
  DestinationKind kind;
  std::string_view element, arn_element, service;  // S3's XML
  std::string_view property_list, property_arn;    // CloudFormation
};
constexpr DestinationWords kDestinations[] = {
    {DestinationKind::topic, "TopicConfiguration", "Topic", "sns", "TopicConfigurations", "Topic"},
    {DestinationKind::queue, "QueueConfiguration", "Queue", "sqs", "QueueConfigurations", "Queue"},
    {DestinationKind::function, "CloudFunctionConfiguration", "CloudFunction", "lambda", "LambdaConfigurations",
     "Function"}};

const DestinationWords& words(DestinationKind kind) {
  return *std::find_if(std::begin(kDestinations), std::end(kDestinations), [&](auto& d) { return d.kind == kind; });
}

bool equal_any_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return std::tolower(x) == std::tolower(y); });
}

// "s3:ObjectCreated:*" holds "s3:ObjectCreated:Put".
bool event_covers(std::string_view pattern, std::string_view event) {
  if (pattern.ends_with('*')) return event.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == event;
}

bool events_meet(const NotificationRule& a, const NotificationRule& b) {
  for (const auto& x : a.events)
    for (const auto& y : b.events)
      if (event_covers(x, y) || event_covers(y, x)) return true;
  return false;
}

Outcome<void> add_filter(NotificationRule& rule, std::string_view name, std::string_view value) {
  bool is_prefix = equal_any_case(name, "prefix");
  if (!is_prefix && !equal_any_case(name, "suffix"))
    return refuse(
        errors::invalid_argument("filter rule name must be either prefix or suffix", "FilterRule.Name", name));
  if (value.size() > 1024)
    return refuse(errors::invalid_argument("size of filter rule value cannot exceed 1024 bytes in UTF-8 representation",
                                           "FilterRule.Value", value));
  bool& has = is_prefix ? rule.has_prefix : rule.has_suffix;
  if (has)
    return refuse(errors::invalid_argument(is_prefix ? "Cannot specify more than one prefix rule in a filter."
                                                     : "Cannot specify more than one suffix rule in a filter.",
                                           "FilterRule.Name", is_prefix ? "prefix" : "suffix"));
  has = true;
  (is_prefix ? rule.prefix : rule.suffix) = value;
  return {};
}

Outcome<NotificationRule> read_rule(const DestinationWords& destination, const pugi::xml_node& node) {
  NotificationRule rule;
  rule.kind = destination.kind;
  for (auto child : node.children()) {
    std::string_view name = local_name(child);
    if (name == "Id")
      rule.id = child.child_value();
    else if (name == destination.arn_element)
      rule.arn = child.child_value();
    else if (name == "Event")
      rule.events.push_back(child.child_value());
    else if (name == "Filter") {
      for (auto key : child.children()) {
        if (local_name(key) != "S3Key") return refuse(errors::malformed_xml());
        for (auto filter : key.children()) {
          if (local_name(filter) != "FilterRule") return refuse(errors::malformed_xml());
          auto added = add_filter(rule, child_text(filter, "Name"), child_text(filter, "Value"));
          if (!added) return refuse(added.error());
        }
      }
    } else {
      return refuse(errors::malformed_xml());
    }
  }
  if (rule.arn.empty() || rule.events.empty()) return refuse(errors::malformed_xml());
  return rule;
}

}  // namespace

Outcome<NotificationConfiguration> parse_notification_xml(std::string_view xml) {
  pugi::xml_document document;
  auto root = parse_xml(document, xml, "NotificationConfiguration");
  if (!root) return refuse(root.error());
  NotificationConfiguration configuration;
  for (auto node : root->children()) {
    auto name = local_name(node);
    if (name == "EventBridgeConfiguration") {
      configuration.has_event_bridge = true;
      continue;
    }
    auto destination = std::find_if(std::begin(kDestinations), std::end(kDestinations), [&](auto& d) {
      return name == d.element || (d.kind == DestinationKind::function && name == "LambdaFunctionConfiguration");
    });
    if (destination == std::end(kDestinations)) return refuse(errors::malformed_xml());
    auto rule = read_rule(*destination, node);
    if (!rule) return refuse(rule.error());
    configuration.rules.push_back(std::move(*rule));
  }
  for (auto& rule : configuration.rules)
    if (rule.id.empty()) rule.id = random_uuid();
  return configuration;
}

std::string to_xml(const NotificationConfiguration& configuration) {
  XmlWriter xml;
  xml.open("NotificationConfiguration", kS3Namespace);
  for (const auto& destination : kDestinations)
    for (const auto& rule : configuration.rules) {
      if (rule.kind != destination.kind) continue;
      xml.open(destination.element).element("Id", rule.id).element(destination.arn_element, rule.arn);
      for (const auto& event : rule.events) xml.element("Event", event);
      if (rule.has_prefix || rule.has_suffix) {
        xml.open("Filter").open("S3Key");
        if (rule.has_prefix) xml.open("FilterRule").element("Name", "Prefix").element("Value", rule.prefix).close();
        if (rule.has_suffix) xml.open("FilterRule").element("Name", "Suffix").element("Value", rule.suffix).close();
        xml.close().close();
      }
      xml.close();
    }
  if (configuration.has_event_bridge) xml.open("EventBridgeConfiguration").close();
  xml.close();
  return xml.take();
}

Outcome<NotificationConfiguration> parse_notification_property(const json::object& property) {
  NotificationConfiguration configuration;
  if (const auto* bridge = get_object(property, "EventBridgeConfiguration")) {
    const auto* enabled = bridge->if_contains("EventBridgeEnabled");
    bool is_off = enabled && (*enabled == json::value(false) || *enabled == json::value("false"));
    configuration.has_event_bridge = !is_off;
  }
  for (const auto& destination : kDestinations) {
    const auto* list = get_array(property, destination.property_list);
    if (!list) continue;
    for (const auto& entry : *list) {
      const auto& object = entry.as_object();
      NotificationRule rule;
      rule.id = random_uuid();
      rule.kind = destination.kind;
      rule.arn = get_string(object, destination.property_arn).value_or("");
      rule.events = {std::string(get_string(object, "Event").value_or(""))};
      if (const auto* filter = get_object(object, "Filter"))
        if (const auto* key = get_object(*filter, "S3Key"))
          if (const auto* rules = get_array(*key, "Rules"))
            for (const auto& filter_rule : *rules) {
              auto added = add_filter(rule, get_string(filter_rule.as_object(), "Name").value_or(""),
                                      get_string(filter_rule.as_object(), "Value").value_or(""));
              if (!added) return refuse(added.error());
            }
      configuration.rules.push_back(std::move(rule));
    }
  }
  return configuration;
}

Outcome<void> check_rules(const NotificationConfiguration& configuration) {
  std::set<std::string_view> ids;
  for (const auto& rule : configuration.rules) {
    const auto& destination = words(rule.kind);
    auto prefix = std::string("arn:aws:") + std::string(destination.service) + ":";
    if (!rule.arn.starts_with("arn:aws") || std::count(rule.arn.begin(), rule.arn.end(), ':') < 5)
      return refuse(errors::invalid_argument("The ARN could not be parsed", destination.arn_element, rule.arn));
    if (!rule.arn.starts_with(prefix))
      return refuse(errors::invalid_argument("The ARN is not well formed", destination.arn_element, rule.arn));
    if (rule.kind == DestinationKind::queue && rule.arn.ends_with(".fifo"))
      return refuse(errors::invalid_argument("FIFO SQS queues are not supported", destination.arn_element, rule.arn));
    if (rule.kind == DestinationKind::topic && rule.arn.ends_with(".fifo"))
      return refuse(errors::invalid_argument("FIFO SNS topics are not supported", destination.arn_element, rule.arn));
    for (const auto& event : rule.events)
      if (std::find(std::begin(kEvents), std::end(kEvents), event) == std::end(kEvents))
        return refuse(
            errors::invalid_argument("The event '" + event + "' is not supported for notifications", "Event", event));
    if (!ids.insert(rule.id).second)
      return refuse(
          errors::invalid_argument("Same ID used for multiple configurations. IDs must be unique", "Id", rule.id));
  }
  for (std::size_t i = 0; i < configuration.rules.size(); ++i)
    for (std::size_t j = i + 1; j < configuration.rules.size(); ++j) {
      const auto &a = configuration.rules[i], &b = configuration.rules[j];
      if (!rules_overlap(a, b)) continue;
      bool has_filter = a.has_prefix || a.has_suffix || b.has_prefix || b.has_suffix;
      return refuse(errors::invalid_argument(
          has_filter
              ? "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes "
                "are overlapping for the same event type."
              : "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
          b.id, a.id));
    }
  return {};
}

bool rules_overlap(const NotificationRule& a, const NotificationRule& b) {
  bool prefixes = a.prefix.starts_with(b.prefix) || b.prefix.starts_with(a.prefix);
  bool suffixes = a.suffix.ends_with(b.suffix) || b.suffix.ends_with(a.suffix);
  return prefixes && suffixes && events_meet(a, b);
}

bool rule_matches(const NotificationRule& rule, std::string_view event, std::string_view key) {
  return key.starts_with(rule.prefix) && key.ends_with(rule.suffix) &&
         std::any_of(rule.events.begin(), rule.events.end(),
                     [&](auto& pattern) { return event_covers(pattern, event); });
}

}  // namespace ads::cloud::s3
