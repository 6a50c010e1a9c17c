// Every simulated service, wired together as the template wires them.
#pragma once
#include <memory>

#include "simulation/lambda.h"
#include "simulation/object_store.h"
#include "simulation/queues.h"
#include "simulation/receivers.h"
#include "simulation/runs_table.h"

namespace ads::simulation {

struct Cloud {
  explicit Cloud(Ground& ground);

  Ground& ground;
  ObjectStore objects;
  UsersTable users;
  TopicService topic;
  Mailbox mailbox;
  Sendings retry_sendings;  // to the retry queue
  MessageQueue shard_queue, shard_dead_letters, retry_queue, retry_dead_letters;
  RunsTable runs;
  LedgerTable ledger;
  Lambda lambda;
};

}  // namespace ads::simulation
