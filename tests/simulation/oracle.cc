#include "simulation/oracle.h"

#include <algorithm>

#include "base/json.h"

namespace ads::simulation {
namespace {

using Fate = ExpectedRecord::Fate;
using function::Role;

std::string expected_body(const Scenario& scenario, const ExpectedRecord& record) {
  if (record.outcome != batch::Outcome::processed)
    return json::serialize(json::object{
        {"serviceUUID", record.user},
        {"message", "Cannot process the request: the user is not a member or has not been onboarded yet."}});
  const batch::User& user = scenario.users.at(record.user);
  auto field = [](const batch::ProfileField& profile) { return *parse_json(profile.json()); };
  return json::serialize(json::object{{"firstName", field(user.first_name)},
                                      {"lastName", field(user.last_name)},
                                      {"detailedAddress", field(user.detailed_address)},
                                      {"lastPingedLocation", field(user.last_pinged_location)},
                                      {"serviceUUID", record.user}});
}

std::string record_id_in(const std::string& body) {
  auto object = parse_json_object(body);
  return object ? std::string(get_string(*object, "recordId").value_or("")) : "";
}

}  // namespace

Oracle::Oracle(Cloud& cloud, const Operators& operators) : cloud_(cloud), ground_(cloud.ground), operators_(operators) {
  for (const Published& published : cloud.topic.published()) published_[published.record_id].push_back(&published);
  for (const auto& accepted : cloud.retry_queue.accepted()) {
    std::string id = record_id_in(accepted.body);
    if (!accepted.deduplication_id.starts_with(kRedriven)) queued_[id].push_back(accepted.when);
    queue_order_.emplace(std::move(id), queue_order_.size());
  }
}

void Oracle::judge() {
  judge_published();
  judge_queued();
  judge_order();
  for (const auto& [id, run] : ground_.expectations.runs()) judge_run(run);
  judge_queues();
}

// After deduplication by RecordId every record was told once, rightly, and by whom it should be.
void Oracle::judge_published() {
  for (const auto& [id, all] : published_) {
    const ExpectedRecord* record = ground_.expectations.record(id);
    if (!record) {
      ground_.violate("a notification carries record id {}, which no line has", id);
      continue;
    }
    const Published& first = *all.front();
    if (record->fate == Fate::quarantined || record->is_refused_by_topic)
      ground_.violate("record {} was published though no service takes it", id);
    if (first.outcome != record->outcome || first.user != record->user ||
        first.body != expected_body(ground_.scenario, *record))
      ground_.violate("record {} of {} was published as {} instead of {}", id, record->user,
                      batch::to_string(first.outcome), batch::to_string(record->outcome));
    const ExpectedRun* run = ground_.expectations.run(first.run_id);
    if (!run || run->upload != record->upload)
      ground_.violate("record {} carries the wrong run id {}", id, first.run_id);
    for (const Published* published : all) {
      if (published->body != first.body || published->run_id != first.run_id)
        ground_.violate("record {} was published in two ways", id);
      bool is_retry = published->role == Role::retry;
      if (is_retry != (record->fate == Fate::retried))
        ground_.violate("record {} was published by {}", id, to_string(published->role));
    }
  }
}

void Oracle::judge_queued() {
  for (const auto& [id, times] : queued_) {
    const ExpectedRecord* record = ground_.expectations.record(id);
    if (!record || record->fate != Fate::retried) {
      ground_.violate("record {} is on the retry queue and should not be", id);
      continue;
    }
    for (std::size_t i = 1; i < times.size(); ++i)
      if (times[i] - times[i - 1] < std::chrono::minutes(5))
        ground_.violate("record {} came to the retry queue twice in five minutes", id);
  }
}

// Each user's records of one shard have their first effects in the order of the file; retries in that of the queue.
void Oracle::judge_order() {
  std::map<std::string, std::size_t> first_published;
  for (const Published& published : cloud_.topic.published())
    first_published.emplace(published.record_id, first_published.size());
  bool has_dead_letters = !cloud_.retry_dead_letters.accepted().empty();
  for (const auto& [run_id, run] : ground_.expectations.runs()) {
    std::map<std::tuple<std::string, std::uint64_t, Fate>, std::size_t> last;  // by user, shard
    std::map<std::string, std::pair<std::size_t, std::size_t>> last_retry;     // by user: queued, published
    for (const auto& [offset, id] : run.record_ids) {
      const ExpectedRecord& record = *ground_.expectations.record(id);
      const auto& order = record.fate == Fate::retried ? queue_order_ : first_published;
      auto found = order.find(id);
      if (found == order.end()) continue;
      const auto* shard = cloud_.runs.shard_at(run_id, offset);
      auto [previous, is_first] =
          last.try_emplace({record.user, shard ? shard->range.start : 0, record.fate}, found->second);
      if (!is_first && previous->second > found->second)
        ground_.violate("record {} of {} had its effect before an earlier one of that user", id, record.user);
      previous->second = found->second;
    }
    if (has_dead_letters) continue;
    std::vector<std::pair<std::size_t, std::string>> queued;
    for (const auto& [offset, id] : run.record_ids)
      if (auto found = queue_order_.find(id); found != queue_order_.end()) queued.emplace_back(found->second, id);
    std::sort(queued.begin(), queued.end());
    for (const auto& [position, id] : queued) {
      auto found = first_published.find(id);
      if (found == first_published.end()) continue;
      auto& previous = last_retry[ground_.expectations.record(id)->user];
      if (found->second < previous.second)
        ground_.violate("retry {} was published before an earlier one of its user", id);
      previous = {position, found->second};
    }
  }
}

void Oracle::judge_queues() {
  for (const MessageQueue* queue :
       {&cloud_.shard_queue, &cloud_.shard_dead_letters, &cloud_.retry_queue, &cloud_.retry_dead_letters})
    if (!queue->is_empty())
      ground_.violate("{} messages are left in {}", queue->messages().size(), queue->rules().name);
}

}  // namespace ads::simulation
