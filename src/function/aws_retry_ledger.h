// The port RetryLedger over the Runs table in DynamoDB.
#pragma once
#include "aws/dynamodb/client.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// A record: {id: "REC#<recordId>", status PENDING|DONE|DEAD, runId, end, leaseOwner, leaseUntil (ms), expiresAt}.
// A run's tally, in kTallySlots items so that consumers side by side do not collide:
// {id: "RUN#<runId>#R#<slot>", processed, notActive, notFound, quarantined, dead, reordered, expiresAt,
//  failed_<kind of error>: N, lastError, lastErrorAt (ms)}; what is 0 is absent.
class AwsRetryLedger : public RetryLedger {
 public:
  AwsRetryLedger(aws::Connection& connection, const Settings& settings, Clock& clock)
      : dynamodb_(connection), settings_(settings), clock_(clock) {}

  // One transaction for all; only where it is refused, one call or two for each.
  Task<Result<std::vector<Claim>>> claim(std::vector<RetryKey> keys, std::string owner, SystemTime now,
                                         SystemTime until) override;
  Task<Result<std::vector<Settled>>> settle(std::vector<RetrySettlement> settlements, std::string owner) override;
  Task<Result<void>> release(std::vector<RetryKey> keys, std::string owner) override;
  Task<Result<batch::RetryTally>> tally(std::string run_id) override;
  Task<Result<void>> note_failures(std::vector<RetryFailure> failures, std::string owner) override;
  // What note_failures() has written.
  Task<Result<RetryFailures>> failures(std::string run_id);

 private:
  struct Claiming {
    std::string owner;
    SystemTime now, until;
  };
  aws::dynamodb::UpdateItemInput claim_update(const RetryKey& key, const Claiming& claiming) const;
  Task<Result<Claim>> claim_one(RetryKey key, Claiming claiming);
  Task<Result<Claim>> revive(RetryKey key, Claiming claiming);
  aws::dynamodb::TransactWriteItemsInput settle_transaction(const std::vector<RetrySettlement>& settlements,
                                                            const std::string& owner) const;
  Task<Result<Settled>> settle_one(RetrySettlement settlement, std::string owner);
  Task<Result<aws::dynamodb::Item>> get(std::string record_id);
  Task<Result<std::vector<aws::dynamodb::Item>>> tally_items(std::string run_id);

  aws::dynamodb::Client dynamodb_;
  const Settings& settings_;
  Clock& clock_;
};

}  // namespace ads::function
