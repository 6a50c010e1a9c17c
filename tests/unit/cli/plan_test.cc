#include <gmock/gmock.h>

#include "cli/plan_input.h"
#include "cli/plan_view.h"

namespace ads::cli {
namespace {

using testing::HasSubstr;

TEST(PlanInput, ParametersOfTheTemplate) {
  auto deployment =
      parse_deployment({"WorkerConcurrency=40", "PublishRate=9000", "ShardBytes=8388608", "FunctionMemory=512",
                        "RetryConcurrency=20", "StrictOrdering=true", "TopicType=fifo", "Architecture=arm64"});
  ASSERT_TRUE(deployment) << deployment.error().message;
  EXPECT_EQ(deployment->worker_concurrency, 40);
  EXPECT_EQ(deployment->publish_rate, 9000);
  EXPECT_EQ(deployment->shard_bytes, 8388608u);
  EXPECT_EQ(deployment->function_memory, 512);
  EXPECT_EQ(deployment->retry_concurrency, 20);
  EXPECT_EQ(deployment->ordering, plan::Deployment::Ordering::by_file);
  EXPECT_EQ(deployment->topic, plan::Deployment::Topic::fifo);
  EXPECT_EQ(deployment->architecture, plan::Deployment::Architecture::arm64);
}

TEST(PlanInput, RefusesWhatTheTemplateWouldRefuse) {
  struct Case {
    const char* pair;
    const char* says;
  };
  for (const Case& c : {Case{"WorkerConcurrency=1", "2 to 1000"}, Case{"WorkerConcurrency=2.5", "whole number"},
                        Case{"ShardBytes=many", "whole number"}, Case{"TopicType=quick", "standard or fifo"},
                        Case{"ReportTo=a@b", "those that have are"}, Case{"WorkerConcurrency", "Name=Value"}}) {
    auto deployment = parse_deployment({c.pair});
    ASSERT_FALSE(deployment) << c.pair;
    EXPECT_THAT(deployment.error().message, HasSubstr(c.says)) << c.pair;
  }
}

TEST(PlanInput, Mix) {
  auto mix = parse_mix("retry=35,bad=0.5");
  ASSERT_TRUE(mix);
  EXPECT_DOUBLE_EQ(mix->retry_share, 0.35);
  EXPECT_DOUBLE_EQ(mix->bad_share, 0.005);
  for (const char* wrong : {"retry", "retry=x", "retry=-1", "retry=101", "retry=60,bad=60", "good=1", "retry=1,,bad=2"})
    EXPECT_FALSE(parse_mix(wrong)) << wrong;
}

TEST(PlanView, Units) {
  EXPECT_EQ(duration_text(0.44), "0.4 s");
  EXPECT_EQ(duration_text(75), "75 s");
  EXPECT_EQ(duration_text(600), "10.0 min");
  EXPECT_EQ(duration_text(7200 * 2), "4.0 h");
  EXPECT_EQ(duration_text(86'400 * 3), "3.0 d");
  EXPECT_EQ(dollars(0.0042), "$0.0042");
  EXPECT_EQ(dollars(12.345), "$12.35");
  EXPECT_EQ(dollars(1234), "$1,234");
}

TEST(PlanView, SaysWhatLimitsAndWhatMovesIt) {
  plan::Workload work{.records = 1'000'000, .bytes = 43'000'000};
  auto region = plan::facts_of_region("us-east-1");
  auto estimate = plan::estimate(work, {}, region);
  EXPECT_THAT(plan_text(work, region, estimate), testing::AllOf(HasSubstr("> workers"), HasSubstr("ShardBytes")));
  json::object object = plan_json(work, region, estimate);
  EXPECT_EQ(object.at("limit").as_string(), "workers");
  EXPECT_EQ(object.at("shards").to_number<int>(), 1);
}

}  // namespace
}  // namespace ads::cli
