// SNS's metrics in CloudWatch: counted in memory, and written a second after the first of them; nothing runs else.
#pragma once
#include <map>
#include <string>

#include "base/task.h"
#include "cloud/environment.h"

namespace ads::cloud::sns {

struct TopicCounts {
  std::uint64_t published = 0, delivered = 0, failed = 0;
};

class TopicMetrics {
 public:
  explicit TopicMetrics(Environment& environment) : environment_(environment), tasks_(environment.executor) {}

  // What the caller may add to; written within a second.
  TopicCounts& of(const std::string& topic_arn);
  Task<void> stop();

 private:
  Task<void> write_soon();
  void write();

  Environment& environment_;
  std::map<std::string, TopicCounts> counts_;  // by topic's ARN
  TaskGroup tasks_;
  bool is_stopped_ = false;  // what other services still publish then is counted, and not written
};

}  // namespace ads::cloud::sns
