// Redrive: a task that moves the messages of a dead-letter queue back to where they came from, or elsewhere. Its record
// is in the store, so a task that a restart interrupted goes on.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cloud/sqs/queues.h"

namespace ads::cloud::sqs {

class Service;

struct MoveTask {
  Millis started = 0;
  std::string source_arn;
  std::string destination_arn;     // empty: each message to the queue it came from
  std::int64_t per_second = 0;     // 0: as fast as it goes
  std::string status = "RUNNING";  // RUNNING COMPLETED CANCELLING CANCELLED FAILED
  std::int64_t moved = 0, to_move = 0;
  std::string failure;

  std::string handle() const;
};

// Newest first, at most ten are kept per source.
std::vector<MoveTask> move_tasks(Store& store, const Definition& source);
std::optional<MoveTask> find_move_task(Store& store, std::string_view handle);
Result<void> save_move_task(Store& store, const MoveTask& task);

void spawn_move_task(Service& sqs, MoveTask task);
// At the start: what was RUNNING goes on.
void resume_move_tasks(Service& sqs);

}  // namespace ads::cloud::sqs
