#include <gmock/gmock.h>

#include "city.h"

namespace ads::cloud::lambda {
namespace {

using testing::UnorderedElementsAre;

class Mappings : public City {
 public:
  void map(const std::string& queue, json::object more = {}) {
    json::object input{{"FunctionName", "f"}, {"EventSourceArn", queue_arn(queue)}};
    for (auto& [key, value] : more) input[key] = value;
    auto made = act(create_event_source_mapping, input);
    ASSERT_TRUE(made) << made.error().message;
    uuid = std::string(*get_string(*made, "UUID"));
    EXPECT_EQ(get_string(*made, "State"), "Creating");
    EXPECT_EQ(get_string(*act(get_event_source_mapping, {{"UUID", uuid}}), "State"), "Enabled");
  }
  std::string uuid;
};

TEST_F(Mappings, hand_messages_over_and_remove_them) {
  function("f", bootstrap("print('EVENT', json.dumps(event), flush=True)"));
  map("q");
  queues.put(queue_arn("q"), "hello", "m1");
  ASSERT_TRUE(eventually([&] { return queues.removed.size() == 1; }));
  EXPECT_EQ(queues.removed[0], "hm1");
  ASSERT_TRUE(eventually([&] { return logs.has("EVENT"); }));
  EXPECT_TRUE(logs.has(R"("messageId": "m1", "receiptHandle": "hm1", "body": "hello")"));
  EXPECT_TRUE(logs.has(
      R"("eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:q", "awsRegion": "eu-central-1")"));
}

TEST_F(Mappings, leave_a_failed_batch_in_the_queue) {
  function("f", bootstrap("if event['Records'][0]['body'] == 'bad': raise ValueError('x')\nreturn 1"));
  map("q", {{"BatchSize", 1}});
  queues.put(queue_arn("q"), "bad", "b");
  queues.put(queue_arn("q"), "good", "g");
  ASSERT_TRUE(eventually([&] { return !queues.removed.empty() && logs.has("REPORT"); }));
  EXPECT_THAT(queues.removed, UnorderedElementsAre("hg"));
}

TEST_F(Mappings, remove_what_did_not_fail) {
  function("f", bootstrap("return {'batchItemFailures': [{'itemIdentifier': r['messageId']} for r in event['Records'] "
                          "if r['body'] == 'bad']}"));
  for (auto* id : {"a", "b", "c"}) queues.put(queue_arn("q"), id == std::string("b") ? "bad" : "good", id);
  map("q", {{"FunctionResponseTypes", json::array{json::value("ReportBatchItemFailures")}}});
  ASSERT_TRUE(eventually([&] { return queues.removed.size() == 2; }));
  EXPECT_THAT(queues.removed, UnorderedElementsAre("ha", "hc"));
}

TEST_F(Mappings, gather_more_than_ten_within_the_window) {
  function("f", bootstrap("print('SIZE', len(event['Records']), flush=True)"));
  for (int i = 0; i < 25; ++i) queues.put(queue_arn("q"), "x");
  map("q", {{"BatchSize", 25}, {"MaximumBatchingWindowInSeconds", 5}});
  ASSERT_TRUE(eventually([&] { return queues.removed.size() == 25; }));
  EXPECT_TRUE(eventually([&] { return logs.has("SIZE 25"); }));
}

TEST_F(Mappings, drop_what_their_filter_does_not_let_through) {
  function("f", bootstrap("print('BODY', event['Records'][0]['body'], flush=True)"));
  json::array filters{json::value(json::object{{"Pattern", R"({"body":{"kind":["wanted"]}})"}})};
  map("q", {{"FilterCriteria", {{"Filters", filters}}}});
  queues.put(queue_arn("q"), R"({"kind":"other"})", "o");
  queues.put(queue_arn("q"), "no json", "n");
  queues.put(queue_arn("q"), R"({"kind":"wanted"})", "w");
  ASSERT_TRUE(eventually([&] { return queues.removed.size() == 3; }));
  EXPECT_TRUE(eventually([&] { return logs.has(R"(BODY {"kind":"wanted"})"); }));
  EXPECT_FALSE(logs.has("other"));
}

TEST_F(Mappings, run_batches_side_by_side_up_to_their_maximum) {
  auto shared = (directory / "at-work").string();
  std::filesystem::create_directories(shared);
  function("f", bootstrap(
                    "me = os.path.join(" + json::serialize(json::value(shared)) +
                    ", str(os.getpid()))\nopen(me, 'w').close()\n"
                    "time.sleep(0.2)\nprint('SIDE', len(os.listdir(os.path.dirname(me))), flush=True)\nos.unlink(me)"));
  for (int i = 0; i < 6; ++i) queues.put(queue_arn("q"), "x");
  map("q", {{"BatchSize", 1}, {"ScalingConfig", {{"MaximumConcurrency", 2}}}});
  ASSERT_TRUE(eventually([&] { return queues.removed.size() == 6; }));
  EXPECT_TRUE(logs.has("SIDE 2"));
  EXPECT_FALSE(logs.has("SIDE 3"));
}

TEST_F(Mappings, stop_when_disabled_and_come_back_when_enabled) {
  function("f", bootstrap("return 1"));
  map("q");
  auto off = act(update_event_source_mapping, {{"UUID", uuid}, {"Enabled", false}});
  EXPECT_EQ(get_string(*off, "State"), "Disabling");
  EXPECT_EQ(get_string(*act(get_event_source_mapping, {{"UUID", uuid}}), "State"), "Disabled");
  queues.put(queue_arn("q"), "x");
  for (int i = 0; i < 5; ++i) io.run_one_for(std::chrono::milliseconds(20));
  EXPECT_EQ(queues.visible[queue_arn("q")].size(), 1u);
  EXPECT_EQ(get_string(*act(update_event_source_mapping, {{"UUID", uuid}, {"Enabled", true}}), "State"), "Enabling");
  EXPECT_TRUE(eventually([&] { return queues.removed.size() == 1; }));
}

TEST_F(Mappings, come_back_after_a_restart) {
  function("f", bootstrap("return 1"));
  map("q");
  restart();
  queues.put(queue_arn("q"), "x");
  EXPECT_TRUE(eventually([&] { return queues.removed.size() == 1; }));
}

TEST_F(Mappings, are_refused_in_awss_words) {
  function("f", bootstrap("return 1"), {{"Timeout", 900}});
  auto refused = [&](json::object input) {
    input.emplace("FunctionName", "f");
    input.emplace("EventSourceArn", queue_arn("q"));
    auto made = act(create_event_source_mapping, input);
    return made ? "made" : made.error().code + ": " + made.error().message;
  };
  EXPECT_EQ(refused({}),
            "InvalidParameterValueException: Queue visibility timeout: 30 seconds is less than Function timeout: 900 "
            "seconds");
  EXPECT_EQ(refused({{"BatchSize", 11}}),
            "InvalidParameterValueException: Maximum batch window in seconds must be greater than 0 if maximum batch "
            "size is greater than 10");
  EXPECT_EQ(refused({{"StartingPosition", "LATEST"}}),
            "InvalidParameterValueException: StartingPosition is not valid for SQS event sources.");
  EXPECT_EQ(refused({{"EventSourceArn", queue_arn("q.fifo")}, {"MaximumBatchingWindowInSeconds", 1}}),
            "InvalidParameterValueException: Batching window is not supported for FIFO queues");
  EXPECT_EQ(refused({{"FunctionName", "none"}}), "ResourceNotFoundException: Function not found: " + arn("none"));
}

}  // namespace
}  // namespace ads::cloud::lambda
