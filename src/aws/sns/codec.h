// SNS's Query protocol: inputs as forms, XML answers as outputs.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "aws/sns/sns.h"
#include "aws/wire.h"
#include "base/result.h"

namespace ads::aws::sns {

Form encode(const PublishInput& input);
Form encode_publish_batch(const std::string& topic_arn, const std::vector<PublishEntry>& entries);
Form encode(const SubscribeInput& input);
Form encode_create_topic(const std::string& name, const std::map<std::string, std::string>& attributes);
Form form(std::string_view action);

// Errors of all: corrupt / "MalformedAnswer".
Result<PublishOutput> decode_publish(std::string_view xml);
Result<PublishBatchOutput> decode_publish_batch(std::string_view xml);
Result<ListSubscriptionsOutput> decode_list_subscriptions(std::string_view xml);
// The text of one element of the result: "SubscriptionArn", "TopicArn".
Result<std::string> decode_text(std::string_view xml, const char* element);

}  // namespace ads::aws::sns
