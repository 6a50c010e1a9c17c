// The topics there are and who is subscribed to them.
#pragma once
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cloud/environment.h"
#include "cloud/sns/topic.h"

namespace ads::cloud::sns {

// A topic in memory with its subscriptions; the list is replaced, never changed, so a delivery may walk it while it
// waits.
struct LoadedTopic {
  Topic topic;
  std::shared_ptr<const std::vector<Subscription>> subscriptions;
};
using TopicPointer = std::shared_ptr<LoadedTopic>;

class Topics {
 public:
  explicit Topics(Environment& environment) : environment_(environment) {}

  TopicPointer find(const std::string& region, const std::string& name);
  // Errors: InvalidParameter (no ARN), NotFound.
  Outcome<TopicPointer> find_arn(std::string_view arn, std::string_view parameter = "TopicArn");
  // Errors: InvalidParameter, NotFound.
  Outcome<Subscription> find_subscription(std::string_view arn);

  // Each is in the store on return; the caller waits for the disk. Errors: internal_failure.
  Outcome<void> save(Topic topic);
  Outcome<void> remove(const LoadedTopic& topic);
  Outcome<void> save(Subscription subscription);
  Outcome<void> remove(const Subscription& subscription);

  struct Page {
    std::vector<std::string> arns;
    std::vector<Subscription> subscriptions;
    std::string next_token;
  };
  // A hundred at a time. Errors: InvalidParameter for a strange token.
  Outcome<Page> list_topics(const std::string& region, std::string_view token);
  // All of a region, or of one topic.
  Outcome<Page> list_subscriptions(const std::string& region, std::string_view topic, std::string_view token);

 private:
  Outcome<void> apply(Batch batch);

  Environment& environment_;
  std::unordered_map<std::string, TopicPointer> loaded_;  // by region + "/" + name
};

}  // namespace ads::cloud::sns
