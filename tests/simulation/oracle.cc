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
  for (const Published& published : cloud.topic.published()) {
    published_[published.record_id].push_back(&published);
    topic_order_.emplace(published.record_id, topic_order_.size());
  }
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

// Where an order is kept: the retry queue always is FIFO.
const std::map<std::string, std::size_t>* Oracle::order_of(const ExpectedRecord& record) const {
  if (record.fate == Fate::retried) return &queue_order_;
  return ground_.scenario.settings.has_fifo_topic() ? &topic_order_ : nullptr;
}

// Two of a user in one call: AWS may have refused the earlier and taken the later.
bool Oracle::may_swap(const Sendings& sendings, const std::string& a, const std::string& b) const {
  bool is_strict = ground_.scenario.settings.rules.ordering == batch::Config::Ordering::by_file;
  return !is_strict && sendings.were_in_one_call(a, b);
}

// Each user's records of one shard have their first effects in the order of the file, but for those that shared a call;
// retries in that of the queue.
void Oracle::judge_order() {
  for (const auto& [run_id, run] : ground_.expectations.runs()) {
    std::map<std::tuple<std::string, std::uint64_t, Fate>, std::vector<std::string>> before;  // by user, shard
    for (const auto& [offset, id] : run.record_ids) {
      const ExpectedRecord& record = *ground_.expectations.record(id);
      const auto* order = order_of(record);
      if (!order || !order->contains(id)) continue;
      const Sendings& sendings = record.fate == Fate::retried ? cloud_.retry_sendings : cloud_.topic.sendings();
      const auto* shard = cloud_.runs.shard_at(run_id, offset);
      auto& earlier = before[{record.user, shard ? shard->range.start : 0, record.fate}];
      for (const std::string& other : earlier)
        if (order->at(other) > order->at(id) && !may_swap(sendings, other, id))
          ground_.violate("record {} of {} had its effect before {}, an earlier one of that user", id, record.user,
                          other);
      earlier.push_back(id);
    }
  }
  judge_order_of_retries();
}

// Retries of several runs share calls where they are of one user.
void Oracle::judge_order_of_retries() {
  if (!cloud_.retry_dead_letters.accepted().empty() || !ground_.scenario.settings.has_fifo_topic()) return;
  std::vector<std::pair<std::size_t, std::string>> queued;
  for (const auto& [id, place] : queue_order_)
    if (ground_.expectations.record(id)) queued.emplace_back(place, id);
  std::sort(queued.begin(), queued.end(), std::greater());
  std::map<std::string, std::vector<std::string>> later;  // by user
  std::map<std::string, std::uint64_t> overtaken;         // by run
  std::set<std::string> unclear_users, unclear_runs;
  for (const auto& [place, id] : queued) {
    if (!topic_order_.contains(id)) continue;
    const ExpectedRecord& record = *ground_.expectations.record(id);
    bool is_overtaken = false;
    for (const std::string& other : later[record.user]) {
      if (topic_order_.at(other) > topic_order_.at(id)) continue;
      is_overtaken = true;
      if (!may_swap(cloud_.topic.sendings(), id, other))
        ground_.violate("retry {} was published before {}, an earlier one of its user", other, id);
    }
    later[record.user].push_back(id);
    overtaken[published_.at(id).front()->run_id] += is_overtaken ? 1 : 0;
    if (!cloud_.topic.sendings().is_of_one_sandbox(id) || published_.at(id).size() != 1)
      unclear_users.insert(record.user);
  }
  for (const auto& [user, ids] : later)
    for (const std::string& id : ids)
      if (unclear_users.contains(user)) unclear_runs.insert(published_.at(id).front()->run_id);
  for (const auto& [run_id, count] : overtaken) {
    auto tally = *cloud_.ledger.tally(run_id);
    const ExpectedRun* run = ground_.expectations.run(run_id);
    bool is_settled = run && tally.total() == run->counters.retry_queued;
    if (is_settled && !unclear_runs.contains(run_id) && tally.reordered != count)
      ground_.violate("the retries of run {} are counted with {} that were overtaken instead of {}", run_id,
                      tally.reordered, count);
  }
}

std::optional<std::uint64_t> Oracle::reordered_of(const ExpectedRun& run) const {
  std::map<std::tuple<std::string, std::uint64_t, Fate>, std::vector<std::size_t>> later;  // by user, shard
  std::uint64_t count = 0;
  for (auto line = run.record_ids.rbegin(); line != run.record_ids.rend(); ++line) {
    const auto& [offset, id] = *line;
    const ExpectedRecord& record = *ground_.expectations.record(id);
    const auto* order = order_of(record);
    if (!order || !order->contains(id)) continue;
    bool is_retried = record.fate == Fate::retried;
    const Sendings& sendings = is_retried ? cloud_.retry_sendings : cloud_.topic.sendings();
    std::size_t times = is_retried ? queued_.at(id).size() : published_.at(id).size();
    if (!sendings.is_of_one_sandbox(id) || times != 1) return std::nullopt;
    const auto* shard = cloud_.runs.shard_at(run.run_id, offset);
    auto& places = later[{record.user, shard ? shard->range.start : 0, record.fate}];
    std::size_t place = order->at(id);
    count += std::ranges::any_of(places, [&](std::size_t other) { return other < place; }) ? 1 : 0;
    places.push_back(place);
  }
  return count;
}

void Oracle::judge_queues() {
  for (const MessageQueue* queue :
       {&cloud_.shard_queue, &cloud_.shard_dead_letters, &cloud_.retry_queue, &cloud_.retry_dead_letters})
    if (!queue->is_empty())
      ground_.violate("{} messages are left in {}", queue->messages().size(), queue->rules().name);
}

}  // namespace ads::simulation
