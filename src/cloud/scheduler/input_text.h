// The words in a schedule's Input that stand for what is only known when it is due.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
#pragma once
#include <string>
#include <string_view>

namespace ads::cloud::scheduler {

struct InvocationContext {
  std::string schedule_arn;
  std::string scheduled_time;  // "2026-11-22T16:20:05Z"
  std::string execution_id;
  std::string attempt_number;
};

// "<aws.scheduler.scheduled-time>" and its like replaced; other words in angle brackets stay.
std::string fill_in(std::string_view input, const InvocationContext& context);

}  // namespace ads::cloud::scheduler
