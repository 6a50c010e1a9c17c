#include "function/postponement.h"

#include "batch/progress.h"

namespace ads::function {

std::map<std::chrono::seconds, std::vector<std::string>> postponements(const std::vector<batch::QueueMessage>& messages,
                                                                       const std::vector<bool>& has_failed,
                                                                       int last_receive) {
  std::map<std::string, std::vector<std::size_t>> groups;
  std::map<std::chrono::seconds, std::vector<std::string>> by_delay;
  for (std::size_t position = 0; position < messages.size(); ++position) {
    if (!has_failed[position]) continue;
    if (messages[position].receive_count >= last_receive)
      by_delay[std::chrono::seconds(0)].push_back(messages[position].receipt_handle);
    else
      groups[messages[position].group_id].push_back(position);
  }
  for (const auto& [group, positions] : groups) {
    auto delay = batch::retry_delay(messages[positions.front()].receive_count);
    for (std::size_t position : positions) by_delay[delay].push_back(messages[position].receipt_handle);
  }
  return by_delay;
}

}  // namespace ads::function
