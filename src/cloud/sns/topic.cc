#include "cloud/sns/topic.h"

#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

template <class Map>
json::object to_object(const Map& map) {
  json::object object;
  for (const auto& [name, value] : map) object[name] = value;
  return object;
}

template <class Map>
void read_map(const json::object& object, std::string_view name, Map& into) {
  const auto* members = get_object(object, name);
  if (!members) return;
  for (const auto& member : *members) {
    if (member.value().is_string()) into[std::string(member.key())] = std::string(member.value().get_string());
  }
}

std::string text(const json::object& object, std::string_view name) {
  return std::string(get_string(object, name).value_or(""));
}

}  // namespace

bool Topic::is_true(std::string_view attribute) const {
  const auto found = attributes.find(attribute);
  return found != attributes.end() && found->second == "true";
}

bool Subscription::is_raw() const {
  const auto found = attributes.find("RawMessageDelivery");
  return found != attributes.end() && found->second == "true";
}

std::string Subscription::dead_letter_arn() const {
  const auto found = attributes.find("RedrivePolicy");
  if (found == attributes.end()) return "";
  auto policy = parse_json_object(found->second);
  return policy ? text(*policy, "deadLetterTargetArn") : "";
}

std::string encode(const Topic& topic) {
  return json::serialize(json::object{{"region", topic.region},
                                      {"account", topic.account},
                                      {"name", topic.name},
                                      {"attributes", to_object(topic.attributes)},
                                      {"tags", to_object(topic.tags)},
                                      {"madeBy", topic.made_by}});
}

std::optional<Topic> decode_topic(std::string_view stored) {
  auto object = parse_json_object(stored);
  if (!object) return {};
  Topic topic{text(*object, "region"), text(*object, "account"), text(*object, "name"), {}, {},
              text(*object, "madeBy")};
  read_map(*object, "attributes", topic.attributes);
  read_map(*object, "tags", topic.tags);
  return topic;
}

std::string encode(const Subscription& subscription) {
  return json::serialize(json::object{{"topic", subscription.topic_arn},
                                      {"id", subscription.id},
                                      {"protocol", subscription.protocol},
                                      {"endpoint", subscription.endpoint},
                                      {"attributes", to_object(subscription.attributes)},
                                      {"madeBy", subscription.made_by}});
}

std::optional<Subscription> decode_subscription(std::string_view stored) {
  auto object = parse_json_object(stored);
  if (!object) return {};
  Subscription subscription;
  subscription.topic_arn = text(*object, "topic");
  subscription.id = text(*object, "id");
  subscription.protocol = text(*object, "protocol");
  subscription.endpoint = text(*object, "endpoint");
  subscription.made_by = text(*object, "madeBy");
  read_map(*object, "attributes", subscription.attributes);
  if (const auto policy = subscription.attributes.find("FilterPolicy"); policy != subscription.attributes.end()) {
    const auto scope = subscription.attributes.find("FilterPolicyScope");
    const bool is_body = scope != subscription.attributes.end() && scope->second == "MessageBody";
    auto filter = FilterPolicy::parse(policy->second, is_body ? FilterScope::body : FilterScope::attributes);
    if (filter) subscription.filter = std::move(*filter);
  }
  return subscription;
}

Outcome<Arn> parse_arn(std::string_view arn, std::string_view parameter) {
  std::vector<std::string> parts;
  for (std::string_view rest = arn;;) {
    const auto colon = rest.find(':');
    parts.emplace_back(rest.substr(0, colon));
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  if (parts.size() < 6) {
    return refuse(invalid_parameter(
        fmt::format("{} Reason: An ARN must have at least 6 elements, not {}", parameter, parts.size())));
  }
  if (parts[0] != "arn" || parts[2] != "sns" || parts.size() > 7 || parts[5].empty()) {
    return refuse(invalid_parameter(fmt::format("{} Reason: \"{}\" is not an ARN of SNS", parameter, arn)));
  }
  return Arn{parts[3], parts[4], parts[5], parts.size() == 7 ? parts[6] : ""};
}

}  // namespace ads::cloud::sns
