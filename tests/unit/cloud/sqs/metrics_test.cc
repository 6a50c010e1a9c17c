// What SQS tells CloudWatch each minute, and which queues it tells of.
#include "fixture.h"

namespace ads::cloud::sqs {
namespace {

class Metrics : public MetricPort {
 public:
  void record(const std::string&, std::vector<MetricDatum> data) override {
    for (auto& datum : data) values[datum.dimensions.at("QueueName") + " " + datum.name] = datum.value;
  }
  std::map<std::string, double> values;
};

class QueueMetricsTest : public SqsTest {
 protected:
  std::map<std::string, double> publish() {
    environment_->metrics = &metrics_;
    metrics_.values.clear();
    sqs_->metrics().publish(clock_.now());
    environment_->metrics = nullptr;
    return metrics_.values;
  }
  Metrics metrics_;
};

TEST_F(QueueMetricsTest, depth_age_and_what_the_minute_brought) {
  const auto url = make_queue("q");
  for (int i = 0; i < 4; ++i) send(url, std::to_string(i));
  send(url, "late", {{"DelaySeconds", 60}});
  later(std::chrono::seconds(10));
  const auto got = receive(url, 2);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(remove(url, got[0].handle), "");
  later(std::chrono::seconds(5));
  auto values = publish();
  EXPECT_EQ(values["q ApproximateNumberOfMessagesVisible"], 2);
  EXPECT_EQ(values["q ApproximateNumberOfMessagesNotVisible"], 1);
  EXPECT_EQ(values["q ApproximateNumberOfMessagesDelayed"], 1);
  EXPECT_EQ(values["q ApproximateAgeOfOldestMessage"], 15);
  EXPECT_EQ(values["q NumberOfMessagesSent"], 5);
  EXPECT_EQ(values["q NumberOfMessagesReceived"], 2);
  EXPECT_EQ(values["q NumberOfMessagesDeleted"], 1);
  values = publish();
  EXPECT_EQ(values["q NumberOfMessagesSent"], 0) << "the next minute begins at nought";
  EXPECT_EQ(values["q ApproximateNumberOfMessagesVisible"], 2);
}

TEST_F(QueueMetricsTest, the_oldest_message_moves_on_as_messages_go) {
  const auto url = make_queue("q");
  send(url, "a");
  later(std::chrono::seconds(20));
  send(url, "b");
  EXPECT_EQ(publish()["q ApproximateAgeOfOldestMessage"], 20);
  for (const auto& got : receive(url, 1)) EXPECT_EQ(remove(url, got.handle), "");
  later(std::chrono::seconds(5));
  EXPECT_EQ(publish()["q ApproximateAgeOfOldestMessage"], 5);
  for (const auto& got : receive(url, 1)) EXPECT_EQ(remove(url, got.handle), "");
  EXPECT_EQ(publish()["q ApproximateAgeOfOldestMessage"], 0);
}

TEST_F(QueueMetricsTest, an_empty_queue_is_told_of_for_six_hours_and_a_full_one_for_ever) {
  const auto empty = make_queue("empty"), full = make_queue("full");
  attribute(empty, "QueueArn");
  send(full, "a");
  later(std::chrono::hours(6));
  EXPECT_TRUE(publish().contains("empty NumberOfMessagesSent"));
  later(std::chrono::minutes(1));
  const auto values = publish();
  EXPECT_FALSE(values.contains("empty NumberOfMessagesSent"));
  EXPECT_TRUE(values.contains("full NumberOfMessagesSent"));
  attribute(empty, "QueueArn");
  EXPECT_TRUE(publish().contains("empty NumberOfMessagesSent")) << "a request wakes it";
}

TEST_F(QueueMetricsTest, a_dead_letter_queue_is_told_of_though_nobody_asks_it_anything) {
  make_queue("dead");
  const auto url =
      make_queue("q", {{"RedrivePolicy", R"({"deadLetterTargetArn":")" + arn("dead") + R"(","maxReceiveCount":"1"})"}});
  send(url, "a");
  EXPECT_EQ(receive(url, 1, {{"VisibilityTimeout", 0}}).size(), 1u);
  EXPECT_TRUE(receive(url, 1).empty());
  EXPECT_EQ(publish()["dead ApproximateNumberOfMessagesVisible"], 1);
}

TEST_F(QueueMetricsTest, a_deleted_queue_is_no_longer_told_of) {
  const auto url = make_queue("q");
  send(url, "a");
  call("DeleteQueue", {{"QueueUrl", url}});
  EXPECT_TRUE(publish().empty());
}

}  // namespace
}  // namespace ads::cloud::sqs
