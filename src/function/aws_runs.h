// The port Runs over the Runs table in DynamoDB.
#pragma once
#include "aws/dynamodb/client.h"
#include "function/item_update.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

class AwsRuns : public Runs {
 public:
  AwsRuns(aws::Connection& connection, const Settings& settings, Clock& clock)
      : dynamodb_(connection), settings_(settings), clock_(clock) {}

  Task<Result<std::optional<StoredRun>>> find(std::string run_id) override;
  Task<Result<void>> create(const StoredRun& run) override;
  Task<Result<void>> save(const StoredRun& run) override;
  Task<Result<OpenRuns>> open_runs(std::string after) override;
  Task<Result<std::optional<ShardState>>> find_shard(std::string run_id, std::uint32_t shard) override;
  Task<Result<ShardState>> take_lease(LeaseRequest request) override;
  Task<Result<void>> renew(Lease lease, SystemTime until) override;
  Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) override;
  Task<Result<void>> finish_shard(Lease lease, const ShardEnding& ending) override;
  Task<Result<void>> release(Lease lease, std::string trouble) override;
  Task<Result<void>> reopen_shard(std::string run_id, std::uint32_t shard) override;

 private:
  Task<Result<std::optional<aws::dynamodb::Item>>> get(std::string id);
  Task<Result<void>> transact(ItemUpdate one, ItemUpdate other, std::string token);

  aws::dynamodb::Client dynamodb_;
  const Settings& settings_;
  Clock& clock_;
};

}  // namespace ads::function
