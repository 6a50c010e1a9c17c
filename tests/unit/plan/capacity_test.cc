#include "plan/capacity.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace ads::plan {
namespace {

using testing::DoubleNear;
using testing::HasSubstr;

constexpr std::uint64_t kLine = 43;

Workload mixed(std::uint64_t records) {
  return {.records = records, .bytes = records * kLine};
}

RegionFacts virginia() {
  return facts_of_region("us-east-1");
}

const Stage& stage(const std::vector<Stage>& stages, std::string_view name) {
  return *std::ranges::find_if(stages, [&](const Stage& stage) { return stage.name == name; });
}

double usd_of(const Estimate& estimate, std::string_view service) {
  double sum = 0;
  for (const Cost& cost : estimate.costs)
    if (cost.service == service) sum += cost.usd;
  return sum;
}

double calls_of(const Estimate& estimate, std::string_view operation) {
  double sum = 0;
  for (const CallCount& count : estimate.calls)
    if (count.operation.starts_with(operation)) sum += count.calls;
  return sum;
}

TEST(Capacity, CallsPerRecord) {
  struct Case {
    const char* name;
    double retry_share, bad_share, calls_per_thousand;
  };
  for (const Case& c : {
           // users by the hundred, notifications and retries by ten, the last call of each half full, a checkpoint
           Case{"mixed", 0.2, 0, 8.495 + 80.45 + 20.45 + 1},
           Case{"looked up only", 0, 0, 10 + 100 + 1},
           Case{"retries only", 1, 0, 100 + 1},
           Case{"one in a hundred bad: a piece of quarantine with nearly every chunk", 0.2, 0.01,
                8.395 + 79.45 + 20.45 + 1 + 1},
           Case{"all bad", 0, 1, 1 + 1},
       }) {
    Workload work = mixed(100'000'000);
    work.retry_share = c.retry_share;
    work.bad_share = c.bad_share;
    // The ranged GETs, one for 195,000 lines, are lost in the rounding.
    EXPECT_THAT(estimate(work, {}, virginia()).calls_per_record * 1000, DoubleNear(c.calls_per_thousand, 0.05))
        << c.name;
  }
}

TEST(Capacity, WhatLimits) {
  struct Case {
    const char* name;
    std::uint64_t records;
    const char* region;
    Deployment deployment;
    const char* limit;
    const char* moved_by;
  };
  for (const Case& c : {
           Case{"a small file is one invocation", 10'000, "us-east-1", {}, "workers", "nothing"},
           Case{"one shard of 43 MB", 1'000'000, "us-east-1", {}, "workers", "ShardBytes"},
           Case{"smaller shards: the topic's quota",
                1'000'000,
                "eu-central-1",
                {.shard_bytes = 4 << 20},
                "SNS quota",
                "Service Quotas"},
           Case{"one worker", 100'000'000, "us-east-1", {.worker_concurrency = 1}, "workers", "WorkerConcurrency"},
           Case{"a new users table", 10'000'000, "us-east-1", {}, "users table", "warm throughput"},
           Case{"ten workers in a large region", 100'000'000, "us-east-1", {}, "SNS quota", "Service Quotas"},
           Case{"ten workers in a small region", 100'000'000, "sa-east-1", {}, "SNS quota", "Service Quotas"},
           Case{"a rate that was asked for",
                100'000'000,
                "us-east-1",
                {.publish_rate = 500},
                "PublishRate",
                "PublishRate"},
           Case{"one shard has a tenth of the rate",
                1'000'000,
                "us-east-1",
                {.publish_rate = 5000},
                "PublishRate",
                "each worker has its share"},
           Case{"strict order",
                100'000'000,
                "us-east-1",
                {.ordering = Deployment::Ordering::by_file},
                "workers",
                "StrictOrdering"},
           Case{"little memory", 1'000'000, "us-east-1", {.function_memory = 256}, "workers", "FunctionMemory"},
           Case{"a FIFO topic",
                100'000'000,
                "us-east-1",
                {.topic = Deployment::Topic::fifo},
                "SNS quota",
                "Service Quotas"},
       }) {
    Estimate out = estimate(mixed(c.records), c.deployment, facts_of_region(c.region));
    const Stage& limit = out.stages[out.limit];
    EXPECT_EQ(limit.name, c.limit) << c.name;
    EXPECT_THAT(limit.moved_by, HasSubstr(c.moved_by)) << c.name;
    for (const Stage& other : out.stages) EXPECT_LE(other.seconds, limit.seconds) << c.name << ": " << other.name;
    EXPECT_GE(out.seconds, out.processing_seconds) << c.name;
  }
}

TEST(Capacity, TheTimeOfAChunkIsItsWavesOfCalls) {
  CallTimes times{.cpu_per_record = 0, .calls_in_flight = 16};
  // 100 calls, 16 at once: seven waves; then the checkpoint.
  Workload work = mixed(1'000'000);
  work.retry_share = 0;
  EXPECT_THAT(estimate(work, {}, virginia(), times).chunk_seconds,
              DoubleNear(7 * times.publish_batch + times.update_item, 1e-9));
  // Mixed, about 80: five waves, or six; the retries' run beside them.
  EXPECT_THAT(estimate(mixed(1'000'000), {}, virginia(), times).chunk_seconds,
              DoubleNear(5.5 * times.publish_batch + times.update_item, 0.001));
  // A processor that takes longer than the calls decides.
  times.cpu_per_record = 0.001;
  EXPECT_THAT(estimate(mixed(1'000'000), {}, virginia(), times).chunk_seconds, DoubleNear(1.0, 1e-9));
  // Half a processor, twice the time; more than one is of no use to one thread.
  EXPECT_THAT(estimate(mixed(1'000'000), {.function_memory = 884}, virginia(), times).chunk_seconds,
              DoubleNear(2, 0.01));
  EXPECT_THAT(estimate(mixed(1'000'000), {.function_memory = 10240}, virginia(), times).chunk_seconds,
              DoubleNear(1, 1e-9));
}

TEST(Capacity, TheOrderOfUsersCostsNoCalls) {
  using Topic = Deployment::Topic;
  using Ordering = Deployment::Ordering;
  struct Case {
    const char* name;
    std::uint64_t per_user;
    Topic topic;
    Ordering ordering;
    double calls_per_thousand;
    double chain;        // calls that follow each other
    std::size_t growth;  // of the chunk
  };
  for (const Case& c : {
           Case{"mixed", 1, Topic::standard, Ordering::by_shard, 110.4, 0, 1},
           Case{"pairs: half the users", 2, Topic::standard, Ordering::by_shard, 107.2, 0, 1},
           Case{"2,000 of a user: the retry queue's calls", 2000, Topic::standard, Ordering::by_shard, 100.1, 0, 32},
           Case{"pairs on a FIFO topic", 2, Topic::fifo, Ordering::by_shard, 107.2, 0, 1},
           Case{"eight of a user have no room in a call for another's", 10, Topic::fifo, Ordering::by_shard, 123.4, 0,
                1},
           Case{"2,000 of a user on a FIFO topic", 2000, Topic::fifo, Ordering::by_shard, 100.1, 0, 64},
           Case{"one user on a FIFO topic", 1'000'000, Topic::fifo, Ordering::by_shard, 100.4, 640, 8},
           Case{"one user, strictly", 1'000'000, Topic::fifo, Ordering::by_file, 1002, 800, 1},
           Case{"one user, strictly, where the topic has no order", 1'000'000, Topic::standard, Ordering::by_file,
                280.6, 800, 4},
       }) {
    Workload work = mixed(100'000'000);
    work.spread = Workload::sorted_by_user(c.per_user);
    CallTimes times{.cpu_per_record = 0};
    Estimate out = estimate(work, {.ordering = c.ordering, .topic = c.topic}, virginia(), times);
    EXPECT_THAT(out.calls_per_record * 1000, DoubleNear(c.calls_per_thousand, 0.1)) << c.name;
    EXPECT_EQ(out.chunk_lines, c.growth * batch::kChunkLines) << c.name;
    if (c.chain > 0) {
      double call = c.topic == Topic::fifo ? times.publish_batch : times.send_batch;
      EXPECT_THAT(out.chunk_seconds, DoubleNear(c.chain * call + times.update_item, 0.001)) << c.name;
    }
  }
}

TEST(Capacity, ALowRateMakesSmallChunks) {
  Estimate out = estimate(mixed(100'000'000), {.publish_rate = 100}, virginia());
  EXPECT_EQ(out.chunk_lines, 150u);  // ten per second of each worker, 15 seconds
  EXPECT_GT(out.calls_per_record, 0.11);
}

TEST(Capacity, AShardThatIsLeftOverTakesARoundOfItsOwn) {
  std::uint64_t bytes = 11 * (std::uint64_t{64} << 20);
  Workload work{.records = bytes / kLine, .bytes = bytes};
  Estimate out = estimate(work, {}, virginia());
  EXPECT_EQ(out.shards, 11u);
  double one = double(work.records) / 11 / out.worker_rate;
  EXPECT_THAT(stage(out.stages, "workers").seconds, DoubleNear(2 * one, 0.001));
}

TEST(Capacity, AtMostAThousandShards) {
  EXPECT_EQ(estimate(mixed(100'000'000'000), {}, virginia()).shards, 1000u);
}

TEST(Capacity, RetriesShareTheTopicsQuota) {
  // 300 messages a second are what all records, looked up at once or retried, have to go through.
  Estimate out = estimate(mixed(1'000'000), {}, facts_of_region("sa-east-1"));
  EXPECT_THAT(stage(out.retry_stages, "SNS quota").seconds, DoubleNear(1'000'000 / 300.0, 0.01));
  EXPECT_GE(out.settled_seconds, out.seconds);
  Workload none = mixed(1'000'000);
  none.retry_share = 0;
  Estimate without = estimate(none, {}, virginia());
  EXPECT_TRUE(without.retry_stages.empty());
  EXPECT_EQ(without.settled_seconds, without.seconds);
}

TEST(Capacity, WarnsOfWhatWouldGoWrong) {
  struct Case {
    const char* name;
    std::uint64_t records;
    const char* region;
    Deployment deployment;
    const char* warning;
  };
  for (const Case& c : {
           Case{"retries that outlive their queue",
                4'000'000'000,
                "us-east-1",
                {.retry_concurrency = 2},
                "would be lost"},
           Case{"retries that ring", 100'000'000, "us-east-1", {.retry_concurrency = 2}, "RetryAgeAlarm"},
           Case{"workers that wait for SNS", 100'000'000, "sa-east-1", {}, "WorkerConcurrency=2"},
           Case{"a rate above the quota", 100'000'000, "sa-east-1", {.publish_rate = 1000}, "above SNS's quota"},
           Case{"shards that ring", 1'000'000'000, "eu-west-1", {}, "ShardAgeAlarm"},
           Case{"a copy that does not fit", 40'000'000'000, "us-east-1", {}, "split it"},
           Case{"more functions than an account has",
                1'000'000,
                "us-east-1",
                {.worker_concurrency = 995},
                "Lambda quota"},
       }) {
    Estimate out = estimate(mixed(c.records), c.deployment, facts_of_region(c.region));
    EXPECT_THAT(out.warnings, testing::Contains(HasSubstr(c.warning))) << c.name;
  }
  EXPECT_THAT(estimate(mixed(10'000), {}, virginia()).warnings, testing::IsEmpty());
}

TEST(Capacity, WhatItCosts) {
  Estimate out = estimate(mixed(100'000'000), {}, virginia());
  // 8 million PublishBatch of the file, 2 million of its retries; 50 cents a million.
  EXPECT_THAT(usd_of(out, "SNS"), DoubleNear(5.0, 0.05));
  // Each record's user is read once: half a unit.
  EXPECT_THAT(usd_of(out, "DynamoDB"), testing::Gt(100 * 0.5 * 0.125));
  // 2 million sends, and a receive and a delete for each ten retries, at the FIFO price.
  EXPECT_THAT(usd_of(out, "SQS"), DoubleNear(6 * 0.5, 0.05));
  double sum = 0;
  for (const Cost& cost : out.costs) sum += cost.usd;
  EXPECT_THAT(out.usd, DoubleNear(sum, 1e-9));
  EXPECT_THAT(calls_of(out, "PublishBatch"), DoubleNear(8e6 + 2e6, 100'000));
  EXPECT_LT(
      usd_of(estimate(mixed(100'000'000), {.architecture = Deployment::Architecture::arm64}, virginia()), "Lambda"),
      usd_of(out, "Lambda"));
  EXPECT_GT(estimate(mixed(100'000'000), {}, facts_of_region("sa-east-1")).usd, out.usd);
}

TEST(Capacity, ATableOnDemandGrows) {
  EXPECT_THAT(table_seconds(12'000, 12'000), DoubleNear(1, 1e-9));
  EXPECT_THAT(table_seconds(12'000.0 * 1800 + 24'000, 12'000),
              DoubleNear(1801, 1e-9));  // twice as fast after half an hour
  // 12, 24, then the quota's 40 thousand.
  EXPECT_THAT(table_seconds(12'000.0 * 1800 + 24'000.0 * 1800 + 80'000, 12'000), DoubleNear(3602, 1e-9));
}

TEST(Capacity, MoreNeverTakesLess) {
  for (const char* region : {"us-east-1", "eu-west-1", "eu-central-1", "sa-east-1", "xx-nowhere-1"}) {
    double seconds = 0, usd = 0;
    for (std::uint64_t records = 1; records <= 10'000'000'000; records *= 10) {
      Estimate out = estimate(mixed(records), {}, facts_of_region(region));
      ASSERT_TRUE(std::isfinite(out.seconds) && std::isfinite(out.usd)) << region << " " << records;
      EXPECT_GE(out.usd, usd) << region << " " << records;
      // Shards do away with the ends of a file of one: ten times the records may be done sooner only by that.
      if (out.shards == 1 || out.limit != 0) {
        EXPECT_GE(out.seconds, seconds) << region << " " << records;
      }
      seconds = out.seconds;
      usd = out.usd;
    }
  }
}

TEST(PriceList, ARegionThatIsNotInItHasTheSmallestQuotas) {
  EXPECT_EQ(facts_of_region("us-east-1").sns_messages, 30'000);
  EXPECT_EQ(facts_of_region("eu-central-1").sns_messages, 1'500);
  EXPECT_EQ(facts_of_region("eu-south-1").sns_messages, 300);
  EXPECT_EQ(facts_of_region("eu-south-1").prices.region, "us-east-1");
}

}  // namespace
}  // namespace ads::plan
