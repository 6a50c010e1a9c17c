#include "function/effects.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "batch/routing.h"
#include "function/in_parallel.h"

namespace ads::function {
namespace {

// Messages of one kind with the records they are about.
template <class Message>
struct Outbox {
  std::vector<Message> messages;
  std::vector<std::size_t> records;  // of the chunk
  std::vector<BatchEntry> entries;
  std::optional<Result<Delivered>> delivered;

  void close() {
    entries.reserve(messages.size());
    for (const Message& message : messages)
      entries.push_back({message.service_uuid, message.record_id, message.size()});
  }

  std::vector<const Message*> at(const std::vector<std::size_t>& positions) const {
    std::vector<const Message*> out;
    out.reserve(positions.size());
    for (std::size_t position : positions) out.push_back(&messages[position]);
    return out;
  }
};

struct Outboxes {
  Outbox<batch::Notification> notifications;
  Outbox<batch::RetryMessage> retries;
};

Outboxes decide(const EffectRules& rules, const Chunk& chunk, const UserMap& users) {
  Outboxes out;
  const auto& records = chunk.records;
  for (std::size_t index = 0; index < records.size(); ++index) {
    const batch::Record& record = records[index];
    std::string id = batch::record_id(rules.run_id, record.offset);
    if (batch::route(record, rules.max_retries) == batch::Route::retry) {
      out.retries.messages.push_back(batch::retry_message(record, rules.run_id, id, rules.batch));
      out.retries.records.push_back(index);
    } else {
      auto user = users.find(record.service_uuid);
      const batch::User* found = user == users.end() ? nullptr : &user->second;
      out.notifications.messages.push_back(batch::notify(record.service_uuid, found, rules.run_id, id, rules.active));
      out.notifications.records.push_back(index);
    }
  }
  out.notifications.close();
  out.retries.close();
  return out;
}

Task<Result<batch::BatchAnswer>> publish(Topic& topic, std::vector<const batch::Notification*> entries) {
  co_return co_await topic.publish(entries);
}

Task<Result<batch::BatchAnswer>> send(RetryQueue& queue, std::vector<const batch::RetryMessage*> entries) {
  co_return co_await queue.send(entries);
}

Task<void> deliver_one(World& world, Flow& flow, Outboxes& out, std::size_t which) {
  if (which == 0)
    out.notifications.delivered = co_await deliver(world, flow, flow.topic, out.notifications.entries,
                                                   [&](const std::vector<std::size_t>& positions) {
                                                     return publish(world.topic, out.notifications.at(positions));
                                                   });
  else
    out.retries.delivered = co_await deliver(
        world, flow, flow.retry_queue, out.retries.entries,
        [&](const std::vector<std::size_t>& positions) { return send(world.retry_queue, out.retries.at(positions)); });
}

// The first record whose message could not be sent in time, or all of them.
template <class Message>
std::size_t sent_records(const Outbox<Message>& outbox, std::size_t all) {
  for (std::size_t position : (*outbox.delivered)->unsent) all = std::min(all, outbox.records[position]);
  return all;
}

// Puts the refused ones of the first `records` among the bad lines, and calls `settled` for each of the others.
template <class Message, class Settled>
void account(const Outbox<Message>& outbox, const Chunk& chunk, std::size_t records, Effects& effects,
             Settled settled) {
  std::vector<bool> is_refused(outbox.messages.size());
  for (const auto& refused : (*outbox.delivered)->refused) {
    std::size_t record = outbox.records[refused.position];
    is_refused[refused.position] = true;
    if (record >= records) continue;
    effects.counters.count(refused.reason);
    effects.bad_lines.push_back(
        batch::bad_record(chunk.records[record], chunk.text_of(record), refused.reason, refused.detail));
    effects.bad_lines.back().number = chunk.record_numbers[record];
  }
  for (std::size_t position : (*outbox.delivered)->reordered)
    effects.counters.reordered += outbox.records[position] < records ? 1 : 0;
  effects.counters.partial_failures += (*outbox.delivered)->partial_failures;
  for (std::size_t position = 0; position < outbox.messages.size() && outbox.records[position] < records; ++position)
    if (!is_refused[position]) settled(outbox.messages[position]);
}

// Where it has not been measured yet.
constexpr milliseconds kUsualCallTime{20};

// The calls to one destination for the records that were added, and how many of them have to follow each other.
class Rounds {
 public:
  Rounds(const Destination& destination, std::size_t calls_in_flight)
      : destination_(destination),
        order_(destination.order),
        entries_(destination.limits.entries),
        in_flight_(calls_in_flight) {}

  void add(std::string_view user) {
    ++records_;
    if (order_ != DeliveryOrder::none) most_of_a_user_ = std::max(most_of_a_user_, ++of_user_[user]);
  }
  std::size_t count() const {
    std::size_t at_once = entries_ * in_flight_;
    return std::max(chain(), (records_ + at_once - 1) / at_once);
  }
  std::size_t records() const { return records_; }
  batch::CallLoad load() const {
    auto seconds = [](milliseconds time) { return std::chrono::duration<double>(time).count(); };
    double records = static_cast<double>(records_);
    double rate = destination_.pace ? destination_.pace->rate() : 0;
    return {.calls = records / static_cast<double>(entries_),
            .chain = static_cast<double>(chain()),
            .seconds = seconds(std::max(destination_.call_time.expected().value_or(kUsualCallTime), milliseconds(1))),
            .paced_seconds = rate > 0 ? records / rate : 0};
  }

 private:
  std::size_t chain() const {
    return order_ == DeliveryOrder::none     ? 0
           : order_ == DeliveryOrder::strict ? most_of_a_user_
                                             : (most_of_a_user_ + entries_ - 1) / entries_;
  }

  const Destination& destination_;
  DeliveryOrder order_;
  std::size_t entries_, in_flight_;
  std::size_t records_ = 0, most_of_a_user_ = 0;
  std::unordered_map<std::string_view, std::size_t> of_user_;
};

// What fits into `available`; one round always does.
struct RoundLimits {
  RoundLimits(const Destination& destination, milliseconds available)
      : rounds(destination.call_time.expected()
                   ? std::max<std::int64_t>(1, available / std::max(*destination.call_time.expected(), milliseconds(1)))
                   : 1) {
    if (destination.pace && destination.pace->rate() > 0)
      records = destination.pace->rate() * std::chrono::duration<double>(available).count();
  }
  bool take(const Rounds& needed) const {
    if (needed.count() <= 1) return true;
    return needed.count() <= static_cast<std::size_t>(rounds) && static_cast<double>(needed.records()) <= records;
  }
  std::int64_t rounds;
  double records = std::numeric_limits<double>::infinity();
};

}  // namespace

Task<Result<PreparedChunk>> prepare(World& world, Flow& flow, EffectRules rules, Chunk chunk) {
  std::vector<std::string> wanted;
  for (const batch::Record& record : chunk.records)
    if (batch::route(record, rules.max_retries) == batch::Route::lookup) wanted.push_back(record.service_uuid);
  auto users = co_await look_up_users(world, flow, std::move(wanted));
  if (!users) co_return fail(users.error());
  co_return PreparedChunk{std::move(chunk), std::move(*users)};
}

Task<Result<Effects>> perform(World& world, Flow& flow, const EffectRules& rules, const Chunk& chunk,
                              const UserMap& users) {
  Outboxes out = decide(rules, chunk, users);
  co_await in_parallel(2, 2, [&](std::size_t which) { return deliver_one(world, flow, out, which); });
  if (!*out.notifications.delivered) co_return fail(out.notifications.delivered->error());
  if (!*out.retries.delivered) co_return fail(out.retries.delivered->error());

  std::size_t all = chunk.records.size();
  std::size_t records = std::min(sent_records(out.notifications, all), sent_records(out.retries, all));
  Effects effects{chunk.line_count(), chunk.counters, chunk.bad_lines};
  if (records < all) {
    effects.lines = chunk.lines_before(chunk.records[records].offset);
    effects.counters = chunk.counters_of(effects.lines);
    std::erase_if(effects.bad_lines, [&](const auto& bad) { return bad.offset >= chunk.records[records].offset; });
  }
  account(out.notifications, chunk, records, effects, [&](const batch::Notification& notification) {
    effects.counters.count(notification.outcome, notification.missing_fields);
    bool may_be_known = rules.user_key_form == batch::UserKeyForm::as_is &&
                        notification.outcome == batch::Outcome::not_found &&
                        batch::has_other_spelling(notification.service_uuid);
    if (may_be_known) ++effects.counters.other_spelling;
  });
  account(out.retries, chunk, records, effects, [&](const batch::RetryMessage&) { ++effects.counters.retry_queued; });
  std::sort(effects.bad_lines.begin(), effects.bad_lines.end(),
            [](const auto& a, const auto& b) { return a.offset < b.offset; });
  co_return effects;
}

bool wants_more_lines(const Flow& flow, const EffectRules& rules, const Chunk& chunk) {
  Rounds publishing(flow.topic, flow.calls_in_flight), queueing(flow.retry_queue, flow.calls_in_flight);
  for (const batch::Record& record : chunk.records) {
    bool is_retry = batch::route(record, rules.max_retries) == batch::Route::retry;
    (is_retry ? queueing : publishing).add(record.service_uuid);
  }
  return batch::wants_more_lines(publishing.load(), queueing.load(), static_cast<double>(flow.calls_in_flight));
}

std::size_t lines_in_time(const Flow& flow, const EffectRules& rules, const Chunk& chunk, milliseconds available) {
  Rounds publishing(flow.topic, flow.calls_in_flight), queueing(flow.retry_queue, flow.calls_in_flight);
  RoundLimits most_publishing(flow.topic, available), most_queueing(flow.retry_queue, available);
  for (const batch::Record& record : chunk.records) {
    bool is_retry = batch::route(record, rules.max_retries) == batch::Route::retry;
    (is_retry ? queueing : publishing).add(record.service_uuid);
    if (!most_publishing.take(publishing) || !most_queueing.take(queueing)) return chunk.lines_before(record.offset);
  }
  return chunk.line_count();
}

}  // namespace ads::function
