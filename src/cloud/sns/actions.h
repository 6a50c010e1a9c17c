// SNS's operations, a file or a part of one in actions/ for each. Input is valid by AWS's model; those that change
// something have applied it to the store when they return.
#pragma once
#include "cloud/sns/context.h"

namespace ads::cloud::sns {

Reply add_permission(Context& context, const json::object& input);
Reply confirm_subscription(Context& context, const json::object& input);
Reply create_topic(Context& context, const json::object& input);
Reply delete_topic(Context& context, const json::object& input);
Reply get_subscription_attributes(Context& context, const json::object& input);
Reply get_topic_attributes(Context& context, const json::object& input);
Reply list_subscriptions(Context& context, const json::object& input);
Reply list_subscriptions_by_topic(Context& context, const json::object& input);
Reply list_tags_for_resource(Context& context, const json::object& input);
Reply list_topics(Context& context, const json::object& input);
Answer publish(Context& context, const json::object& input);
Answer publish_batch(Context& context, const json::object& input);
Reply remove_permission(Context& context, const json::object& input);
Reply set_subscription_attributes(Context& context, const json::object& input);
Reply set_topic_attributes(Context& context, const json::object& input);
Reply subscribe(Context& context, const json::object& input);
Reply tag_resource(Context& context, const json::object& input);
Reply unsubscribe(Context& context, const json::object& input);
Reply untag_resource(Context& context, const json::object& input);

// A request's Tags. Errors: InvalidParameter, TagLimitExceeded.
Outcome<operations::TextMap> tags_of(const json::object& input);

}  // namespace ads::cloud::sns
