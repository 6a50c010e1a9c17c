#include "function/retry.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "batch/event.h"
#include "batch/progress.h"
#include "function/body_facts.h"
#include "function/deliver.h"
#include "function/in_parallel.h"
#include "function/lookup.h"
#include "function/metrics.h"
#include "function/postponement.h"
#include "function/quarantine_pieces.h"

namespace ads::function {
namespace {

using batch::RetryEnd;
using Claim = RetryLedger::Claim;
using Settled = RetryLedger::Settled;

// One message on its way: parsed, claimed, published, settled.
struct Retry {
  std::size_t position = 0;  // in the event
  batch::RetryMessage message;
  bool is_claimed = false;
  bool is_held_back = false;    // an earlier one of its group has failed: its turn is the next wave's
  std::uint64_t reordered = 0;  // 1: published after a later one of its user
  std::optional<RetryEnd> end = {};

  RetryKey key() const { return {message.record_id, message.run_id}; }
};

struct Tally {
  std::uint64_t published = 0, duplicates = 0, quarantined = 0, dead = 0;
};

class Retrying {
 public:
  Retrying(World& world, const Settings& settings, std::string owner, TimeBudget budget,
           std::vector<batch::QueueMessage> messages)
      : world_(world),
        settings_(settings),
        owner_(std::move(owner)),
        flow_(settings, budget),
        messages_(std::move(messages)),
        has_failed_(messages_.size()) {}

  Task<Result<std::string>> run() {
    std::vector<Retry> retries = co_await parse();
    std::vector<Retry> exhausted;
    // All of them at once, each group in its order. A second wave has what waits for the end of the same record, or of
    // an earlier one of its group that failed.
    while (!retries.empty()) {
      std::vector<Retry> wave, rest;
      std::set<std::string> records;
      for (Retry& retry : retries) {
        if (blocked_groups_.contains(group_of(retry))) {
          has_failed_[retry.position] = true;
          if (is_last_receive(retry.position)) exhausted.push_back(std::move(retry));
          continue;
        }
        bool is_first = records.insert(retry.message.record_id).second;
        (is_first ? wave : rest).push_back(std::move(retry));
      }
      co_await work_on(wave);
      for (Retry& retry : wave)
        if (retry.is_held_back) rest.push_back({retry.position, std::move(retry.message)});
      std::ranges::sort(rest, {}, &Retry::position);
      retries = std::move(rest);
    }
    co_await mark_dead(exhausted);
    co_await postpone_failed();
    co_await note_failures();
    co_return answer();
  }

 private:
  // Without a group (a standard queue) a user is one: no record twice in a call, and order as far as it goes.
  std::string group_of(const Retry& retry) const {
    const std::string& group = messages_[retry.position].group_id;
    return group.empty() ? retry.message.service_uuid : group;
  }

  Task<std::vector<Retry>> parse() {
    std::vector<Retry> out;
    for (std::size_t position = 0; position < messages_.size(); ++position) {
      auto message = batch::parse_retry_message(messages_[position].body);
      if (message)
        out.push_back({position, std::move(*message)});
      else
        co_await quarantine_foreign(position, message.error());
    }
    co_return out;
  }

  // A message that ADS did not write can never succeed: it is kept where an operator can look at it.
  Task<void> quarantine_foreign(std::size_t position, const Error& error) {
    const batch::QueueMessage& message = messages_[position];
    log(LogLevel::error, "a message was not written by ADS and goes to quarantine",
        body_facts(message.message_id, message.body, error.message));
    auto put = co_await put_quarantined_message(world_, flow_, settings_.bucket, message.message_id, message.body,
                                                error.message);
    ++tally_.quarantined;
    if (!put) fail_message(position, put.error());
  }

  Task<void> work_on(std::vector<Retry>& wave) {
    if (wave.empty()) co_return;
    co_await claim(wave);
    co_await publish(wave);
    co_await settle(wave);
  }

  // The claims of a wave; where the call is refused as a whole, each by itself: one bad key does not stop the others.
  Task<void> claim(std::vector<Retry>& wave) {
    std::vector<RetryKey> keys;
    for (const Retry& retry : wave) keys.push_back(retry.key());
    auto claims = co_await repeat(world_, flow_.budget, [&] { return claim_now(keys); });
    for (std::size_t i = 0; i < wave.size(); ++i) {
      wave[i].is_held_back = blocked_groups_.contains(group_of(wave[i]));
      if (claims) {
        take_claim(wave[i], (*claims)[i]);
      } else if (!is_refusal(claims.error()) || wave.size() == 1) {
        block(wave[i], claims.error());
      } else {
        std::vector<RetryKey> key{keys[i]};
        auto one = co_await repeat(world_, flow_.budget, [&] { return claim_now(key); });
        if (one)
          take_claim(wave[i], one->front());
        else
          block(wave[i], one.error());
      }
    }
  }

  void take_claim(Retry& retry, Claim claim) {
    if (claim == Claim::granted)
      retry.is_claimed = true;
    else if (claim == Claim::done)
      ++tally_.duplicates;
    else
      block(retry, {ErrorKind::conflict, "ClaimHeld", "another invocation has claimed the record"});
  }

  Task<Result<std::vector<Claim>>> claim_now(std::vector<RetryKey> keys) {
    SystemTime now = world_.time.now();
    co_return co_await world_.ledger.claim(std::move(keys), owner_, now, now + settings_.claim);
  }

  Task<void> publish(std::vector<Retry>& wave) {
    std::vector<std::string> wanted;
    std::vector<Retry*> claimed;
    for (Retry& retry : wave) {
      if (!retry.is_claimed || retry.is_held_back) continue;
      wanted.push_back(retry.message.service_uuid);
      claimed.push_back(&retry);
    }
    if (claimed.empty()) co_return;
    auto users = co_await look_up_users(world_, flow_, std::move(wanted));
    if (!users) {
      fail_first_of_each_group(claimed, users.error());
      co_return;
    }
    std::vector<batch::Notification> notifications;
    for (Retry* retry : claimed) {
      auto user = users->find(retry->message.service_uuid);
      notifications.push_back(batch::notify(retry->message.service_uuid, user == users->end() ? nullptr : &user->second,
                                            retry->message.run_id, retry->message.record_id,
                                            settings_.rules.active_statuses));
    }
    co_await deliver_to(claimed, notifications);
  }

  Task<void> deliver_to(const std::vector<Retry*>& claimed, const std::vector<batch::Notification>& notifications) {
    std::vector<BatchEntry> entries;
    for (const auto& notification : notifications)
      entries.push_back({notification.service_uuid, notification.record_id, notification.size()});
    auto delivered =
        co_await deliver(world_, flow_, flow_.topic, entries,
                         [&](const std::vector<std::size_t>& positions) { return send(notifications, positions); });
    if (!delivered && is_refusal(delivered.error()) && claimed.size() > 1) {
      for (std::size_t i = 0; i < claimed.size(); ++i) {
        claimed[i]->is_held_back = blocked_groups_.contains(group_of(*claimed[i]));
        if (!claimed[i]->is_held_back) co_await deliver_to({claimed[i]}, {notifications[i]});
      }
      co_return;
    }
    if (!delivered) {  // some may be out: their repetition carries the same ids
      fail_first_of_each_group(claimed, delivered.error());
      co_return;
    }
    for (std::size_t i = 0; i < claimed.size(); ++i) claimed[i]->end = batch::retry_end(notifications[i].outcome);
    for (const auto& refused : delivered->refused) co_await quarantine(*claimed[refused.position], refused);
    for (std::size_t position : delivered->reordered) claimed[position]->reordered = 1;
    std::vector<Retry*> unsent;
    for (std::size_t position : delivered->unsent) {
      claimed[position]->end.reset();
      unsent.push_back(claimed[position]);
    }
    std::ranges::sort(unsent, {}, &Retry::position);
    fail_first_of_each_group(unsent, {ErrorKind::unavailable, "OutOfTime", "no time was left to publish it"});
  }

  Task<Result<batch::BatchAnswer>> send(const std::vector<batch::Notification>& notifications,
                                        std::vector<std::size_t> positions) {
    std::vector<const batch::Notification*> entries;
    for (std::size_t position : positions) entries.push_back(&notifications[position]);
    co_return co_await world_.topic.publish(entries);
  }

  // What can never be delivered does not burn its receives.
  Task<void> quarantine(Retry& retry, const Delivered::Refused& refused) {
    const batch::RetryMessage& message = retry.message;
    batch::BadLine line{message.offset, message.length, refused.reason, refused.detail, message.body(), false};
    auto put = co_await put_quarantined_retry(world_, flow_, settings_.bucket, message.run_id, message.record_id, line);
    if (put) {
      retry.end = RetryEnd::quarantined;
    } else {
      retry.end.reset();
      fail_or_mark_dead(retry, put.error());
    }
  }

  // The last word on the messages of a wave: ended for ever, or free for their repetition.
  Task<void> settle(std::vector<Retry>& wave) {
    std::vector<RetrySettlement> settlements;
    std::vector<Retry*> ending;
    std::vector<RetryKey> given_back;
    for (Retry& retry : wave) {
      if (!retry.is_claimed) continue;
      if (retry.end) {
        settlements.push_back({retry.key(), *retry.end, retry.reordered});
        ending.push_back(&retry);
      } else {
        given_back.push_back(retry.key());
      }
    }
    if (!settlements.empty()) {
      auto settled = co_await settle_now(settlements);
      for (std::size_t i = 0; i < ending.size(); ++i) {
        if (!settled && is_refusal(settled.error()) && ending.size() > 1)
          take_settlement(*ending[i], co_await settle_now({settlements[i]}));
        else if (!settled)
          take_settlement(*ending[i], fail(settled.error()));
        else
          take_settlement(*ending[i], std::vector<Settled>{(*settled)[i]});
      }
    }
    if (!given_back.empty()) {
      auto released = co_await world_.ledger.release(given_back, owner_);
      if (!released)
        log(LogLevel::warning, "claims could not be given back and end by themselves",
            {{"error", released.error().message}});
    }
  }

  Task<Result<std::vector<Settled>>> settle_now(std::vector<RetrySettlement> settlements) {
    co_return co_await repeat(world_, flow_.budget, [&] { return world_.ledger.settle(settlements, owner_); });
  }

  void take_settlement(const Retry& retry, const Result<std::vector<Settled>>& settled) {
    if (!settled)
      block(retry, settled.error());
    else if (settled->front() == Settled::lost)
      block(retry, {ErrorKind::conflict, "ClaimLost", "another invocation has taken the record over"});
    else
      count(*retry.end);
  }

  // Records at their last receive that were not tried because an earlier one of their user comes back: SQS moves them
  // to the dead-letter queue all the same, and they are counted as dead.
  Task<void> mark_dead(std::vector<Retry>& retries) {
    while (!retries.empty()) {
      std::vector<Retry> wave, rest;
      std::set<std::string> records;
      for (Retry& retry : retries)
        (records.insert(retry.message.record_id).second ? wave : rest).push_back(std::move(retry));
      co_await claim(wave);
      for (Retry& retry : wave) {
        if (!retry.is_claimed) continue;
        fail_message(retry, {ErrorKind::conflict, "EarlierRetryFailed", "an earlier record of the same user failed"});
        retry.end = RetryEnd::dead;
      }
      co_await settle(wave);
      retries = std::move(rest);
    }
  }

  void count(RetryEnd end) {
    if (end == RetryEnd::quarantined)
      ++tally_.quarantined;
    else if (end == RetryEnd::dead)
      ++tally_.dead;
    else
      ++tally_.published;
  }

  bool is_last_receive(std::size_t position) const {
    return messages_[position].receive_count >= settings_.retry_receives;
  }

  // A call that was refused for what is in it: with other entries it may succeed.
  static bool is_refusal(const Error& error) { return error.kind == ErrorKind::invalid; }

  // After its last receive SQS moves a message to the dead-letter queue: it is dead, and its group continues.
  void fail_or_mark_dead(Retry& retry, const Error& error) {
    if (!is_last_receive(retry.position)) return block(retry, error);
    fail_message(retry, error);
    retry.end = RetryEnd::dead;
  }

  // The later ones have their turn once it is known whether the first blocks their group.
  void fail_first_of_each_group(const std::vector<Retry*>& retries, const Error& error) {
    std::set<std::string> groups;
    for (Retry* retry : retries)
      if (groups.insert(group_of(*retry)).second)
        fail_or_mark_dead(*retry, error);
      else
        retry->is_held_back = true;
  }

  void block(const Retry& retry, const Error& error) {
    fail_message(retry, error);
    blocked_groups_.insert(group_of(retry));
  }

  void fail_message(const Retry& retry, const Error& error) {
    failures_.push_back({retry.message.run_id, error});
    fail_message(retry.position, error);
  }

  void fail_message(std::size_t position, const Error& error) {
    has_failed_[position] = true;
    log(LogLevel::warning,
        is_last_receive(position) ? "a retry failed at its last receive and goes to the dead-letter queue"
                                  : "a retry failed and comes back",
        {{"messageId", messages_[position].message_id},
         {"receiveCount", messages_[position].receive_count},
         {"kind", to_string(error.kind)},
         {"code", error.code},
         {"error", error.message}});
  }

  Task<void> note_failures() {
    if (failures_.empty()) co_return;
    auto noted = co_await world_.ledger.note_failures(std::move(failures_), owner_);
    if (!noted)
      log(LogLevel::warning, "why retries failed could not be stored: only the log says it",
          {{"error", noted.error().message}});
  }

  Task<void> postpone_failed() {
    for (auto& [delay, handles] : postponements(messages_, has_failed_, settings_.retry_receives)) {
      auto postponed = co_await world_.retry_queue.postpone(handles, delay);
      if (!postponed)
        log(LogLevel::warning, "messages could not be postponed and show when their visibility ends",
            {{"error", postponed.error().message}});
    }
  }

  std::string answer() {
    std::vector<std::string> ids;
    for (std::size_t position = 0; position < messages_.size(); ++position)
      if (has_failed_[position]) ids.push_back(messages_[position].message_id);
    world_.emit(metrics_line(world_, "retry",
                             {{"RetriesPublished", "Count", static_cast<double>(tally_.published)},
                              {"RetriesRepeated", "Count", static_cast<double>(tally_.duplicates)},
                              {"RetriesQuarantined", "Count", static_cast<double>(tally_.quarantined)},
                              {"RetriesDead", "Count", static_cast<double>(tally_.dead)},
                              {"RetriesFailed", "Count", static_cast<double>(ids.size())}}));
    return batch::partial_batch_response(ids);
  }

  World& world_;
  const Settings& settings_;
  std::string owner_;
  Flow flow_;
  std::vector<batch::QueueMessage> messages_;
  std::vector<bool> has_failed_;
  std::set<std::string> blocked_groups_;
  std::vector<RetryFailure> failures_;
  Tally tally_;
};

}  // namespace

Task<Result<std::string>> retry(World& world, const Settings& settings, Invocation invocation) {
  auto payload = parse_json_object(invocation.payload);
  if (!payload) co_return fail(payload.error());
  auto messages = batch::parse_queue_event(*payload);
  if (!messages) co_return fail(messages.error());
  Retrying retrying(world, settings, lease_owner(invocation, world.time.random()),
                    time_budget(world.time.now(), invocation.deadline), std::move(*messages));
  co_return co_await retrying.run();
}

}  // namespace ads::function
