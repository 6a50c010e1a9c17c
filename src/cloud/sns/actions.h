// The operations of SNS by name. Input as parse_query_form gives it; output in the model's shape.
#pragma once
#include "cloud/sns/service.h"

namespace ads::cloud::sns {

using Answer = Task<Outcome<json::object>>;

Answer add_permission(Sns& sns, Call& call, json::object input);
Answer confirm_subscription(Sns& sns, Call& call, json::object input);
Answer create_topic(Sns& sns, Call& call, json::object input);
Answer delete_topic(Sns& sns, Call& call, json::object input);
Answer get_subscription_attributes(Sns& sns, Call& call, json::object input);
Answer get_topic_attributes(Sns& sns, Call& call, json::object input);
Answer list_subscriptions(Sns& sns, Call& call, json::object input);
Answer list_subscriptions_by_topic(Sns& sns, Call& call, json::object input);
Answer list_tags_for_resource(Sns& sns, Call& call, json::object input);
Answer list_topics(Sns& sns, Call& call, json::object input);
Answer publish(Sns& sns, Call& call, json::object input);
Answer publish_batch(Sns& sns, Call& call, json::object input);
Answer remove_permission(Sns& sns, Call& call, json::object input);
Answer set_subscription_attributes(Sns& sns, Call& call, json::object input);
Answer set_topic_attributes(Sns& sns, Call& call, json::object input);
Answer subscribe(Sns& sns, Call& call, json::object input);
Answer tag_resource(Sns& sns, Call& call, json::object input);
Answer unsubscribe(Sns& sns, Call& call, json::object input);
Answer untag_resource(Sns& sns, Call& call, json::object input);

QueryOperations operations(Sns& sns);

// ---- reading input ----
std::string text_of(const json::object& input, std::string_view name);
Attributes map_of(const json::object& input, std::string_view name);
std::vector<std::string> texts_of(const json::object& input, std::string_view name);
// [{"Key": .., "Value": ..}]. Errors: InvalidParameter, TagLimitExceeded.
Outcome<std::map<std::string, std::string>> tags_of(const json::object& input);

}  // namespace ads::cloud::sns
