#include "simulation/cloud.h"

namespace ads::simulation {

using std::chrono::seconds;
using Kind = QueueRules::Kind;

// Times and counts as in resources.yaml.
Cloud::Cloud(Ground& ground)
    : ground(ground),
      objects(ground),
      users(ground),
      topic(ground),
      mailbox(ground),
      shard_queue(ground, {"shards", Kind::standard, seconds(960), 5}),
      shard_dead_letters(ground, {"shards-dlq", Kind::standard, seconds(360), 0}),
      retry_queue(ground, {"retry.fifo", Kind::fifo, seconds(360), 5}),
      retry_dead_letters(ground, {"retry-dlq.fifo", Kind::fifo, seconds(30), 0}),
      runs(ground),
      ledger(ground),
      lambda(*this) {
  shard_queue.set_dead_letters(&shard_dead_letters);
  retry_queue.set_dead_letters(&retry_dead_letters);
  lambda.map_queue(shard_queue, function::Role::worker, ground.scenario.shard_batch, ground.scenario.workers);
  lambda.map_queue(shard_dead_letters, function::Role::sweep, 1, 2);
  lambda.map_queue(retry_queue, function::Role::retry, 10, 3);
}

}  // namespace ads::simulation
