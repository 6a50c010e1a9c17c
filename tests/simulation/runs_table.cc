#include "simulation/runs_table.h"

#include <algorithm>

namespace ads::simulation {
namespace {

using batch::RetryEnd;
using function::Checkpoint;
using function::Lease;
using function::LeaseRequest;
using function::OpenRuns;
using function::ShardEnding;
using function::ShardState;
using function::ShardStatus;
using function::StoredRun;

constexpr std::size_t kPage = 2;  // small, so that there are several

std::unexpected<Error> conflict() {
  return fail(ErrorKind::conflict, "ConditionalCheckFailedException", "the condition does not hold");
}

}  // namespace

Result<std::optional<StoredRun>> RunsTable::find(const std::string& run_id) const {
  auto found = runs_.find(run_id);
  if (found == runs_.end()) return std::optional<StoredRun>{};
  return std::optional<StoredRun>{found->second};
}

// The index is written a little later than the item; what it says then is what the item says then.
void RunsTable::changed(StoredRun& run) {
  run.touched = ground_.now();
  std::string id = run.run.id;
  milliseconds lag = ground_.dice.time(milliseconds(0), milliseconds(ground_.dice.one_of({10, 10, 3000})));
  ground_.timeline.after(lag, [this, id] {
    const StoredRun& run = runs_.at(id);
    if (run.is_open())
      index_.insert({run.run.start, id});
    else
      index_.erase({run.run.start, id});
  });
}

Result<void> RunsTable::create(StoredRun run) {
  std::string id = run.run.id;
  auto [stored, is_new] = runs_.try_emplace(id, std::move(run));
  if (!is_new) return conflict();
  if (!ground_.expectations.run(id)) ground_.violate("run {} is of no upload", id);
  changed(stored->second);
  return {};
}

Result<void> RunsTable::save(StoredRun run) {
  auto stored = runs_.find(run.run.id);
  if (stored == runs_.end()) return conflict();
  StoredRun& old = stored->second;
  if (old.revision != run.revision) return conflict();
  if (old.run.status != run.run.status && !batch::may_follow(old.run.status, run.run.status))
    ground_.violate("run {}: {} after {}", run.run.id, to_string(run.run.status), to_string(old.run.status));
  if (old.run.status != run.run.status)
    ground_.log.note("  run {} {} > {} {}", run.run.id.substr(0, 6), to_string(old.run.status),
                     to_string(run.run.status), run.run.sentence);
  bool fails = old.run.status != run.run.status && run.run.status == batch::RunStatus::failed;
  old = std::move(run);
  ++old.revision;
  if (fails && listener_) listener_(old);
  changed(old);
  return {};
}

Result<OpenRuns> RunsTable::open_runs(const std::string& after) const {
  OpenRuns out;
  auto it = index_.begin();
  if (!after.empty()) {
    auto last = runs_.find(after);
    if (last == runs_.end()) return fail(ErrorKind::invalid, "ValidationException", "no such place in the index");
    it = index_.upper_bound({last->second.run.start, after});
  }
  for (; it != index_.end() && out.run_ids.size() < kPage; ++it) out.run_ids.push_back(it->second);
  if (it != index_.end()) out.next = out.run_ids.back();
  return out;
}

Result<std::optional<ShardState>> RunsTable::find_shard(const std::string& run_id, std::uint32_t shard) const {
  auto found = shards_.find({run_id, shard});
  if (found == shards_.end()) return std::optional<ShardState>{};
  return std::optional<ShardState>{found->second};
}

Result<ShardState> RunsTable::take_lease(Sandbox& sandbox, const LeaseRequest& request) {
  auto [found, is_new] = shards_.try_emplace({request.run_id, request.range.index});
  ShardState& state = found->second;
  if (is_new) {
    state.range = request.range;
    state.offset = request.range.start;
  }
  if (state.status == ShardStatus::dead) return conflict();
  if (!is_new && state.lease_owner != request.owner && state.lease_until >= request.now) return conflict();
  ++state.fence;
  ++state.stalls;
  state.lease_owner = request.owner;
  state.lease_until = request.until;
  sandbox.fences[found->first] = state.fence;
  ground_.log.note("  {} has shard {} of {}: fence {}, offset {}", sandbox.name(), request.range.index,
                   request.run_id.substr(0, 6), state.fence, state.offset);
  return state;
}

ShardState* RunsTable::held(const Lease& lease) {
  auto found = shards_.find({lease.run_id, lease.shard});
  return found != shards_.end() && found->second.fence == lease.fence ? &found->second : nullptr;
}

Result<void> RunsTable::renew(const Lease& lease, SystemTime until) {
  ShardState* state = held(lease);
  if (!state) return conflict();
  state->lease_until = until;
  return {};
}

Result<void> RunsTable::checkpoint(const Lease& lease, const Checkpoint& checkpoint) {
  ShardState* state = held(lease);
  if (!state || state->offset != checkpoint.from) return conflict();
  if (checkpoint.to < checkpoint.from)
    ground_.violate("a checkpoint of shard {} goes back from {} to {}", lease.shard, checkpoint.from, checkpoint.to);
  ground_.log.note("  checkpoint of shard {} of {}: {} to {}", lease.shard, lease.run_id.substr(0, 6), checkpoint.from,
                   checkpoint.to);
  state->offset = checkpoint.to;
  state->counters = checkpoint.counters;
  state->layout = checkpoint.layout;
  state->compression = checkpoint.compression;
  state->lease_until = checkpoint.lease_until;
  state->stalls = 0;
  state->trouble.clear();
  return {};
}

Result<void> RunsTable::finish_shard(const Lease& lease, const ShardEnding& ending) {
  ShardState* state = held(lease);
  auto run = runs_.find(lease.run_id);
  if (!state || state->status != ShardStatus::open || run == runs_.end()) return conflict();
  if (ending.status == ShardStatus::open) ground_.violate("shard {} ends as open", lease.shard);
  ground_.log.note("  shard {} of {} is {} {}", lease.shard, lease.run_id.substr(0, 6),
                   ending.status == ShardStatus::done ? "done" : "dead", ending.trouble);
  state->status = ending.status;
  state->bytes_read = ending.bytes_read;
  if (!ending.trouble.empty()) state->trouble = ending.trouble;
  StoredRun& stored = run->second;
  ++(ending.status == ShardStatus::done ? stored.run.shards_done : stored.run.shards_dead);
  if (stored.run.sentence.empty()) stored.run.sentence = ending.run_sentence;
  ++stored.revision;
  changed(stored);
  return {};
}

Result<void> RunsTable::release(const Lease& lease, const std::string& trouble) {
  ShardState* state = held(lease);
  if (!state) return conflict();
  state->lease_until = {};
  if (!trouble.empty()) state->trouble = trouble;
  return {};
}

Result<void> RunsTable::reopen_shard(const std::string& run_id, std::uint32_t shard) {
  auto found = shards_.find({run_id, shard});
  auto run = runs_.find(run_id);
  if (found == shards_.end() || found->second.status != ShardStatus::dead || run == runs_.end()) return conflict();
  ShardState& state = found->second;
  ground_.log.note("  shard {} of {} is open again", shard, run_id.substr(0, 6));
  state.status = ShardStatus::open;
  state.stalls = 0;
  state.lease_until = {};
  --run->second.run.shards_dead;
  ++run->second.revision;
  changed(run->second);
  return {};
}

const ShardState* RunsTable::shard_at(const std::string& run_id, std::uint64_t offset) const {
  for (auto it = shards_.lower_bound({run_id, 0}); it != shards_.end() && it->first.first == run_id; ++it)
    if (it->second.range.start <= offset && offset < it->second.range.end) return &it->second;
  return nullptr;
}

StoredRun* RunsTable::stored_run(const std::string& run_id) {
  auto found = runs_.find(run_id);
  return found == runs_.end() ? nullptr : &found->second;
}

ShardState* RunsTable::stored_shard(const std::string& run_id, std::uint32_t shard) {
  auto found = shards_.find({run_id, shard});
  return found == shards_.end() ? nullptr : &found->second;
}

Result<std::vector<LedgerTable::Claim>> LedgerTable::claim(const std::vector<function::RetryKey>& keys,
                                                           const std::string& owner, SystemTime now, SystemTime until) {
  if (keys.size() > 10) ground_.violate("ledger: {} keys claimed at once", keys.size());
  std::vector<Claim> claims;
  for (const auto& key : keys) {
    Entry& entry = entries_[key.record_id];
    bool is_dead = entry.end == RetryEnd::dead;
    if (entry.end && !is_dead) {
      claims.push_back(Claim::done);
      continue;
    }
    if (!is_dead && !entry.owner.empty() && entry.owner != owner && entry.until >= now) {
      claims.push_back(Claim::held);
      continue;
    }
    if (is_dead) --tallies_[key.run_id].dead;
    entry = {key.run_id, owner, until, std::nullopt};
    claims.push_back(Claim::granted);
  }
  return claims;
}

Result<std::vector<LedgerTable::Settled>> LedgerTable::settle(const std::vector<function::RetrySettlement>& settlements,
                                                              const std::string& owner) {
  if (settlements.empty() || settlements.size() > 10)
    ground_.violate("ledger: {} records settled at once", settlements.size());
  std::vector<Settled> out;
  for (const auto& settlement : settlements) {
    auto found = entries_.find(settlement.key.record_id);
    bool is_ours = found != entries_.end() && found->second.owner == owner &&
                   (!found->second.end || found->second.end == settlement.end);
    out.push_back(is_ours ? Settled::settled : Settled::lost);
    if (!is_ours || found->second.end) continue;  // a repetition of a settlement whose answer got lost
    found->second.end = settlement.end;
    ++tallies_[settlement.key.run_id].of(settlement.end);
    tallies_[settlement.key.run_id].reordered += settlement.reordered;
    ground_.log.note("  retry {} is {}", settlement.key.record_id, batch::to_string(settlement.end));
  }
  return out;
}

Result<void> LedgerTable::release(const std::vector<function::RetryKey>& keys, const std::string& owner) {
  for (const auto& key : keys) {
    auto found = entries_.find(key.record_id);
    if (found != entries_.end() && found->second.owner == owner && !found->second.end) found->second.until = {};
  }
  return {};
}

Result<batch::RetryTally> LedgerTable::tally(const std::string& run_id) const {
  auto found = tallies_.find(run_id);
  return found == tallies_.end() ? batch::RetryTally{} : found->second;
}

}  // namespace ads::simulation
