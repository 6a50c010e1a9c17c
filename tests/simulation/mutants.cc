#include "simulation/mutants.h"

#include <algorithm>
#include <array>

#include "simulation/early_settlement.h"
#include "simulation/pass_through.h"
#include "simulation/unjudged.h"

namespace ads::simulation {
namespace {

using batch::BatchAnswer;
using function::Checkpoint;
using function::Lease;
using function::ShardEnding;
using function::ShardState;
using function::StoredRun;
using function::World;

// -- the offset is stored first, the effects come after it

struct Buffer {
  std::vector<batch::Notification> notifications;
  std::vector<batch::RetryMessage> retries;
};

// Takes what the service would take, for later.
template <class Message>
BatchAnswer take(std::span<const Message* const> messages, const std::set<std::string>& refused,
                 std::vector<Message>& into) {
  BatchAnswer answer;
  for (const Message* message : messages) {
    if (refused.contains(message->service_uuid)) {
      answer.failed.push_back({message->record_id, "InvalidParameter", "this entry can never succeed", true});
      continue;
    }
    answer.successful.push_back(message->record_id);
    into.push_back(*message);
  }
  return answer;
}

class LateTopic : public function::Topic {
 public:
  LateTopic(Wire& wire, function::Topic& inner, Buffer& buffer) : wire_(wire), inner_(inner), buffer_(buffer) {}
  Task<Result<BatchAnswer>> publish(std::span<const batch::Notification* const> notifications) override {
    // The retry consumer makes no checkpoints: its effects are left alone.
    if (wire_.sandbox().role == function::Role::retry) co_return co_await inner_.publish(notifications);
    co_return take(notifications, wire_.ground().scenario.refused_by_topic, buffer_.notifications);
  }

 private:
  Wire& wire_;
  function::Topic& inner_;
  Buffer& buffer_;
};

class LateRetryQueue : public RetryQueueThrough {
 public:
  LateRetryQueue(Wire& wire, function::RetryQueue& inner, Buffer& buffer)
      : RetryQueueThrough(inner), wire_(wire), buffer_(buffer) {}
  Task<Result<BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) override {
    co_return take(messages, wire_.ground().scenario.refused_by_retry_queue, buffer_.retries);
  }

 private:
  Wire& wire_;
  Buffer& buffer_;
};

class EarlyCheckpoints : public RunsThrough {
 public:
  EarlyCheckpoints(Cloud& cloud, Wire& wire, function::Runs& inner, Buffer& buffer)
      : RunsThrough(inner), cloud_(cloud), wire_(wire), buffer_(buffer) {}
  Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) override {
    auto stored = co_await inner_.checkpoint(lease, checkpoint);
    if (!stored) co_return stored;
    Buffer sent = std::exchange(buffer_, {});
    // A crash of the sandbox before the call or after it is what this mutant dies of.
    auto act = [this, sent]() -> Result<void> {
      for (const auto& notification : sent.notifications) cloud_.topic.deliver(wire_.sandbox(), notification);
      for (const auto& retry : sent.retries) cloud_.retry_queue.send(retry.body(), retry.service_uuid, retry.record_id);
      return {};
    };
    for (bool is_sent = false; !is_sent;)
      is_sent = (co_await wire_.call<void>(Service::topic, "late", act)).has_value();
    co_return stored;
  }

 private:
  Cloud& cloud_;
  Wire& wire_;
  Buffer& buffer_;
};

struct CheckpointFirst : WrappedWorld {
  CheckpointFirst(Cloud& cloud, Wire& wire, Ports& ports)
      : WrappedWorld(ports.world()),
        topic(wire, ports.topic, buffer),
        queue(wire, ports.retry_queue, buffer),
        runs(cloud, wire, ports.runs, buffer),
        changed{world.objects, world.users,       topic,     queue, world.shard_queue, runs, world.ledger, world.mailer,
                world.time,    world.call_totals, world.emit} {}
  Buffer buffer;
  LateTopic topic;
  LateRetryQueue queue;
  EarlyCheckpoints runs;
  const World& mutated() const override { return changed; }
  World changed;
};

// -- whoever writes, writes

class Fenceless : public RunsThrough {
 public:
  Fenceless(Cloud& cloud, function::Runs& inner) : RunsThrough(inner), table_(cloud.runs) {}
  Task<Result<void>> renew(Lease lease, SystemTime until) override { return inner_.renew(current(lease), until); }
  Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) override {
    Checkpoint unconditional = checkpoint;
    if (auto* shard = table_.stored_shard(lease.run_id, lease.shard)) unconditional.from = shard->offset;
    co_return co_await inner_.checkpoint(current(lease), unconditional);
  }
  Task<Result<void>> finish_shard(Lease lease, const ShardEnding& ending) override {
    return inner_.finish_shard(current(lease), ending);
  }
  Task<Result<void>> release(Lease lease, std::string trouble) override {
    return inner_.release(current(lease), trouble);
  }

 private:
  Lease current(Lease lease) {
    if (auto* shard = table_.stored_shard(lease.run_id, lease.shard)) lease.fence = shard->fence;
    return lease;
  }
  RunsTable& table_;
};

class BlindSaves : public RunsThrough {
 public:
  BlindSaves(Cloud& cloud, function::Runs& inner) : RunsThrough(inner), table_(cloud.runs) {}
  Task<Result<void>> save(const StoredRun& run) override {
    StoredRun unconditional = run;
    if (auto* stored = table_.stored_run(run.run.id)) unconditional.revision = stored->revision;
    co_return co_await inner_.save(unconditional);
  }

 private:
  RunsTable& table_;
};

// Offsets are stored as if every line were one byte long.
class LineOffsets : public RunsThrough {
 public:
  LineOffsets(Cloud&, function::Runs& inner) : RunsThrough(inner) {}
  Task<Result<ShardState>> take_lease(function::LeaseRequest request) override {
    auto state = co_await inner_.take_lease(request);
    if (state) places_[request.range.index] = {state->offset, state->offset, state->counters.lines};
    co_return state;
  }
  Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) override {
    Place& place = places_[lease.shard];
    Checkpoint wrong = checkpoint;
    wrong.from = place.stored;
    wrong.to = place.stored + (checkpoint.counters.lines - place.lines);
    auto stored = co_await inner_.checkpoint(lease, wrong);
    if (stored) place = {checkpoint.to, wrong.to, checkpoint.counters.lines};
    co_return stored;
  }

 private:
  struct Place {
    std::uint64_t real = 0, stored = 0, lines = 0;
  };
  std::map<std::uint32_t, Place> places_;
};

template <class MutantRuns>
struct WithRuns : WrappedWorld {
  WithRuns(Cloud& cloud, Wire&, Ports& ports)
      : WrappedWorld(ports.world()),
        runs(cloud, ports.runs),
        changed{world.objects, world.users,  world.topic, world.retry_queue, world.shard_queue, runs,
                world.ledger,  world.mailer, world.time,  world.call_totals, world.emit} {}
  MutantRuns runs;
  const World& mutated() const override { return changed; }
  World changed;
};

// -- answers that are not read to their end

BatchAnswer believing(BatchAnswer answer) {
  for (auto& failure : answer.failed)
    if (!failure.sender_fault) answer.successful.push_back(failure.id);
  std::erase_if(answer.failed, [](const auto& failure) { return !failure.sender_fault; });
  return answer;
}

class BelievingTopic : public function::Topic {
 public:
  BelievingTopic(Cloud&, function::Topic& inner) : inner_(inner) {}
  Task<Result<BatchAnswer>> publish(std::span<const batch::Notification* const> notifications) override {
    auto answer = co_await inner_.publish(notifications);
    if (answer) answer = believing(std::move(*answer));
    co_return answer;
  }

 private:
  function::Topic& inner_;
};

class BelievingRetryQueue : public RetryQueueThrough {
 public:
  BelievingRetryQueue(Cloud&, Wire&, function::RetryQueue& inner) : RetryQueueThrough(inner) {}
  Task<Result<BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) override {
    auto answer = co_await inner_.send(messages);
    if (answer) answer = believing(std::move(*answer));
    co_return answer;
  }
};

// -- ids that differ from try to try

class RandomTopic : public function::Topic {
 public:
  RandomTopic(Cloud& cloud, function::Topic& inner) : cloud_(cloud), inner_(inner) {}
  Task<Result<BatchAnswer>> publish(std::span<const batch::Notification* const> notifications) override {
    std::vector<batch::Notification> changed;
    for (const auto* notification : notifications) {
      changed.push_back(*notification);
      changed.back().record_id = fmt::format("{:026x}", cloud_.ground.dice.next());
    }
    std::vector<const batch::Notification*> entries;
    for (const auto& notification : changed) entries.push_back(&notification);
    auto answer = co_await inner_.publish(entries);
    if (!answer) co_return answer;
    auto original = [&](const std::string& id) {
      for (std::size_t i = 0; i < changed.size(); ++i)
        if (changed[i].record_id == id) return notifications[i]->record_id;
      return id;
    };
    for (auto& id : answer->successful) id = original(id);
    for (auto& failure : answer->failed) failure.id = original(failure.id);
    co_return answer;
  }

 private:
  Cloud& cloud_;
  function::Topic& inner_;
};

class RandomDeduplication : public RetryQueueThrough {
 public:
  RandomDeduplication(Cloud& cloud, Wire& wire, function::RetryQueue& inner)
      : RetryQueueThrough(inner), cloud_(cloud), wire_(wire) {}
  Task<Result<BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) override {
    std::vector<batch::RetryMessage> entries;
    for (const auto* message : messages) entries.push_back(*message);
    auto act = [this, entries]() -> Result<BatchAnswer> {
      Ground& ground = cloud_.ground;
      BatchAnswer answer;
      for (const auto& entry : entries) {
        bool is_hopeless = ground.scenario.refused_by_retry_queue.contains(entry.service_uuid);
        if (meet_entry(ground, entry.record_id, is_hopeless, answer) != EntryFate::refused)
          cloud_.retry_queue.send(entry.body(), entry.service_uuid, fmt::format("{}", ground.dice.next()));
      }
      return answer;
    };
    return wire_.call<BatchAnswer>(Service::retry_queue, "send with random ids", std::move(act));
  }

 private:
  Cloud& cloud_;
  Wire& wire_;
};

template <class MutantTopic, class MutantQueue>
struct WithMessages : WrappedWorld {
  WithMessages(Cloud& cloud, Wire& wire, Ports& ports)
      : WrappedWorld(ports.world()),
        topic(cloud, ports.topic),
        queue(cloud, wire, ports.retry_queue),
        changed{world.objects,     world.users,       topic,        queue,
                world.shard_queue, world.runs,        world.ledger, world.mailer,
                world.time,        world.call_totals, world.emit} {}
  MutantTopic topic;
  MutantQueue queue;
  const World& mutated() const override { return changed; }
  World changed;
};

class HonestTopic : public function::Topic {
 public:
  HonestTopic(Cloud&, function::Topic& inner) : inner_(inner) {}
  Task<Result<BatchAnswer>> publish(std::span<const batch::Notification* const> notifications) override {
    return inner_.publish(notifications);
  }

 private:
  function::Topic& inner_;
};

class HonestRetryQueue : public RetryQueueThrough {
 public:
  HonestRetryQueue(Cloud&, Wire&, function::RetryQueue& inner) : RetryQueueThrough(inner) {}
};

class ForgetfulUsers : public function::Users {
 public:
  explicit ForgetfulUsers(function::Users& inner) : inner_(inner) {}
  Task<Result<function::FoundUsers>> look_up(std::vector<std::string> keys) override {
    auto found = co_await inner_.look_up(std::move(keys));
    if (found) found->unprocessed.clear();
    co_return found;
  }

 private:
  function::Users& inner_;
};

struct DropUnprocessed : WrappedWorld {
  DropUnprocessed(Cloud&, Wire&, Ports& ports)
      : WrappedWorld(ports.world()),
        users(ports.users),
        changed{world.objects, users,        world.topic, world.retry_queue, world.shard_queue, world.runs,
                world.ledger,  world.mailer, world.time,  world.call_totals, world.emit} {}
  ForgetfulUsers users;
  const World& mutated() const override { return changed; }
  World changed;
};

// -- the end of a run without its conditions

class Overwriting : public ObjectsThrough {
 public:
  Overwriting(Cloud& cloud, Wire& wire, function::Objects& inner) : ObjectsThrough(inner), cloud_(cloud), wire_(wire) {}
  Task<Result<void>> copy(batch::ObjectIdentity source, std::string key, std::string run_id) override {
    return wire_.call<void>(Service::objects, "copy over " + key, [=, this]() -> Result<void> {
      auto content = cloud_.objects.read(source, 0, source.size);
      if (!content && source.size > 0) return fail(content.error());
      cloud_.objects.overwrite(key, content ? *content : "", run_id);
      return {};
    });
  }

 protected:
  Cloud& cloud_;
  Wire& wire_;
};

class RemovingFirst : public Overwriting {
 public:
  using Overwriting::Overwriting;
  Task<Result<void>> copy(batch::ObjectIdentity source, std::string key, std::string run_id) override {
    auto content = co_await inner_.read(source, 0, source.size);
    if (!content && source.size > 0) co_return fail(content.error());
    auto removed = co_await inner_.remove(source);
    if (!removed) co_return removed;
    std::string kept = content ? *content : "";
    co_return co_await wire_.call<void>(Service::objects, "copy late to " + key, [=, this]() -> Result<void> {
      cloud_.objects.overwrite(key, kept, run_id);
      return {};
    });
  }
};

template <class MutantObjects>
struct WithObjects : WrappedWorld {
  WithObjects(Cloud& cloud, Wire& wire, Ports& ports)
      : WrappedWorld(ports.world()),
        objects(cloud, wire, ports.objects),
        changed{objects,      world.users,  world.topic, world.retry_queue, world.shard_queue, world.runs,
                world.ledger, world.mailer, world.time,  world.call_totals, world.emit} {}
  MutantObjects objects;
  const World& mutated() const override { return changed; }
  World changed;
};

// -- the order of a user's records

// The function takes the FIFO topic for a standard one.
void forget_fifo(function::Settings& settings) {
  if (settings.has_fifo_topic())
    settings.topic_arn.resize(settings.topic_arn.size() - std::string_view(".fifo").size());
}

class UncountedSwaps : public RunsThrough {
 public:
  UncountedSwaps(Cloud&, function::Runs& inner) : RunsThrough(inner) {}
  Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) override {
    Checkpoint silent = checkpoint;
    silent.counters.reordered = 0;
    co_return co_await inner_.checkpoint(lease, silent);
  }
};

template <class Wrapped>
std::unique_ptr<WrappedWorld> make(Cloud& cloud, Wire& wire, Ports& ports) {
  return std::make_unique<Wrapped>(cloud, wire, ports);
}

constexpr std::array kMutants{
    Mutant{"checkpoint-first", "an offset is stored before the effects of its lines", make<CheckpointFirst>},
    Mutant{"effects-first", "lines have their effects before their file is judged", make<Unjudged>},
    Mutant{"no-fence", "shards are written whoever holds the lease", make<WithRuns<Fenceless>>},
    Mutant{"ignore-failed", "entries that failed are taken for sent",
           make<WithMessages<BelievingTopic, BelievingRetryQueue>>},
    Mutant{"drop-unprocessed", "UnprocessedKeys are forgotten", make<DropUnprocessed>},
    Mutant{"copy-overwrites", "the copy has no If-None-Match", make<WithObjects<Overwriting>>},
    Mutant{"save-ignores-revision", "a run is saved on top of whatever is there", make<WithRuns<BlindSaves>>},
    Mutant{"offset-by-lines", "offsets are counted in lines", make<WithRuns<LineOffsets>>},
    Mutant{"record-id-random", "notifications get another record id each time",
           make<WithMessages<RandomTopic, HonestRetryQueue>>},
    Mutant{"dedup-id-random", "retries get another deduplication id each time",
           make<WithMessages<HonestTopic, RandomDeduplication>>},
    Mutant{"fifo-no-wait", "a call to a FIFO topic does not wait for that with an earlier record of its user",
           make<WithMessages<HonestTopic, HonestRetryQueue>>, forget_fifo},
    Mutant{"swap-not-counted", "a record that a later one of its user has overtaken is not counted",
           make<WithRuns<UncountedSwaps>>},
    Mutant{"delete-before-copy", "the source is removed before its copy is there", make<WithObjects<RemovingFirst>>},
    Mutant{"settled-early", "retries are settled while a message is still to be moved to the dead-letter queue",
           make<SettledEarly>},
};

}  // namespace

std::span<const Mutant> all_mutants() {
  return kMutants;
}

const Mutant* find_mutant(std::string_view name) {
  auto found = std::ranges::find(kMutants, name, &Mutant::name);
  return found == kMutants.end() ? nullptr : &*found;
}

}  // namespace ads::simulation
