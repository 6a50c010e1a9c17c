#include "simulation/receivers.h"

#include <algorithm>

namespace ads::simulation {

EntryFate meet_entry(Ground& ground, const std::string& id, bool is_hopeless, batch::BatchAnswer& answer) {
  if (is_hopeless) {
    answer.failed.push_back({id, "InvalidParameter", "this entry can never succeed", true});
    return EntryFate::refused;
  }
  const FaultPlan& faults = ground.faults;
  if (ground.strikes(faults.entry_failed, Fault::entry_failed)) {
    bool is_throttled = ground.dice.chance(0.3);
    answer.failed.push_back({id, is_throttled ? "ThrottlingException" : "InternalError", "try again", false});
    return EntryFate::refused;
  }
  if (ground.strikes(faults.entry_fail_lied, Fault::entry_fail_lied)) {
    answer.failed.push_back({id, "InternalError", "try again", false});
    return EntryFate::taken_in_silence;
  }
  if (ground.strikes(faults.entry_forgotten, Fault::entry_forgotten)) return EntryFate::taken_in_silence;
  answer.successful.push_back(id);
  return EntryFate::taken;
}

void check_batch(Ground& ground, std::string_view service, std::vector<std::string> ids, std::size_t limit) {
  if (ids.empty() || ids.size() > limit) ground.violate("{}: {} entries in one call", service, ids.size());
  std::sort(ids.begin(), ids.end());
  if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) ground.violate("{}: an entry id twice", service);
}

Result<batch::BatchAnswer> TopicService::publish(const Sandbox& sandbox, std::vector<batch::Notification> entries) {
  batch::BatchAnswer answer;
  std::vector<std::string> ids;
  for (const auto& entry : entries) ids.push_back(entry.record_id);
  check_batch(ground_, "topic", std::move(ids), 10);
  for (const auto& entry : entries) {
    bool is_hopeless = ground_.scenario.refused_by_topic.contains(entry.service_uuid);
    if (meet_entry(ground_, entry.record_id, is_hopeless, answer) != EntryFate::refused) deliver(sandbox, entry);
  }
  return answer;
}

void TopicService::deliver(const Sandbox& sandbox, const batch::Notification& notification) {
  ground_.log.note("  {} hears of {} ({}): {}", "topic", notification.record_id, notification.service_uuid,
                   batch::to_string(notification.outcome));
  published_.push_back({notification.record_id, notification.run_id, notification.service_uuid, notification.body,
                        notification.outcome, sandbox.number, sandbox.role});
}

Result<function::FoundUsers> UsersTable::look_up(const std::vector<std::string>& keys) {
  check_batch(ground_, "users", keys, function::kLookupKeys);
  function::FoundUsers found;
  // Whatever is left unprocessed, one key is answered.
  bool is_partial = ground_.strikes(ground_.faults.unprocessed_keys, Fault::unprocessed_keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (is_partial && i > 0 && ground_.dice.chance(0.5)) {
      found.unprocessed.push_back(keys[i]);
    } else if (auto user = ground_.scenario.users.find(keys[i]); user != ground_.scenario.users.end()) {
      found.users.push_back(user->second);
    }
  }
  return found;
}

Result<void> Mailbox::send(const Sandbox& sandbox, batch::Mail mail) {
  if (ground_.strikes(ground_.faults.mail_refused, Fault::mail_refused)) {
    ++ground_.mail_troubles;
    return fail(ErrorKind::invalid, "MessageRejected", "the address is not verified");
  }
  ground_.log.note("mail by {}: {}", sandbox.name(), mail.subject);
  sent_.push_back({std::move(mail), sandbox.number, ground_.now()});
  return {};
}

Result<void> Mailbox::tell_operators(const batch::Mail& mail) {
  if (!ground_.scenario.has_operators_topic) return fail(ErrorKind::invalid, "NoTopic", "nobody is to be told");
  ground_.log.note("the operators are told: {}", mail.subject);
  ++told_;
  return {};
}

}  // namespace ads::simulation
