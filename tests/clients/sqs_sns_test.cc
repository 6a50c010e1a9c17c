// Our SQS and SNS clients against fauxqs.
#include <gmock/gmock.h>

#include "aws/sns/client.h"
#include "aws/sqs/client.h"
#include "clients/servers.h"

namespace ads::aws {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

class Fauxqs : public ServerTest {
 protected:
  Fauxqs() : ServerTest("ADS_TEST_FAUXQS"), sqs(*connection), sns(*connection) {}
  std::string queue(sqs::Attributes attributes = {}) {
    auto name = fresh_name("queue-") + (attributes.contains("FifoQueue") ? ".fifo" : "");
    return must(await(sqs.create_queue(name, std::move(attributes))));
  }
  std::vector<sqs::Message> receive(const std::string& url, int count = 10) {
    return must(await(sqs.receive_message(
        {.queue_url = url, .max_messages = count, .attribute_names = {"All"}, .message_attribute_names = {"All"}})));
  }
  std::string arn_of(const std::string& url) {
    return must(await(sqs.get_queue_attributes(url, {"QueueArn"}))).at("QueueArn");
  }

  sqs::Client sqs;
  sns::Client sns;
};

TEST_F(Fauxqs, send_receive_delete) {
  auto url = queue();
  std::string body =
      "gr\xC3\xBC\xC3\x9F"
      "e <&> \"\\\" \n";
  sqs::MessageAttributes attributes{{"Status", {"Number", "200"}}, {"Bytes", {"Binary", std::string("\0\x01", 2)}}};
  auto sent = must(await(sqs.send_message({.queue_url = url, .body = body, .attributes = attributes})));
  auto received = receive(url);
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].message_id, sent.message_id);
  EXPECT_EQ(received[0].body, body);
  EXPECT_EQ(received[0].message_attributes, attributes);
  EXPECT_EQ(received[0].attributes.at("ApproximateReceiveCount"), "1");
  must(await(sqs.change_message_visibility(url, received[0].receipt_handle, seconds(0))));
  received = receive(url);
  ASSERT_EQ(received.size(), 1u);
  must(await(sqs.delete_message(url, received[0].receipt_handle)));
  EXPECT_TRUE(receive(url).empty());
}

TEST_F(Fauxqs, batches_say_what_failed) {
  auto url = queue({{"FifoQueue", "true"}, {"ContentBasedDeduplication", "false"}});
  std::vector<sqs::SendEntry> entries{
      {.id = "a", .body = "one", .group_id = "g", .deduplication_id = "d1"},
      {.id = "b", .body = "two", .group_id = "h", .deduplication_id = "d2"},
  };
  auto sent = must(await(sqs.send_message_batch(url, entries)));
  ASSERT_EQ(sent.successful.size(), 2u);
  EXPECT_TRUE(sent.failed.empty());
  EXPECT_TRUE(sent.successful[0].sequence_number);
  auto received = receive(url);
  ASSERT_EQ(received.size(), 2u);
  EXPECT_EQ(received[0].attributes.at("MessageGroupId"), "g");  // fauxqs gives out one message of a group at a time

  auto hidden = must(await(sqs.change_message_visibility_batch(url, {{"x", received[0].receipt_handle, seconds(60)}})));
  EXPECT_THAT(hidden.successful, ElementsAre("x"));
  auto removed = must(
      await(sqs.delete_message_batch(url, {{"x", received[0].receipt_handle}, {"y", received[1].receipt_handle}})));
  EXPECT_THAT(removed.successful, ElementsAre("x", "y"));
}

TEST_F(Fauxqs, queue_urls_attributes_and_purge) {
  auto url = queue({{"VisibilityTimeout", "77"}});
  auto name = url.substr(url.rfind('/') + 1);
  EXPECT_EQ(must(await(sqs.get_queue_url(name))), url);
  EXPECT_EQ(must(await(sqs.get_queue_attributes(url, {"All"}))).at("VisibilityTimeout"), "77");
  must(await(sqs.send_message({.queue_url = url, .body = "x"})));
  must(await(sqs.purge_queue(url)));
  EXPECT_TRUE(receive(url).empty());
  must(await(sqs.delete_queue(url)));
  auto gone = error_of(await(sqs.get_queue_url(name)));
  EXPECT_EQ(gone.kind, ErrorKind::not_found) << gone.code;
}

TEST_F(Fauxqs, long_poll_ends_with_a_message) {
  auto url = queue();
  must(await(sqs.send_message({.queue_url = url, .body = "late", .delay = seconds(1)})));
  auto received = must(await(sqs.receive_message({.queue_url = url, .wait = seconds(10)})));
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].body, "late");
}

TEST_F(Fauxqs, published_messages_reach_a_raw_subscription) {
  auto url = queue();
  auto topic = must(await(sns.create_topic(fresh_name("topic-"))));
  auto subscription = must(await(sns.subscribe(
      {.topic_arn = topic,
       .protocol = "sqs",
       .endpoint = arn_of(url),
       .attributes = {{"RawMessageDelivery", "true"}, {"FilterPolicy", R"({"Status":[{"numeric":["=",200]}]})"}}})));
  auto listed = must(await(sns.list_subscriptions_by_topic(topic)));
  ASSERT_EQ(listed.subscriptions.size(), 1u);
  EXPECT_EQ(listed.subscriptions[0].arn, subscription);

  std::vector<sns::PublishEntry> entries{
      {.id = "a",
       .message = "first & <best>",
       .attributes = {{"Status", {"Number", "200"}}, {"Outcome", {"String", "processed"}}}},
      {.id = "b", .message = "filtered out", .attributes = {{"Status", {"Number", "404"}}}},
  };
  auto published = must(await(sns.publish_batch(topic, entries)));
  ASSERT_EQ(published.successful.size(), 2u);
  EXPECT_EQ(published.successful[0].id, "a");
  EXPECT_TRUE(published.failed.empty());
  auto received = receive(url);
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].body, "first & <best>");
  EXPECT_EQ(received[0].message_attributes.at("Status"), (sqs::MessageAttribute{"Number", "200"}));

  EXPECT_FALSE(must(await(sns.publish({.topic_arn = topic, .message = "m", .subject = "s"}))).message_id.empty());
  must(await(sns.unsubscribe(subscription)));
  EXPECT_TRUE(must(await(sns.list_subscriptions_by_topic(topic))).subscriptions.empty());
  must(await(sns.delete_topic(topic)));
  auto gone = error_of(await(sns.publish({.topic_arn = topic, .message = "m"})));
  EXPECT_EQ(gone.kind, ErrorKind::not_found) << gone.code;
}

}  // namespace
}  // namespace ads::aws
