#include "batch/event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::batch {
namespace {

json::object object(std::string_view text) {
  return *parse_json_object(text);
}

// As AWS documents it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
constexpr std::string_view kPut = R"({"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-west-2",
  "eventTime":"2026-11-22T16:20:05.123Z","eventName":"ObjectCreated:Put","userIdentity":{"principalId":"AIDAJ"},
  "requestParameters":{"sourceIPAddress":"127.0.0.1"},"responseElements":{"x-amz-request-id":"C3D13FE58DE4C810"},
  "s3":{"s3SchemaVersion":"1.0","configurationId":"batch","bucket":{"name":"files","ownerIdentity":{"principalId":"A3"},
  "arn":"arn:aws:s3:::files"},"object":{"key":"DES_Manually_Process_22-11-2026+a%2Bb%C3%A4.csv","size":1024,
  "eTag":"d41d8cd98f00b204e9800998ecf8427e","versionId":"096fKKXTRTtl3on89fVO.nfljtsv6qko","sequencer":"0055AED6DCD90281E5"}}}]})";

TEST(ObjectEvent, IsReadWithItsKeyDecoded) {
  auto events = parse_object_events(object(kPut));
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 1u);
  const ObjectEvent& event = (*events)[0];
  EXPECT_EQ(event.object,
            (ObjectIdentity{"files", "DES_Manually_Process_22-11-2026 a+b\xc3\xa4.csv",
                            "096fKKXTRTtl3on89fVO.nfljtsv6qko", "d41d8cd98f00b204e9800998ecf8427e", 1024}));
  EXPECT_EQ(event.event_name, "ObjectCreated:Put");
  EXPECT_EQ(event.event_time, "2026-11-22T16:20:05.123Z");
  EXPECT_EQ(event.sequencer, "0055AED6DCD90281E5");
  EXPECT_EQ(event.region, "us-west-2");
}

TEST(ObjectEvent, DecodesKeys) {
  struct {
    const char *encoded, *key;
  } cases[] = {{"a+b", "a b"}, {"a%2Bb", "a+b"}, {"a%20b", "a b"}, {"a%2fb", "a/b"}, {"100%", "100%"}, {"", ""}};
  for (const auto& c : cases) EXPECT_EQ(decode_event_key(c.encoded), c.key);
}

TEST(ObjectEvent, ManyRecordsAndOtherEvents) {
  auto events = parse_object_events(object(R"({"Records":[
    {"eventName":"ObjectCreated:CompleteMultipartUpload","s3":{"bucket":{"name":"b"},"object":{"key":"k1","size":7}}},
    {"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"k2"}}},
    {"eventName":"ObjectCreated:Copy","s3":{"bucket":{"name":"b"},"object":{"key":"k3","size":9}}}]})"));
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ((*events)[0].object.key, "k1");
  EXPECT_EQ((*events)[0].object.version_id, "");
  EXPECT_EQ((*events)[1].object.size, 9u);
}

TEST(ObjectEvent, TheTestEventIsNoRecord) {
  auto events = parse_object_events(
      object(R"({"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-22T16:20:05.123Z","Bucket":"files"})"));
  ASSERT_TRUE(events);
  EXPECT_TRUE(events->empty());
}

TEST(ObjectEvent, OtherThingsAreRefused) {
  for (const char* text :
       {"{}", R"({"Records":{}})", R"({"Records":[1]})", R"({"Records":[{"eventName":"ObjectCreated:Put"}]})",
        R"({"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{},"object":{"key":"k"}}}]})",
        R"({"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{}}}]})"}) {
    auto events = parse_object_events(object(text));
    ASSERT_FALSE(events) << text;
    EXPECT_EQ(events.error().code, "NotAnS3Event");
  }
}

constexpr std::string_view kBatch = R"({"Records":[
  {"messageId":"m1","receiptHandle":"r1","body":"{}","attributes":{"ApproximateReceiveCount":"3","MessageGroupId":"u-1",
   "MessageDeduplicationId":"d"},"messageAttributes":{"RunId":{"stringValue":"run","stringListValues":[],"dataType":"String"},
   "StatusCode":{"stringValue":"503","dataType":"Number"},"Blob":{"binaryValue":"AA==","dataType":"Binary"}},
   "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:retry.fifo"},
  {"messageId":"m2","receiptHandle":"r2","body":"x","attributes":{},"messageAttributes":{}}]})";

TEST(QueueEvent, IsRead) {
  auto messages = parse_queue_event(object(kBatch));
  ASSERT_TRUE(messages);
  ASSERT_EQ(messages->size(), 2u);
  const QueueMessage& first = (*messages)[0];
  EXPECT_EQ(first.message_id, "m1");
  EXPECT_EQ(first.receipt_handle, "r1");
  EXPECT_EQ(first.body, "{}");
  EXPECT_EQ(first.group_id, "u-1");
  EXPECT_EQ(first.receive_count, 3);
  EXPECT_EQ(first.source_arn, "arn:aws:sqs:us-east-1:000000000000:retry.fifo");
  EXPECT_THAT(first.attributes,
              testing::ElementsAre(testing::Pair("RunId", "run"), testing::Pair("StatusCode", "503")));
  EXPECT_EQ((*messages)[1].receive_count, 1);
  EXPECT_FALSE(parse_queue_event(object(R"({"Records":[{"messageId":"m1"}]})")));
  EXPECT_FALSE(parse_queue_event(object("{}")));
}

TEST(QueueEvent, AnswersWithTheFailuresAlone) {
  EXPECT_EQ(partial_batch_response({}), R"({"batchItemFailures":[]})");
  EXPECT_EQ(partial_batch_response({"m1", "m2"}),
            R"({"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m2"}]})");
}

TEST(QueueEvent, AFailureStopsItsGroupAndNoOther) {
  std::vector<QueueMessage> messages(6);
  const char* groups[] = {"a", "b", "a", "", "b", "a"};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    messages[i].message_id = "m" + std::to_string(i);
    messages[i].group_id = groups[i];
  }
  using testing::ElementsAre;
  EXPECT_THAT(failures_in_order(messages, {}), ElementsAre());
  EXPECT_THAT(failures_in_order(messages, {2}), ElementsAre("m2", "m5"));
  EXPECT_THAT(failures_in_order(messages, {5}), ElementsAre("m5"));
  EXPECT_THAT(failures_in_order(messages, {0, 1}), ElementsAre("m0", "m1", "m2", "m4", "m5"));
  EXPECT_THAT(failures_in_order(messages, {3}), ElementsAre("m3")) << "messages without a group stand alone";
}

}  // namespace
}  // namespace ads::batch
