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
  sendings_.note(sandbox, ids);
  check_batch(ground_, "topic", std::move(ids), 10);
  for (const auto& entry : entries) {
    bool is_hopeless = ground_.scenario.refused_by_topic.contains(entry.service_uuid);
    if (meet_entry(ground_, entry.record_id, is_hopeless, answer) == EntryFate::refused) continue;
    if (!is_repeated(entry)) deliver(sandbox, entry);
    if (ground_.scenario.settings.has_fifo_topic())
      answer.sequence_numbers[entry.record_id] = fmt::format("{:020}", deduplication_.at(entry.record_id).sequence);
  }
  return answer;
}

// A FIFO topic takes a deduplication id once in five minutes, and answers a repetition as the first.
bool TopicService::is_repeated(const batch::Notification& notification) {
  if (!ground_.scenario.settings.has_fifo_topic()) return false;
  auto [known, is_new] = deduplication_.try_emplace(notification.record_id, Known{ground_.now(), sequence_ + 1});
  if (!is_new && ground_.now() - known->second.when < std::chrono::minutes(5)) return true;
  known->second = {ground_.now(), ++sequence_};
  return false;
}

void Sendings::note(const Sandbox& sandbox, const std::vector<std::string>& record_ids) {
  ++calls_;
  for (const std::string& id : record_ids) {
    by_record_[id].calls.insert(calls_);
    by_record_[id].sandboxes.insert(sandbox.number);
  }
}

bool Sendings::were_in_one_call(const std::string& a, const std::string& b) const {
  auto first = by_record_.find(a), second = by_record_.find(b);
  if (first == by_record_.end() || second == by_record_.end()) return false;
  return std::ranges::any_of(first->second.calls, [&](int call) { return second->second.calls.contains(call); });
}

bool Sendings::is_of_one_sandbox(const std::string& record_id) const {
  auto found = by_record_.find(record_id);
  return found != by_record_.end() && found->second.sandboxes.size() == 1;
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
