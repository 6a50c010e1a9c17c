#include "function/retry.h"

#include <set>

#include "base/log.h"
#include "batch/event.h"
#include "function/effects.h"
#include "function/in_parallel.h"
#include "function/metrics.h"

namespace ads::function {
namespace {

using Claim = RetryLedger::Claim;

// One message on its way: parsed, claimed, published, settled.
struct Retry {
  std::size_t position = 0;  // in the event
  batch::RetryMessage message;
  bool is_claimed = false;
  bool is_settled = false;
};

struct Tally {
  std::uint64_t published = 0, duplicates = 0, failed = 0;
};

class Retrying {
 public:
  Retrying(World& world, const Settings& settings, std::string owner, TimeBudget budget,
           std::vector<batch::QueueMessage> messages)
      : world_(world),
        owner_(std::move(owner)),
        flow_(settings, budget),
        messages_(std::move(messages)),
        has_failed_(messages_.size()) {}

  Task<Result<std::string>> run() {
    std::vector<Retry> retries = parse();
    std::vector<std::string> wanted;
    for (const Retry& retry : retries) wanted.push_back(retry.message.service_uuid);
    auto users = co_await look_up_users(world_, flow_, std::move(wanted));
    if (!users) co_return fail(users.error());  // nothing has happened: the whole batch comes back

    // Waves: the first message of each group, then the second of those groups that have not failed, and so on.
    while (!retries.empty()) {
      std::vector<Retry> wave, rest;
      std::set<std::string> groups;
      for (Retry& retry : retries) {
        // Without a group (a standard queue) a user is one: no record twice in a call, and order as far as it goes.
        const std::string& group = messages_[retry.position].group_id;
        if (group_has_failed(group)) continue;
        bool is_first = groups.insert(group.empty() ? retry.message.service_uuid : group).second;
        (is_first ? wave : rest).push_back(std::move(retry));
      }
      co_await work_on(wave, *users);
      retries = std::move(rest);
    }
    co_return answer();
  }

 private:
  std::vector<Retry> parse() {
    std::vector<Retry> out;
    for (std::size_t position = 0; position < messages_.size(); ++position) {
      auto message = batch::parse_retry_message(messages_[position].body);
      if (message) {
        out.push_back({position, std::move(*message), false, false});
      } else {
        log(LogLevel::error, "a message can never succeed and goes to the dead-letter queue",
            {{"messageId", messages_[position].message_id}, {"error", message.error().message}});
        has_failed_[position] = true;
      }
    }
    return out;
  }

  bool group_has_failed(std::string_view group) const {
    if (group.empty()) return false;
    for (std::size_t position = 0; position < messages_.size(); ++position)
      if (has_failed_[position] && messages_[position].group_id == group) return true;
    return false;
  }

  Task<void> work_on(std::vector<Retry>& wave, const UserMap& users) {
    co_await in_parallel(wave.size(), flow_.calls_in_flight, [&](std::size_t i) { return claim(wave[i]); });
    co_await publish(wave, users);
    co_await in_parallel(wave.size(), flow_.calls_in_flight, [&](std::size_t i) { return settle(wave[i]); });
  }

  Task<void> claim(Retry& retry) {
    SystemTime now = world_.time.now();
    auto claim = co_await world_.ledger.claim(retry.message.record_id, owner_, now, now + kClaim);
    if (claim && *claim == Claim::granted) {
      retry.is_claimed = true;
    } else if (claim && *claim == Claim::done) {
      ++tally_.duplicates;
      retry.is_settled = true;
    } else {
      note_failure(retry, claim ? Error{ErrorKind::conflict, "ClaimHeld", "another invocation has the record in work"}
                                : claim.error());
    }
  }

  Task<void> publish(std::vector<Retry>& wave, const UserMap& users) {
    std::vector<batch::Notification> notifications;
    std::vector<Retry*> claimed;
    for (Retry& retry : wave) {
      if (!retry.is_claimed) continue;
      auto user = users.find(retry.message.service_uuid);
      notifications.push_back(batch::notify(retry.message.service_uuid, user == users.end() ? nullptr : &user->second,
                                            retry.message.run_id, retry.message.record_id));
      claimed.push_back(&retry);
    }
    std::vector<Parcel> parcels;
    for (const auto& notification : notifications)
      parcels.push_back({notification.service_uuid, notification.record_id, notification.size()});
    auto delivered =
        co_await deliver(world_, flow_, parcels, batch::kPublishBatch, &flow_.publishing,
                         [&](const std::vector<std::size_t>& positions) { return send(notifications, positions); });
    if (!delivered) {  // some may be out: their repetition carries the same ids
      for (Retry* retry : claimed) note_failure(*retry, delivered.error());
      co_return;
    }
    for (const auto& refused : delivered->refused)
      note_failure(*claimed[refused.position],
                   {ErrorKind::invalid, std::string(to_string(refused.reason)), refused.detail});
  }

  Task<Result<batch::BatchAnswer>> send(const std::vector<batch::Notification>& notifications,
                                        std::vector<std::size_t> positions) {
    std::vector<const batch::Notification*> entries;
    for (std::size_t position : positions) entries.push_back(&notifications[position]);
    co_return co_await world_.topic.publish(entries);
  }

  // The last word on a message: done for ever, or free for its repetition.
  Task<void> settle(Retry& retry) {
    if (!retry.is_claimed) co_return;
    const std::string& id = retry.message.record_id;
    if (has_failed_[retry.position]) {
      auto released = co_await world_.ledger.release(id, owner_);
      if (!released) log(LogLevel::warning, "a claim could not be given back and ends by itself", {{"recordId", id}});
      co_return;
    }
    ++tally_.published;
    auto settled = co_await repeat(world_, flow_.budget, [&] { return world_.ledger.settle(id, owner_); });
    retry.is_settled = settled.has_value();
    if (!settled) note_failure(retry, settled.error());
  }

  void note_failure(const Retry& retry, const Error& error) {
    has_failed_[retry.position] = true;
    log(LogLevel::warning, "a retry failed and comes back",
        {{"recordId", retry.message.record_id},
         {"runId", retry.message.run_id},
         {"receiveCount", messages_[retry.position].receive_count},
         {"code", error.code},
         {"error", error.message}});
  }

  std::string answer() {
    std::vector<std::size_t> failed;
    for (std::size_t position = 0; position < messages_.size(); ++position)
      if (has_failed_[position]) failed.push_back(position);
    std::vector<std::string> ids = batch::failures_in_order(messages_, failed);
    world_.emit(metrics_line(world_.time.now(), "retry",
                             {{"RetriesPublished", "Count", static_cast<double>(tally_.published)},
                              {"RetriesRepeated", "Count", static_cast<double>(tally_.duplicates)},
                              {"RetriesFailed", "Count", static_cast<double>(ids.size())}}));
    return batch::partial_batch_response(ids);
  }

  World& world_;
  std::string owner_;
  Flow flow_;
  std::vector<batch::QueueMessage> messages_;
  std::vector<bool> has_failed_;
  Tally tally_;
};

}  // namespace

Task<Result<std::string>> retry(World& world, const Settings& settings, Invocation invocation) {
  auto payload = parse_json_object(invocation.payload);
  if (!payload) co_return fail(payload.error());
  auto messages = batch::parse_queue_event(*payload);
  if (!messages) co_return fail(messages.error());
  Retrying retrying(world, settings, invocation.request_id, time_budget(world.time.now(), invocation.deadline),
                    std::move(*messages));
  co_return co_await retrying.run();
}

}  // namespace ads::function
