// Standard queues: visibility, receipts, delay, retention, dead letters, move tasks, what survives a restart.
#include "fixture.h"

namespace ads::cloud::sqs {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST_F(SqsTest, MessagesComeInTheOrderSentAndAreHiddenOnceReceived) {
  const auto q = make_queue("q");
  for (const char* body : {"a", "b", "c"}) send(q, body);
  EXPECT_EQ(counts(q), "3 0 0");
  EXPECT_EQ(bodies(q, 2), "a b");
  EXPECT_EQ(counts(q), "1 2 0");
  EXPECT_EQ(bodies(q), "c");
  EXPECT_EQ(bodies(q), "");
}

TEST_F(SqsTest, TimedOutMessagesComeBackAndCountTheirReceives) {
  const auto q = make_queue("q", {{"VisibilityTimeout", "10"}});
  send(q, "a");
  EXPECT_EQ(bodies(q), "a");
  later(9999ms);
  EXPECT_EQ(bodies(q), "");
  later(1ms);
  const auto again = receive(q);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].message.at("Attributes").at("ApproximateReceiveCount").as_string(), "2");
}

TEST_F(SqsTest, OnlyTheLatestReceiptDeletes) {
  const auto q = make_queue("q", {{"VisibilityTimeout", "10"}});
  send(q, "a");
  const auto first = receive(q)[0].handle;
  later(11s);
  const auto second = receive(q)[0].handle;
  EXPECT_NE(first, second);
  EXPECT_EQ(remove(q, first), "");  // succeeds and deletes nothing
  EXPECT_EQ(counts(q), "0 1 0");
  EXPECT_EQ(remove(q, second), "");
  EXPECT_EQ(counts(q), "0 0 0");
  EXPECT_EQ(remove(q, second), "");  // twice is fine
}

TEST_F(SqsTest, ATimedOutReceiptStillDeletesUntilSomebodyElseReceives) {
  const auto q = make_queue("q", {{"VisibilityTimeout", "10"}});
  send(q, "a");
  const auto handle = receive(q)[0].handle;
  later(11s);
  EXPECT_EQ(counts(q), "1 0 0");
  EXPECT_EQ(remove(q, handle), "");
  EXPECT_EQ(counts(q), "0 0 0");
  EXPECT_EQ(bodies(q), "");
}

TEST_F(SqsTest, ReceiptHandlesOfNobodyAndOfOtherQueuesAreRefused) {
  const auto q = make_queue("q"), other = make_queue("other");
  send(q, "a");
  const auto handle = receive(q)[0].handle;
  for (const std::string& bad : {std::string("abc"), handle.substr(1) + "A", std::string(44, 'A')}) {
    EXPECT_EQ(remove(q, bad), "ReceiptHandleIsInvalid") << bad;
    EXPECT_EQ(change(q, bad, 1), "ReceiptHandleIsInvalid") << bad;
  }
  EXPECT_EQ(remove(other, handle), "ReceiptHandleIsInvalid");
  EXPECT_EQ(remove(q, ""), "MissingRequiredParameterException");
}

TEST_F(SqsTest, VisibilityCanBeChangedShortenedAndEnded) {
  const auto q = make_queue("q");
  send(q, "a");
  const auto handle = receive(q)[0].handle;
  EXPECT_EQ(change(q, handle, 60), "");
  later(59s);
  EXPECT_EQ(bodies(q), "");
  EXPECT_EQ(change(q, handle, 0), "");
  EXPECT_EQ(counts(q), "1 0 0");
  EXPECT_EQ(change(q, handle, 5), "MessageNotInflight");
  EXPECT_EQ(bodies(q), "a");
}

TEST_F(SqsTest, VisibilityNeverLastsLongerThanTwelveHours) {
  const auto q = make_queue("q");
  send(q, "a");
  const auto handle = receive(q)[0].handle;
  EXPECT_EQ(change(q, handle, 43'201), "InvalidParameterValueException");
  EXPECT_EQ(change(q, handle, 43'200), "");
  later(1s);
  EXPECT_EQ(change(q, handle, 43'200), "InvalidParameterValueException");
  EXPECT_THAT(refused_message_, HasSubstr("beyond the limit"));
}

TEST_F(SqsTest, AMessageReceivedWithNoVisibilityIsThereAtOnce) {
  const auto q = make_queue("q");
  send(q, "a");
  EXPECT_EQ(bodies(q, 10, {{"VisibilityTimeout", 0}}), "a");
  EXPECT_EQ(counts(q), "1 0 0");
  EXPECT_EQ(bodies(q), "a");
}

TEST_F(SqsTest, DelayOfTheQueueAndOfTheMessage) {
  const auto q = make_queue("q", {{"DelaySeconds", "5"}});
  send(q, "slow");
  send(q, "now", {{"DelaySeconds", 0}});
  send(q, "slower", {{"DelaySeconds", 900}});
  EXPECT_EQ(counts(q), "1 0 2");
  EXPECT_EQ(bodies(q), "now");
  later(5s);
  EXPECT_EQ(bodies(q), "slow");
  later(894s);
  EXPECT_EQ(bodies(q, 1, {{"VisibilityTimeout", 40000}}), "slow");  // timed out meanwhile, like "now"
  later(1s);
  EXPECT_THAT(bodies(q), AllOf(HasSubstr("slower"), HasSubstr("now")));
  send(q, "x", {{"DelaySeconds", 901}});
  EXPECT_EQ(refused_, "InvalidParameterValueException");
}

TEST_F(SqsTest, MessagesExpireAfterTheRetentionPeriod) {
  const auto q = make_queue("q", {{"MessageRetentionPeriod", "60"}});
  send(q, "old");
  later(59s);
  send(q, "new");
  later(1s);
  EXPECT_EQ(counts(q), "1 0 0");
  EXPECT_EQ(bodies(q), "new");
}

TEST_F(SqsTest, AMessageReceivedOftenEnoughGoesToTheDeadLetterQueue) {
  const auto dead = make_queue("dead");
  const auto q =
      make_queue("q", {{"VisibilityTimeout", "1"},
                       {"RedrivePolicy", R"({"deadLetterTargetArn":")" + arn("dead") + R"(","maxReceiveCount":"2"})"}});
  const auto id = send(q, "poison")["MessageId"].as_string();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(bodies(q), "poison");
    later(1s);
  }
  EXPECT_EQ(bodies(q), "");
  EXPECT_EQ(counts(q), "0 0 0");
  const auto got = receive(dead);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].message.at("MessageId").as_string(), id);
  EXPECT_EQ(got[0].message.at("Attributes").at("DeadLetterQueueSourceArn").as_string(), arn("q"));
  EXPECT_EQ(got[0].message.at("Attributes").at("ApproximateReceiveCount").as_string(), "3");
}

TEST_F(SqsTest, DeadLettersCanBeMovedBack) {
  const auto dead = make_queue("dead");
  const auto q =
      make_queue("q", {{"VisibilityTimeout", "0"},
                       {"RedrivePolicy", R"({"deadLetterTargetArn":")" + arn("dead") + R"(","maxReceiveCount":1})"}});
  for (int i = 0; i < 250; ++i) send(q, "m" + std::to_string(i));
  while (!bodies(q).empty()) {
  }
  EXPECT_EQ(counts(dead), "250 0 0");
  const auto handle = call("StartMessageMoveTask", {{"SourceArn", arn("dead")}})["TaskHandle"].as_string();
  while (attribute(dead, "ApproximateNumberOfMessages") != "0") io_.poll();
  EXPECT_EQ(counts(q), "250 0 0");
  io_.poll();
  const auto tasks = call("ListMessageMoveTasks", {{"SourceArn", arn("dead")}});
  EXPECT_EQ(tasks.at("Results").as_array()[0].at("Status").as_string(), "COMPLETED");
  EXPECT_EQ(tasks.at("Results").as_array()[0].at("ApproximateNumberOfMessagesMoved").as_int64(), 250);
  call("CancelMessageMoveTask", {{"TaskHandle", handle}});
  EXPECT_EQ(refused_, "UnsupportedOperation");
  call("CancelMessageMoveTask", {{"TaskHandle", "bm8="}});
  EXPECT_EQ(refused_, "ResourceNotFoundException");
  call("StartMessageMoveTask", {{"SourceArn", arn("q")}});
  EXPECT_EQ(refused_, "InvalidParameterValueException");
}

TEST_F(SqsTest, ALongPollIsWokenByAnArrivalAndByADelayThatEnds) {
  const auto q = make_queue("q");
  http::Request head;
  NoBody body;
  http::IncomingRequest request{std::move(head), body, ""};
  Call call{request, {"", "", "", nullptr, Enforcement::off}, "000000000000", "eu-central-1", "r", clock_.now()};
  auto waiting = asio::co_spawn(io_, sqs_->perform(call, "ReceiveMessage", {{"QueueUrl", q}, {"WaitTimeSeconds", 20}}),
                                asio::use_future);
  io_.restart();
  io_.poll();
  const auto before = std::chrono::steady_clock::now();
  send(q, "a");
  auto answer = await(std::move(waiting));
  EXPECT_EQ(answer->at("Messages").as_array().size(), 1u);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST_F(SqsTest, PurgeEmptiesAndIsAllowedOnceAMinute) {
  const auto q = make_queue("q");
  for (const char* body : {"a", "b"}) send(q, body);
  receive(q, 1);
  send(q, "c", {{"DelaySeconds", 5}});
  call("PurgeQueue", {{"QueueUrl", q}});
  EXPECT_EQ(counts(q), "0 0 0");
  later(20s);
  EXPECT_EQ(bodies(q), "");
  call("PurgeQueue", {{"QueueUrl", q}});
  EXPECT_EQ(refused_, "PurgeQueueInProgress");
  send(q, "after");
  EXPECT_EQ(bodies(q), "after");
}

TEST_F(SqsTest, EverythingIsThereAfterARestart) {
  const auto q = make_queue("q", {{"VisibilityTimeout", "10"}});
  for (int i = 0; i < 5; ++i) send(q, std::to_string(i));
  send(q, "delayed", {{"DelaySeconds", 20}});
  const auto got = receive(q, 2);
  remove(q, got[0].handle);
  EXPECT_EQ(counts(q), "3 1 1");
  reopen();
  EXPECT_EQ(counts(q), "3 1 1");
  EXPECT_EQ(bodies(q), "2 3 4");
  later(10s);
  EXPECT_EQ(bodies(q, 1), "1");
  EXPECT_EQ(change(q, got[1].handle, 3), "InvalidParameterValueException");  // received again meanwhile
  later(10s);
  EXPECT_THAT(bodies(q), HasSubstr("delayed"));
  send(q, "new");
  EXPECT_EQ(bodies(q), "new");
}

TEST_F(SqsTest, ManyMessagesKeepTheirOrderAcrossTheWindow) {
  const auto q = make_queue("q", {{"VisibilityTimeout", "43200"}});
  constexpr int kMany = 5000;
  for (int i = 0; i < kMany; ++i) send(q, std::to_string(i));
  int next = 0;
  while (next < kMany) {
    if (next == 2500) reopen();
    const auto got = receive(q);
    ASSERT_FALSE(got.empty()) << next;
    for (const auto& one : got) {
      ASSERT_EQ(one.body, std::to_string(next++));
      if (next % 3 == 0) send(q, "extra"), remove(q, one.handle);
    }
  }
  EXPECT_EQ(bodies(q, 1), "extra");
}

TEST_F(SqsTest, ADeletedQueueLeavesNothingToItsSuccessor) {
  auto q = make_queue("q");
  send(q, "old");
  call("DeleteQueue", {{"QueueUrl", q}});
  send(q, "x");
  EXPECT_EQ(refused_, "QueueDoesNotExist");
  q = make_queue("q");
  EXPECT_EQ(counts(q), "0 0 0");
  EXPECT_EQ(bodies(q), "");
}

}  // namespace
}  // namespace ads::cloud::sqs
