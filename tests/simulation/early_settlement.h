// A mutant: the retries of a run are settled before the queue has moved what is dead.
#pragma once
#include "simulation/mutants.h"
#include "simulation/pass_through.h"
#include "simulation/ports.h"
#include "simulation/retry_agreement.h"

namespace ads::simulation {

class HidingRetryQueue : public RetryQueueThrough {
 public:
  HidingRetryQueue(Cloud& cloud, function::RetryQueue& inner) : RetryQueueThrough(inner), cloud_(cloud) {}
  // What is to be moved is moved a quarter of an hour later.
  Task<Result<void>> postpone(std::vector<std::string> receipts, std::chrono::seconds time) override {
    return inner_.postpone(std::move(receipts), time.count() == 0 ? std::chrono::seconds(900) : time);
  }
  Task<Result<function::QueueDepth>> depth() override {
    auto depth = co_await inner_.depth();
    if (!depth) co_return depth;
    function::QueueDepth shown;
    for (const Message& message : cloud_.retry_queue.messages())
      if (!is_to_be_moved(cloud_.retry_queue, message)) ++shown.waiting;
    co_return shown;
  }

 private:
  Cloud& cloud_;
};

struct SettledEarly : WrappedWorld {
  SettledEarly(Cloud& cloud, Wire&, Ports& ports)
      : WrappedWorld(ports.world()),
        queue(cloud, ports.retry_queue),
        changed{world.objects, world.users, world.topic,       queue,     world.shard_queue, world.runs, world.ledger,
                world.mailer,  world.time,  world.call_totals, world.emit} {}
  HidingRetryQueue queue;
  const function::World& mutated() const override { return changed; }
  function::World changed;
};

}  // namespace ads::simulation
