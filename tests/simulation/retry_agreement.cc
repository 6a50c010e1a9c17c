#include "simulation/retry_agreement.h"

#include "batch/retry_message.h"

namespace ads::simulation {
namespace {

std::string record_of(const Message& message) {
  auto parsed = batch::parse_retry_message(message.body);
  return parsed ? parsed->record_id : std::string();
}

}  // namespace

bool is_to_be_moved(const MessageQueue& queue, const Message& message) {
  return queue.rules().max_receives > 0 && message.receives >= queue.rules().max_receives;
}

void check_settlement(Cloud& cloud, const function::StoredRun& run) {
  std::set<std::string> in_dead_letters, redriven;
  for (const Message& message : cloud.retry_dead_letters.messages()) in_dead_letters.insert(record_of(message));
  for (const Message& message : cloud.retry_queue.messages())
    if (!is_to_be_moved(cloud.retry_queue, message)) redriven.insert(record_of(message));
  for (const auto& [record, entry] : cloud.ledger.entries()) {
    if (entry.run_id != run.run.id || entry.end != batch::RetryEnd::dead) continue;
    if (!in_dead_letters.contains(record) && !redriven.contains(record))
      cloud.ground.violate("the retries of run {} are settled while record {} is still to be moved to the dead letters",
                           run.run.id.substr(0, 6), record);
  }
}

}  // namespace ads::simulation
