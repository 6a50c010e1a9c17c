#include <gmock/gmock.h>

#include "city.h"

namespace ads::cloud::lambda {
namespace {

using Asynchronous = City;

TEST_F(Asynchronous, invocations_are_retried_twice_then_go_to_the_destination) {
  function("f", bootstrap("print('attempt', calls, flush=True)\nraise RuntimeError('always')"));
  ASSERT_TRUE(
      act(put_function_event_invoke_config,
          {{"FunctionName", "f"}, {"DestinationConfig", {{"OnFailure", {{"Destination", queue_arn("failed")}}}}}}));
  invoke_later("f", R"({"n":7})");
  ASSERT_TRUE(eventually([&] { return queues.sent[queue_arn("failed")].size() == 1; }));
  auto record = parse_json_object(queues.sent[queue_arn("failed")][0].body);
  ASSERT_TRUE(record);
  auto& context = record->at("requestContext").as_object();
  EXPECT_EQ(context.at("condition"), "RetriesExhausted");
  EXPECT_EQ(context.at("approximateInvokeCount"), 3);
  EXPECT_EQ(context.at("functionArn"), json::value(arn("f") + ":$LATEST"));
  EXPECT_EQ(record->at("requestPayload").at("n"), 7);
  EXPECT_EQ(record->at("responseContext").at("functionError"), "Unhandled");
  EXPECT_EQ(record->at("responsePayload").at("errorMessage"), "always");
  EXPECT_TRUE(eventually([&] { return lambda->parts().queue.lanes() == 0; }));
}

TEST_F(Asynchronous, invocations_stop_being_retried_once_they_succeed) {
  function("f", bootstrap("if calls < 2: raise RuntimeError('once')\nreturn calls"));
  ASSERT_TRUE(
      act(put_function_event_invoke_config,
          {{"FunctionName", "f"}, {"DestinationConfig", {{"OnSuccess", {{"Destination", queue_arn("done")}}}}}}));
  invoke_later("f");
  ASSERT_TRUE(eventually([&] { return queues.sent[queue_arn("done")].size() == 1; }));
  auto record = parse_json_object(queues.sent[queue_arn("done")][0].body);
  EXPECT_EQ(record->at("requestContext").at("condition"), "Success");
  EXPECT_EQ(record->at("requestContext").at("approximateInvokeCount"), 2);
  EXPECT_EQ(record->at("responsePayload"), 2);
}

TEST_F(Asynchronous, events_keep_to_their_maximum_retries_and_reach_the_dead_letter_queue) {
  function("f", bootstrap("raise RuntimeError('always')"), {{"DeadLetterConfig", {{"TargetArn", queue_arn("dead")}}}});
  ASSERT_TRUE(act(put_function_event_invoke_config, {{"FunctionName", "f"}, {"MaximumRetryAttempts", 0}}));
  invoke_later("f", R"({"n":1})");
  ASSERT_TRUE(eventually([&] { return queues.sent[queue_arn("dead")].size() == 1; }));
  auto& letter = queues.sent[queue_arn("dead")][0];
  EXPECT_EQ(letter.body, R"({"n":1})");
  EXPECT_EQ(letter.attributes["ErrorMessage"].value, "always");
  EXPECT_EQ(letter.attributes["RequestID"].value.size(), 36u);
}

TEST_F(Asynchronous, events_outlive_a_restart) {
  auto marker = (directory / "ran").string();
  function("f", bootstrap("open(event['marker'], 'a').write('x')\nreturn 1"));
  ASSERT_TRUE(act(put_function_concurrency, {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}}));
  invoke_later("f", json::serialize(json::object{{"marker", marker}}));
  eventually([&] { return false || std::filesystem::exists(marker) || lambda->parts().queue.lanes() == 1; });
  restart();
  EXPECT_EQ(lambda->parts().queue.lanes(), 1u);
  EXPECT_FALSE(std::filesystem::exists(marker));
  ASSERT_TRUE(act(delete_function_concurrency, {{"FunctionName", "f"}}));
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(marker) && lambda->parts().queue.lanes() == 0; }));
}

TEST_F(Asynchronous, events_of_a_deleted_function_are_dropped) {
  function("f", bootstrap("return 1"));
  ASSERT_TRUE(act(put_function_concurrency, {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}}));
  invoke_later("f");
  ASSERT_TRUE(act(delete_function, {{"FunctionName", "f"}}));
  EXPECT_TRUE(eventually([&] { return lambda->parts().queue.lanes() == 0; }));
}

TEST_F(Asynchronous, permission_is_asked_of_the_resource_policy) {
  function("f", bootstrap("return 1"));
  Source bucket{"s3.amazonaws.com", "arn:aws:s3:::in"};
  EXPECT_EQ(lambda->may_invoke(arn("f"), bucket).error().code, "AccessDeniedException");
  ASSERT_TRUE(act(add_permission, {{"FunctionName", "f"},
                                   {"StatementId", "s"},
                                   {"Action", "lambda:InvokeFunction"},
                                   {"Principal", "s3.amazonaws.com"},
                                   {"SourceArn", "arn:aws:s3:::in"},
                                   {"SourceAccount", "000000000000"}}));
  EXPECT_TRUE(lambda->may_invoke(arn("f"), bucket));
  EXPECT_FALSE(lambda->may_invoke(arn("f"), {"s3.amazonaws.com", "arn:aws:s3:::other"}));
  EXPECT_FALSE(lambda->may_invoke(arn("f"), {"sns.amazonaws.com", "arn:aws:s3:::in"}));
  ASSERT_TRUE(run(lambda->invoke_async(arn("f"), "{}", bucket)));
  EXPECT_EQ(run(lambda->invoke_async(arn("none"), "{}", bucket)).error().code, "ResourceNotFoundException");
}

}  // namespace
}  // namespace ads::cloud::lambda
