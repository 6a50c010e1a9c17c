// Fixtures of the roles' tests: a batch file in five words, and what became of its records.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "batch/report.h"
#include "function/dispatch.h"
#include "function/retry.h"
#include "function/worker.h"
#include "unit/function/fake_world.h"

namespace ads::function {

inline constexpr const char* kToday = "DES_Manually_Process_22-11-2026.csv";
inline constexpr const char* kProcessed = "DES_Manually_Processed_22-11-2026.csv";

class RoleTest : public testing::Test {
 protected:
  FakeWorld world;
  Settings settings = [] {
    Settings out;
    out.users_table = "users";
    out.range_bytes = 4096;
    return out;
  }();

  // `count` lines of three kinds in turn: active user, unknown user, retry; every tenth is bad.
  std::string mixed_file(std::size_t count);
  std::optional<Result<std::string>> dispatch(const std::string& event, const std::string& request = "request-1");
  // Hands the messages of the shards queue to workers, one by one, until none is left; those that fail come again.
  void work_to_the_end(std::chrono::seconds timeout = std::chrono::seconds(900));
  // The SQS event of one shard message.
  static std::string shard_event(const batch::ShardMessage& message, int receives = 1);
  // Repeats the event, as Lambda does, until it is answered.
  void dispatch_to_the_end(const std::string& event);

  const StoredRun& only_run() const { return world.runs.begin()->second; }
  batch::Report report() const;
  // Sets of record ids, each once.
  static std::map<std::string, std::string> by_record(const std::vector<Delivery>& deliveries);
};

}  // namespace ads::function
