#include "simulation/ports.h"

#include "simulation/retry_agreement.h"
#include "simulation/vigilance.h"

namespace ads::simulation {

using batch::ObjectIdentity;
using function::Checkpoint;
using function::FoundUsers;
using function::Lease;
using function::LeaseRequest;
using function::ObjectFacts;
using function::ObjectPage;
using function::OpenRuns;
using function::QueueDepth;
using function::RetryKey;
using function::RetrySettlement;
using function::ShardEnding;
using function::ShardState;
using function::StoredRun;
using function::UploadedPart;

// -- objects

Task<Result<ObjectFacts>> ObjectPort::facts(ObjectIdentity object) {
  std::string what = "facts " + object.key;
  return wire_.call<ObjectFacts>(Service::objects, std::move(what), [this, object] { return store_.facts(object); });
}

Task<Result<std::string>> ObjectPort::read(ObjectIdentity object, std::uint64_t begin, std::uint64_t length) {
  std::string what = fmt::format("read {} {}+{}", object.key, begin, length);
  return wire_.call<std::string>(Service::objects, std::move(what),
                                 [=, this] { return store_.read(object, begin, length); });
}

Task<Result<void>> ObjectPort::copy(ObjectIdentity source, std::string key, std::string run_id) {
  std::string what = "copy to " + key;
  return wire_.call<void>(Service::objects, std::move(what), [=, this] { return store_.copy(source, key, run_id); });
}

Task<Result<void>> ObjectPort::remove(ObjectIdentity object) {
  std::string what = "remove " + object.key;
  return wire_.call<void>(Service::objects, std::move(what), [this, object] { return store_.remove(object); });
}

Task<Result<std::string>> ObjectPort::read_whole(std::string, std::string key) {
  std::string what = "read_whole " + key;
  return wire_.call<std::string>(Service::objects, std::move(what), [this, key] { return store_.read_whole(key); });
}

Task<Result<void>> ObjectPort::put(std::string, std::string key, std::string content, std::string) {
  std::string what = "put " + key;
  return wire_.call<void>(Service::objects, std::move(what),
                          [this, key, content = std::move(content)] { return store_.put(key, content); });
}

Task<Result<void>> ObjectPort::remove_key(std::string, std::string key) {
  std::string what = "remove_key " + key;
  return wire_.call<void>(Service::objects, std::move(what), [this, key] { return store_.remove_key(key); });
}

Task<Result<ObjectPage>> ObjectPort::list(std::string, std::string prefix, std::string after) {
  std::string what = "list " + prefix;
  return wire_.call<ObjectPage>(Service::objects, std::move(what), [=, this] { return store_.list(prefix, after); });
}

Task<Result<std::string>> ObjectPort::start_upload(std::string, std::string key, std::string) {
  return wire_.call<std::string>(Service::objects, "start_upload", [this, key] { return store_.start_upload(key); });
}

Task<Result<UploadedPart>> ObjectPort::upload_part(std::string, std::string, std::string upload_id, int number,
                                                   std::string content) {
  return wire_.call<UploadedPart>(Service::objects, "upload_part",
                                  [=, this] { return store_.upload_part(upload_id, number, content); });
}

Task<Result<void>> ObjectPort::finish_upload(std::string, std::string, std::string upload_id,
                                             std::vector<UploadedPart> parts) {
  return wire_.call<void>(Service::objects, "finish_upload",
                          [=, this] { return store_.finish_upload(upload_id, parts); });
}

Task<Result<void>> ObjectPort::abort_upload(std::string, std::string, std::string upload_id) {
  return wire_.call<void>(Service::objects, "abort_upload", [=, this] { return store_.abort_upload(upload_id); });
}

// -- users and messages

Task<Result<FoundUsers>> UsersPort::look_up(std::vector<std::string> keys) {
  std::string what = fmt::format("look_up {} users", keys.size());
  return wire_.call<FoundUsers>(Service::users, std::move(what), [=, this] { return cloud_.users.look_up(keys); });
}

Task<Result<batch::BatchAnswer>> TopicPort::publish(std::span<const batch::Notification* const> notifications) {
  std::vector<batch::Notification> entries;
  for (const auto* notification : notifications) entries.push_back(*notification);
  for (const auto& entry : entries) watch_effect(cloud_, wire_.sandbox(), entry.record_id);
  wire_.sandbox().is_in_a_chunk = true;
  std::string what = fmt::format("publish {} from {}", entries.size(), entries.empty() ? "" : entries[0].record_id);
  return wire_.call<batch::BatchAnswer>(Service::topic, std::move(what), [this, entries = std::move(entries)] {
    return cloud_.topic.publish(wire_.sandbox(), entries);
  });
}

Task<Result<void>> RetryQueuePort::postpone(std::vector<std::string> receipts, std::chrono::seconds time) {
  std::string what = fmt::format("postpone {} by {} s", receipts.size(), time.count());
  return wire_.call<void>(Service::retry_queue, std::move(what),
                          [=, this] { return cloud_.retry_queue.postpone(receipts, time); });
}

Task<Result<QueueDepth>> RetryQueuePort::depth() {
  return wire_.call<QueueDepth>(Service::retry_queue, "depth",
                                [this]() -> Result<QueueDepth> { return cloud_.retry_queue.depth(); });
}

Task<Result<batch::BatchAnswer>> RetryQueuePort::send(std::span<const batch::RetryMessage* const> messages) {
  std::vector<batch::RetryMessage> entries;
  for (const auto* message : messages) entries.push_back(*message);
  for (const auto& entry : entries) watch_effect(cloud_, wire_.sandbox(), entry.record_id);
  wire_.sandbox().is_in_a_chunk = true;
  std::string what = fmt::format("send {} from {}", entries.size(), entries.empty() ? "" : entries[0].record_id);
  auto act = [this, entries = std::move(entries)]() -> Result<batch::BatchAnswer> {
    Ground& ground = wire_.ground();
    batch::BatchAnswer answer;
    std::vector<std::string> ids;
    for (const auto& entry : entries) ids.push_back(entry.record_id);
    cloud_.retry_sendings.note(wire_.sandbox(), ids);
    check_batch(ground, "retry queue", std::move(ids), 10);
    for (const auto& entry : entries) {
      bool is_hopeless = ground.scenario.refused_by_retry_queue.contains(entry.service_uuid);
      if (meet_entry(ground, entry.record_id, is_hopeless, answer) != EntryFate::refused)
        answer.sequence_numbers[entry.record_id] =
            cloud_.retry_queue.send(entry.body(), entry.service_uuid, entry.record_id);
    }
    return answer;
  };
  return wire_.call<batch::BatchAnswer>(Service::retry_queue, std::move(what), std::move(act));
}

Task<Result<void>> ShardQueuePort::postpone(std::vector<std::string> receipts, std::chrono::seconds time) {
  std::string what = fmt::format("postpone {} by {} s", receipts.size(), time.count());
  return wire_.call<void>(Service::shard_queue, std::move(what),
                          [=, this] { return cloud_.shard_queue.postpone(receipts, time); });
}

Task<Result<QueueDepth>> ShardQueuePort::depth() {
  return wire_.call<QueueDepth>(Service::shard_queue, "depth",
                                [this]() -> Result<QueueDepth> { return cloud_.shard_queue.depth(); });
}

Task<Result<batch::BatchAnswer>> ShardQueuePort::send(std::vector<batch::ShardMessage> messages) {
  std::string what = fmt::format("send {} from {}", messages.size(), messages.empty() ? "" : messages[0].id());
  auto act = [this, messages = std::move(messages)]() -> Result<batch::BatchAnswer> {
    Ground& ground = wire_.ground();
    batch::BatchAnswer answer;
    std::vector<std::string> ids;
    for (const auto& message : messages) ids.push_back(message.id());
    check_batch(ground, "shard queue", std::move(ids), 10);
    for (const auto& message : messages)
      if (meet_entry(ground, message.id(), false, answer) != EntryFate::refused)
        cloud_.shard_queue.send(message.body(), "", "");
    return answer;
  };
  return wire_.call<batch::BatchAnswer>(Service::shard_queue, std::move(what), std::move(act));
}

Task<Result<void>> MailPort::send(const batch::Mail& mail) {
  return wire_.call<void>(Service::mail, "send " + mail.subject,
                          [this, mail] { return cloud_.mailbox.send(wire_.sandbox(), mail); });
}

Task<Result<void>> MailPort::tell_operators(const batch::Mail& mail) {
  return wire_.call<void>(Service::mail, "tell operators " + mail.subject,
                          [this, mail] { return cloud_.mailbox.tell_operators(mail); });
}

// -- runs and retries

Task<Result<std::optional<StoredRun>>> RunsPort::find(std::string run_id) {
  return wire_.call<std::optional<StoredRun>>(Service::runs, "find", [this, run_id] { return table_.find(run_id); });
}

Task<Result<void>> RunsPort::create(const StoredRun& run) {
  return wire_.call<void>(Service::runs, "create", [this, run] { return table_.create(run); });
}

Task<Result<void>> RunsPort::save(const StoredRun& run) {
  std::string what = fmt::format("save {} as {}", run.run.id.substr(0, 6), to_string(run.run.status));
  return wire_.call<void>(Service::runs, std::move(what), [this, run] {
    auto saved = table_.save(run);
    if (saved && run.retries) check_settlement(cloud_, run);
    return saved;
  });
}

Task<Result<OpenRuns>> RunsPort::open_runs(std::string after) {
  return wire_.call<OpenRuns>(Service::runs, "open_runs", [this, after] { return table_.open_runs(after); });
}

Task<Result<std::optional<ShardState>>> RunsPort::find_shard(std::string run_id, std::uint32_t shard) {
  return wire_.call<std::optional<ShardState>>(Service::runs, fmt::format("find_shard {}", shard),
                                               [=, this] { return table_.find_shard(run_id, shard); });
}

Task<Result<ShardState>> RunsPort::take_lease(LeaseRequest request) {
  std::string what = fmt::format("take_lease {} of {}", request.range.index, request.run_id.substr(0, 6));
  return wire_.call<ShardState>(Service::runs, std::move(what),
                                [=, this] { return table_.take_lease(wire_.sandbox(), request); });
}

Task<Result<void>> RunsPort::renew(Lease lease, SystemTime until) {
  return wire_.call<void>(Service::runs, fmt::format("renew {}", lease.shard),
                          [=, this] { return table_.renew(lease, until); });
}

Task<Result<void>> RunsPort::checkpoint(Lease lease, const Checkpoint& checkpoint) {
  std::string what = fmt::format("checkpoint {} {} to {}", lease.shard, checkpoint.from, checkpoint.to);
  return wire_.call<void>(Service::runs, std::move(what), [this, lease, checkpoint] {
    auto stored = table_.checkpoint(lease, checkpoint);
    if (stored) wire_.sandbox().is_in_a_chunk = false;
    return stored;
  });
}

Task<Result<void>> RunsPort::finish_shard(Lease lease, const ShardEnding& ending) {
  return wire_.call<void>(Service::runs, fmt::format("finish_shard {}", lease.shard),
                          [this, lease, ending] { return table_.finish_shard(lease, ending); });
}

Task<Result<void>> RunsPort::release(Lease lease, std::string trouble) {
  return wire_.call<void>(Service::runs, fmt::format("release {} {}", lease.shard, trouble),
                          [=, this] { return table_.release(lease, trouble); });
}

Task<Result<void>> RunsPort::reopen_shard(std::string run_id, std::uint32_t shard) {
  return wire_.call<void>(Service::runs, fmt::format("reopen_shard {}", shard),
                          [=, this] { return table_.reopen_shard(run_id, shard); });
}

Task<Result<std::vector<LedgerPort::Claim>>> LedgerPort::claim(std::vector<RetryKey> keys, std::string owner,
                                                               SystemTime now, SystemTime until) {
  std::string what = fmt::format("claim {} from {}", keys.size(), keys.empty() ? "" : keys[0].record_id);
  return wire_.call<std::vector<Claim>>(Service::runs, std::move(what),
                                        [=, this] { return table_.claim(keys, owner, now, until); });
}

Task<Result<std::vector<LedgerPort::Settled>>> LedgerPort::settle(std::vector<RetrySettlement> settlements,
                                                                  std::string owner) {
  std::string what =
      fmt::format("settle {} from {}", settlements.size(), settlements.empty() ? "" : settlements[0].key.record_id);
  return wire_.call<std::vector<Settled>>(Service::runs, std::move(what),
                                          [=, this] { return table_.settle(settlements, owner); });
}

Task<Result<void>> LedgerPort::release(std::vector<RetryKey> keys, std::string owner) {
  return wire_.call<void>(Service::runs, "release claims", [=, this] { return table_.release(keys, owner); });
}

// Read by people only: that it may fail is what matters here.
Task<Result<void>> LedgerPort::note_failures(std::vector<function::RetryFailure> failures, std::string) {
  return wire_.call<void>(Service::runs, fmt::format("note {} failures", failures.size()),
                          []() -> Result<void> { return {}; });
}

Task<Result<batch::RetryTally>> LedgerPort::tally(std::string run_id) {
  return wire_.call<batch::RetryTally>(Service::runs, "tally", [=, this] { return table_.tally(run_id); });
}

}  // namespace ads::simulation
