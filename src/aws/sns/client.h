// SNS's client over the Query protocol: one coroutine per operation.
#pragma once
#include <string>
#include <vector>

#include "aws/connection.h"
#include "aws/sns/sns.h"

namespace ads::aws::sns {

// Errors are the wire's: not_found / "NotFound", invalid / "InvalidParameter", denied / "AuthorizationError",
// throttled / "Throttling", ...
class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}

  Task<Result<PublishOutput>> publish(PublishInput input) const;
  Task<Result<PublishBatchOutput>> publish_batch(std::string topic_arn, std::vector<PublishEntry> entries) const;
  Task<Result<std::string>> subscribe(SubscribeInput input) const;  // the subscription's ARN
  Task<Result<void>> unsubscribe(std::string subscription_arn) const;
  Task<Result<ListSubscriptionsOutput>> list_subscriptions_by_topic(std::string topic_arn,
                                                                    std::optional<std::string> next_token = {}) const;
  Task<Result<std::string>> create_topic(std::string name, std::map<std::string, std::string> attributes = {}) const;
  Task<Result<void>> delete_topic(std::string topic_arn) const;

 private:
  Connection& connection_;
};

}  // namespace ads::aws::sns
