// The ports Runs and RetryLedger over the Runs table in DynamoDB.
#pragma once
#include "aws/dynamodb/client.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

class AwsRuns : public Runs, public RetryLedger {
 public:
  AwsRuns(aws::Connection& connection, const Settings& settings, Clock& clock)
      : dynamodb_(connection), settings_(settings), clock_(clock) {}

  Task<Result<std::optional<StoredRun>>> find(std::string run_id) override;
  Task<Result<void>> create(const StoredRun& run) override;
  Task<Result<void>> save(const StoredRun& run) override;
  Task<Result<std::optional<ShardState>>> find_shard(std::string run_id, std::uint32_t shard) override;
  Task<Result<ShardState>> take_lease(LeaseRequest request) override;
  Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) override;
  Task<Result<void>> finish_shard(Lease lease, std::uint64_t bytes_read) override;
  Task<Result<void>> release(Lease lease) override;

  Task<Result<Claim>> claim(std::string record_id, std::string owner, SystemTime now, SystemTime until) override;
  Task<Result<void>> settle(std::string record_id, std::string owner) override;
  Task<Result<void>> release(std::string record_id, std::string owner) override;

 private:
  Task<Result<std::optional<aws::dynamodb::Item>>> get(std::string id);

  aws::dynamodb::Client dynamodb_;
  const Settings& settings_;
  Clock& clock_;
};

}  // namespace ads::function
