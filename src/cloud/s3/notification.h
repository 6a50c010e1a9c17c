// A bucket's NotificationConfiguration: reading it, AWS's rules about it, and which rules an event matches.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cloud/wire_error.h"

namespace ads::cloud::s3 {

enum class DestinationKind { function, queue, topic };

struct NotificationRule {
  std::string id;
  DestinationKind kind = DestinationKind::function;
  std::string arn;
  std::vector<std::string> events;  // "s3:ObjectCreated:*"
  std::string prefix, suffix;
  bool has_prefix = false, has_suffix = false;  // an empty prefix is kept as given
};

struct NotificationConfiguration {
  std::vector<NotificationRule> rules;
  bool has_event_bridge = false;  // accepted and given back; there is no EventBridge here to send to
};

// The XML of PutBucketNotificationConfiguration. Rules without an Id are given one. Errors: MalformedXML,
// InvalidArgument (unknown event, filter rule name, two prefixes, ARN of another service).
Outcome<NotificationConfiguration> parse_notification_xml(std::string_view xml);
std::string to_xml(const NotificationConfiguration& configuration);

// AWS::S3::Bucket's NotificationConfiguration property, into the same.
Outcome<NotificationConfiguration> parse_notification_property(const json::object& property);

// Checks each rule and that no event could match two of them. Errors: InvalidArgument "Configuration is ambiguously
// defined...".
Outcome<void> check_rules(const NotificationConfiguration& configuration);

// Whether events and key filters of both could be satisfied by one event.
bool rules_overlap(const NotificationRule& a, const NotificationRule& b);

// `event` as in a rule, without a wildcard: "s3:ObjectCreated:Put".
bool rule_matches(const NotificationRule& rule, std::string_view event, std::string_view key);

}  // namespace ads::cloud::s3
