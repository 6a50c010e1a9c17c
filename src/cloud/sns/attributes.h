// Which attributes topics and subscriptions have, and what each may be.
#pragma once
#include "cloud/sns/topic.h"

namespace ads::cloud::sns {

// `attributes` changed by one name and value; an empty value of a document removes it. Errors: InvalidParameter.
enum class Moment { creating, changing };
Outcome<void> set_topic_attribute(const Topic& topic, Attributes& attributes, const std::string& name,
                                  const std::string& value, Moment moment);
// Everything GetTopicAttributes answers, but for the counts of subscriptions.
Attributes topic_attributes(const Topic& topic);

// Errors: InvalidParameter; NotImplemented for what only AWS can do (ReplayPolicy, SubscriptionRoleArn).
Outcome<void> set_subscription_attribute(Subscription& subscription, const std::string& name, const std::string& value);
// Whether the filter policy, if any, fits its scope. Errors: InvalidParameter.
Outcome<void> check_filter(const Subscription& subscription);
Attributes subscription_attributes(const Subscription& subscription, std::string_view account);

}  // namespace ads::cloud::sns
