// The world as AWS has it: every port over AWS's clients, the machine's clock, standard output.
#pragma once
#include <random>

#include "function/aws_messages.h"
#include "function/aws_objects.h"
#include "function/aws_queues.h"
#include "function/aws_retry_ledger.h"
#include "function/aws_runs.h"

namespace ads::function {

class MachineTime : public Time {
 public:
  SystemTime now() const override { return system_clock().now(); }
  Task<void> sleep(std::chrono::milliseconds duration) override { return sleep_for(duration); }
  double random() override { return std::uniform_real_distribution<double>(0, 1)(engine_); }

 private:
  std::minstd_rand engine_{std::random_device{}()};
};

// `connection` and `settings` must outlive it.
class AwsWorld {
 public:
  AwsWorld(aws::Connection& connection, const Settings& settings);
  World world();

 private:
  std::string stack_;
  MachineTime time_;
  AwsObjects objects_;
  AwsUsers users_;
  AwsTopic topic_;
  AwsRetryQueue retry_queue_;
  AwsShardQueue shard_queue_;
  AwsRuns runs_;
  AwsRetryLedger ledger_;
  AwsMailer mailer_;
};

}  // namespace ads::function
