#include "function/effects.h"

#include <algorithm>

#include "batch/routing.h"
#include "function/in_parallel.h"

namespace ads::function {
namespace {

// Messages of one kind with the records they are about.
template <class Message>
struct Outbox {
  std::vector<Message> messages;
  std::vector<std::size_t> records;  // of the chunk
  std::vector<Parcel> parcels;
  std::optional<Result<Delivered>> delivered;

  void close() {
    parcels.reserve(messages.size());
    for (const Message& message : messages)
      parcels.push_back({message.service_uuid, message.record_id, message.size()});
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

Outboxes decide(const EffectRules& rules, const PreparedChunk& prepared) {
  Outboxes out;
  const auto& records = prepared.chunk.records;
  for (std::size_t index = 0; index < records.size(); ++index) {
    const batch::Record& record = records[index];
    std::string id = batch::record_id(rules.run_id, record.offset);
    if (batch::route(record, rules.max_retries) == batch::Route::retry) {
      out.retries.messages.push_back(batch::retry_message(record, rules.run_id, id, rules.batch));
      out.retries.records.push_back(index);
    } else {
      auto user = prepared.users.find(record.service_uuid);
      const batch::User* found = user == prepared.users.end() ? nullptr : &user->second;
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
    out.notifications.delivered = co_await deliver(world, flow, out.notifications.parcels, batch::kPublishBatch,
                                                   &flow.publishing, [&](const std::vector<std::size_t>& positions) {
                                                     return publish(world.topic, out.notifications.at(positions));
                                                   });
  else
    out.retries.delivered = co_await deliver(
        world, flow, out.retries.parcels, batch::kSendMessageBatch, nullptr,
        [&](const std::vector<std::size_t>& positions) { return send(world.retry_queue, out.retries.at(positions)); });
}

// Puts the refused records among the bad lines, and calls `settled` for each of the others.
template <class Message, class Settled>
void account(const Outbox<Message>& outbox, const Chunk& chunk, Effects& effects, Settled settled) {
  std::vector<bool> is_refused(outbox.messages.size());
  for (const auto& refused : (*outbox.delivered)->refused) {
    std::size_t record = outbox.records[refused.position];
    is_refused[refused.position] = true;
    effects.counters.count(refused.reason);
    effects.bad_lines.push_back(
        batch::bad_record(chunk.records[record], chunk.text_of(record), refused.reason, refused.detail));
  }
  effects.counters.partial_failures += (*outbox.delivered)->partial_failures;
  for (std::size_t position = 0; position < outbox.messages.size(); ++position)
    if (!is_refused[position]) settled(outbox.messages[position]);
}

}  // namespace

Task<Result<PreparedChunk>> prepare(World& world, Flow& flow, EffectRules rules, Chunk chunk) {
  std::vector<std::string> wanted;
  for (const batch::Record& record : chunk.records)
    if (batch::route(record, rules.max_retries) == batch::Route::lookup) wanted.push_back(record.service_uuid);
  auto users = co_await look_up_users(world, flow, std::move(wanted));
  if (!users) co_return fail(users.error());
  co_return PreparedChunk{std::move(chunk), std::move(*users)};
}

Task<Result<Effects>> perform(World& world, Flow& flow, const EffectRules& rules, const PreparedChunk& prepared) {
  Outboxes out = decide(rules, prepared);
  co_await in_parallel(2, 2, [&](std::size_t which) { return deliver_one(world, flow, out, which); });
  if (!*out.notifications.delivered) co_return fail(out.notifications.delivered->error());
  if (!*out.retries.delivered) co_return fail(out.retries.delivered->error());

  Effects effects{prepared.chunk.counters, prepared.chunk.bad_lines};
  account(out.notifications, prepared.chunk, effects, [&](const batch::Notification& notification) {
    effects.counters.count(notification.outcome, notification.missing_fields);
    bool may_be_known = rules.user_key_form == batch::UserKeyForm::as_is &&
                        notification.outcome == batch::Outcome::not_found &&
                        batch::has_other_spelling(notification.service_uuid);
    if (may_be_known) ++effects.counters.other_spelling;
  });
  account(out.retries, prepared.chunk, effects, [&](const batch::RetryMessage&) { ++effects.counters.retry_queued; });
  std::sort(effects.bad_lines.begin(), effects.bad_lines.end(),
            [](const auto& a, const auto& b) { return a.offset < b.offset; });
  co_return effects;
}

}  // namespace ads::function
