// A topic and a subscription as values, and their stored form.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/sns/filter_policy.h"

namespace ads::cloud::sns {

using Attributes = std::map<std::string, std::string, std::less<>>;

struct Topic {
  std::string region, account, name;
  Attributes attributes;  // only what was set
  std::map<std::string, std::string> tags;
  std::string made_by;  // the stack operation that made it

  std::string arn() const { return "arn:aws:sns:" + region + ":" + account + ":" + name; }
  bool is_fifo() const { return name.ends_with(".fifo"); }
  bool is_true(std::string_view attribute) const;
};

struct Subscription {
  std::string topic_arn, id;
  std::string protocol;  // "sqs" | "lambda"
  std::string endpoint;
  Attributes attributes;  // RawMessageDelivery, FilterPolicy, FilterPolicyScope, RedrivePolicy, DeliveryPolicy
  std::optional<FilterPolicy> filter = {};  // of attributes; not stored
  std::string made_by = {};

  std::string arn() const { return topic_arn + ":" + id; }
  bool is_raw() const;
  std::string dead_letter_arn() const;  // empty: none
};

std::string encode(const Topic& topic);
std::optional<Topic> decode_topic(std::string_view stored);
std::string encode(const Subscription& subscription);
std::optional<Subscription> decode_subscription(std::string_view stored);

// arn:aws:sns:region:account:name[:subscription-id]
struct Arn {
  std::string region, account, topic, subscription;
};
// Errors: InvalidParameter, naming `parameter`.
Outcome<Arn> parse_arn(std::string_view arn, std::string_view parameter);

}  // namespace ads::cloud::sns
