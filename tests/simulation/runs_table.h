// The Runs table in DynamoDB: runs, shards and the ledger of retries, each write under its condition.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "function/stored_run.h"
#include "simulation/ground.h"
#include "simulation/sandbox.h"

namespace ads::simulation {

class RunsTable {
 public:
  using ShardKey = Sandbox::ShardKey;

  explicit RunsTable(Ground& ground) : ground_(ground) {}

  Result<std::optional<function::StoredRun>> find(const std::string& run_id) const;
  Result<void> create(function::StoredRun run);
  Result<void> save(function::StoredRun run);
  Result<function::OpenRuns> open_runs(const std::string& after) const;
  Result<std::optional<function::ShardState>> find_shard(const std::string& run_id, std::uint32_t shard) const;
  Result<function::ShardState> take_lease(Sandbox& sandbox, const function::LeaseRequest& request);
  Result<void> renew(const function::Lease& lease, SystemTime until);
  Result<void> checkpoint(const function::Lease& lease, const function::Checkpoint& checkpoint);
  Result<void> finish_shard(const function::Lease& lease, const function::ShardEnding& ending);
  Result<void> release(const function::Lease& lease, const std::string& trouble);
  Result<void> reopen_shard(const std::string& run_id, std::uint32_t shard);

  const std::map<std::string, function::StoredRun>& runs() const { return runs_; }
  const std::map<ShardKey, function::ShardState>& shards() const { return shards_; }
  // Of the run, the shard that owns the line at this offset; null where it was never leased.
  const function::ShardState* shard_at(const std::string& run_id, std::uint64_t offset) const;

  // Told of each run as it is stored as failed.
  void set_listener(std::function<void(const function::StoredRun&)> listener) { listener_ = std::move(listener); }

  // Past every condition; only mutants write here.
  function::StoredRun* stored_run(const std::string& run_id);
  function::ShardState* stored_shard(const std::string& run_id, std::uint32_t shard);

 private:
  // The shard if its fence is the lease's.
  function::ShardState* held(const function::Lease& lease);
  void changed(function::StoredRun& run);

  Ground& ground_;
  std::function<void(const function::StoredRun&)> listener_;
  std::map<std::string, function::StoredRun> runs_;
  std::map<ShardKey, function::ShardState> shards_;
  // The index over the open runs lags behind: by start and id.
  std::set<std::pair<SystemTime, std::string>> index_;
};

class LedgerTable {
 public:
  using Claim = function::RetryLedger::Claim;
  using Settled = function::RetryLedger::Settled;
  struct Entry {
    std::string run_id, owner;
    SystemTime until{};
    std::optional<batch::RetryEnd> end;
  };

  explicit LedgerTable(Ground& ground) : ground_(ground) {}

  Result<std::vector<Claim>> claim(const std::vector<function::RetryKey>& keys, const std::string& owner,
                                   SystemTime now, SystemTime until);
  Result<std::vector<Settled>> settle(const std::vector<function::RetrySettlement>& settlements,
                                      const std::string& owner);
  Result<void> release(const std::vector<function::RetryKey>& keys, const std::string& owner);
  Result<batch::RetryTally> tally(const std::string& run_id) const;

  const std::map<std::string, Entry>& entries() const { return entries_; }

 private:
  Ground& ground_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, batch::RetryTally> tallies_;
};

}  // namespace ads::simulation
