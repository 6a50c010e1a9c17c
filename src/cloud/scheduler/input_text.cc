#include "cloud/scheduler/input_text.h"

#include <array>

namespace ads::cloud::scheduler {

std::string fill_in(std::string_view input, const InvocationContext& context) {
  const std::array<std::pair<std::string_view, std::string_view>, 4> words{{
      {"<aws.scheduler.schedule-arn>", context.schedule_arn},
      {"<aws.scheduler.scheduled-time>", context.scheduled_time},
      {"<aws.scheduler.execution-id>", context.execution_id},
      {"<aws.scheduler.attempt-number>", context.attempt_number},
  }};
  std::string out;
  while (!input.empty()) {
    const auto bracket = input.find('<');
    out += input.substr(0, bracket);
    if (bracket == input.npos) break;
    input.remove_prefix(bracket);
    const auto* word = std::ranges::find_if(words, [&](const auto& known) { return input.starts_with(known.first); });
    if (word == words.end()) {
      out += '<';
      input.remove_prefix(1);
    } else {
      out += word->second;
      input.remove_prefix(word->first.size());
    }
  }
  return out;
}

}  // namespace ads::cloud::scheduler
