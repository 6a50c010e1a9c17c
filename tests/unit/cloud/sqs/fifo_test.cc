// FIFO queues: order within a group, the group's lock, deduplication in both scopes, dead letters.
#include "fixture.h"

namespace ads::cloud::sqs {
namespace {

using namespace std::chrono_literals;

TEST_F(SqsTest, AGroupComesInOrderAndIsLockedWhileAnyOfItIsInFlight) {
  const auto q = make_fifo("q.fifo");
  send_fifo(q, "g", "g1"), send_fifo(q, "h", "h1"), send_fifo(q, "g", "g2");
  const auto first = receive(q, 1);
  EXPECT_EQ(first[0].body, "g1");
  EXPECT_EQ(bodies(q), "h1");  // g is locked
  EXPECT_EQ(bodies(q), "");
  EXPECT_EQ(remove(q, first[0].handle), "");
  EXPECT_EQ(bodies(q), "g2");
}

TEST_F(SqsTest, OneReceiveTakesSeveralOfAGroupInOrder) {
  const auto q = make_fifo("q.fifo");
  for (int i = 0; i < 12; ++i) send_fifo(q, "g", std::to_string(i));
  EXPECT_EQ(bodies(q), "0 1 2 3 4 5 6 7 8 9");
  EXPECT_EQ(bodies(q), "");
}

TEST_F(SqsTest, WhatTimesOutComesBackToItsPlace) {
  const auto q = make_fifo("q.fifo", {{"VisibilityTimeout", "10"}});
  for (const char* body : {"1", "2", "3"}) send_fifo(q, "g", body);
  const auto got = receive(q, 2);
  EXPECT_EQ(remove(q, got[1].handle), "");  // the second first
  EXPECT_EQ(bodies(q), "");                 // the first still locks the group
  later(10s);
  EXPECT_EQ(remove(q, got[0].handle), "InvalidParameterValueException");  // expired
  EXPECT_EQ(bodies(q), "1 3");
}

TEST_F(SqsTest, EndedVisibilityUnlocksTheGroupInOrder) {
  const auto q = make_fifo("q.fifo");
  for (const char* body : {"1", "2", "3"}) send_fifo(q, "g", body);
  const auto got = receive(q, 2);
  EXPECT_EQ(change(q, got[1].handle, 0), "");
  EXPECT_EQ(bodies(q), "");
  EXPECT_EQ(change(q, got[0].handle, 0), "");
  EXPECT_EQ(bodies(q), "1 2 3");
}

TEST_F(SqsTest, BothVisibilitiesEndedInOneBatch) {
  const auto q = make_fifo("q.fifo");
  for (const char* body : {"1", "2", "3"}) send_fifo(q, "g", body);
  const auto got = receive(q, 2);
  json::array entries;
  for (std::size_t i = 0; i < 2; ++i) {
    entries.push_back(
        json::object{{"Id", std::to_string(i)}, {"ReceiptHandle", got[i].handle}, {"VisibilityTimeout", 0}});
  }
  call("ChangeMessageVisibilityBatch", {{"QueueUrl", q}, {"Entries", entries}});
  EXPECT_EQ(counts(q), "3 0 0");
  EXPECT_EQ(bodies(q), "1 2 3");
}

TEST_F(SqsTest, TheSameHandleTwiceInOneBatchDeletesOnce) {
  const auto q = make_fifo("q.fifo");
  for (const char* body : {"1", "2", "3"}) send_fifo(q, "g", body);
  const auto got = receive(q, 2);
  json::array entries;
  for (const char* id : {"a", "b"}) entries.push_back(json::object{{"Id", id}, {"ReceiptHandle", got[0].handle}});
  EXPECT_EQ(call("DeleteMessageBatch", {{"QueueUrl", q}, {"Entries", entries}}).at("Successful").as_array().size(), 2u);
  EXPECT_EQ(counts(q), "1 1 0");
  EXPECT_EQ(bodies(q), "");
}

struct Repeat {
  const char* name;
  json::object attributes;
  const char *first_group, *first_id, *second_group, *second_id;
  std::chrono::milliseconds apart;
  bool is_kept;
};

TEST_F(SqsTest, Deduplication) {
  const json::object per_group{{"DeduplicationScope", "messageGroup"}};
  const Repeat repeats[] = {
      {"same id", {}, "g", "x", "g", "x", 0ms, false},
      {"same id, other group, scope queue", {}, "g", "x", "h", "x", 0ms, false},
      {"same id, other group, scope group", per_group, "g", "x", "h", "x", 0ms, true},
      {"same id, same group, scope group", per_group, "g", "x", "g", "x", 0ms, false},
      {"other id", {}, "g", "x", "g", "y", 0ms, true},
      {"just within five minutes", {}, "g", "x", "g", "x", 299'999ms, false},
      {"after five minutes", {}, "g", "x", "g", "x", 300'000ms, true},
  };
  int number = 0;
  for (const Repeat& repeat : repeats) {
    const auto q = make_fifo("q" + std::to_string(number++) + ".fifo", repeat.attributes);
    const auto first = send_fifo(q, repeat.first_group, "one", repeat.first_id);
    later(repeat.apart);
    const auto second = send_fifo(q, repeat.second_group, "two", repeat.second_id);
    EXPECT_EQ(counts(q), repeat.is_kept ? "2 0 0" : "1 0 0") << repeat.name;
    EXPECT_EQ(first.at("MessageId") == second.at("MessageId"), !repeat.is_kept) << repeat.name;
    EXPECT_EQ(first.at("SequenceNumber") == second.at("SequenceNumber"), !repeat.is_kept) << repeat.name;
  }
}

TEST_F(SqsTest, ARepeatIsDroppedEvenAfterTheFirstWasDeletedAndAfterARestart) {
  const auto q = make_fifo("q.fifo");
  send_fifo(q, "g", "a", "x");
  remove(q, receive(q)[0].handle);
  reopen();
  send_fifo(q, "g", "a", "x");
  EXPECT_EQ(counts(q), "0 0 0");
}

TEST_F(SqsTest, RepeatsInOneBatchAreDropped) {
  const auto q = make_fifo("q.fifo", {{"ContentBasedDeduplication", "true"}});
  json::array entries;
  for (const char* id : {"a", "b", "c"}) {
    entries.push_back(
        json::object{{"Id", id}, {"MessageBody", id[0] == 'c' ? "other" : "same"}, {"MessageGroupId", "g"}});
  }
  const auto answer = call("SendMessageBatch", {{"QueueUrl", q}, {"Entries", entries}});
  const auto& sent = answer.at("Successful").as_array();
  EXPECT_EQ(sent[0].at("MessageId"), sent[1].at("MessageId"));
  EXPECT_EQ(bodies(q), "same other");
}

TEST_F(SqsTest, SequenceNumbersGrow) {
  const auto q = make_fifo("q.fifo");
  const auto first = send_fifo(q, "g", "a"), second = send_fifo(q, "h", "b");
  EXPECT_EQ(first.at("SequenceNumber").as_string().size(), 20u);
  EXPECT_LT(first.at("SequenceNumber").as_string(), second.at("SequenceNumber").as_string());
}

TEST_F(SqsTest, WhatFifoQueuesAskOfAMessage) {
  const auto q = make_fifo("q.fifo"), content = make_fifo("c.fifo", {{"ContentBasedDeduplication", "true"}});
  send(q, "a", {{"MessageDeduplicationId", "x"}});
  EXPECT_EQ(refused_, "MissingRequiredParameterException");
  send(q, "a", {{"MessageGroupId", "g"}});
  EXPECT_EQ(refused_, "InvalidParameterValueException");
  send(content, "a", {{"MessageGroupId", "g"}});
  EXPECT_EQ(refused_, "");
  send(content, "b", {{"MessageGroupId", "g"}, {"DelaySeconds", 3}});
  EXPECT_EQ(refused_, "InvalidParameterValueException");
  for (const std::string& bad : {std::string(129, 'a'), std::string("with space"), std::string("\xc3\xa9")}) {
    send(content, "b", {{"MessageGroupId", bad}});
    EXPECT_EQ(refused_, "InvalidParameterValueException") << bad;
    send(content, "b", {{"MessageGroupId", "g"}, {"MessageDeduplicationId", bad}});
    EXPECT_EQ(refused_, "InvalidParameterValueException") << bad;
  }
  const auto standard = make_queue("s");
  send(standard, "a", {{"MessageDeduplicationId", "x"}});
  EXPECT_EQ(refused_, "InvalidParameterValueException");
}

TEST_F(SqsTest, ADelayHoldsBackTheWholeGroupInOrder) {
  const auto q = make_fifo("q.fifo", {{"DelaySeconds", "5"}});
  send_fifo(q, "g", "1");
  call("SetQueueAttributes", {{"QueueUrl", q}, {"Attributes", json::object{{"DelaySeconds", "0"}}}});
  send_fifo(q, "g", "2");
  send_fifo(q, "h", "3");
  EXPECT_EQ(counts(q), "2 0 1");
  EXPECT_EQ(bodies(q), "3");
  later(5s);
  EXPECT_EQ(bodies(q), "1 2");
}

TEST_F(SqsTest, AFifoDeadLetterKeepsItsGroupAndUnlocksWhatFollows) {
  const auto dead = make_fifo("dead.fifo");
  const auto q = make_fifo(
      "q.fifo", {{"VisibilityTimeout", "1"},
                 {"RedrivePolicy", R"({"deadLetterTargetArn":")" + arn("dead.fifo") + R"(","maxReceiveCount":1})"}});
  send_fifo(q, "g", "bad"), send_fifo(q, "g", "good");
  EXPECT_EQ(bodies(q, 1), "bad");
  later(1s);
  EXPECT_EQ(bodies(q), "good");
  const auto got = receive(dead);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].body, "bad");
  EXPECT_EQ(got[0].group, "g");
  EXPECT_EQ(got[0].message.at("Attributes").at("MessageDeduplicationId"), got[0].message.at("MessageId"));
}

TEST_F(SqsTest, TheSameReceiveAttemptGetsTheSameMessages) {
  const auto q = make_fifo("q.fifo");
  send_fifo(q, "g", "1"), send_fifo(q, "h", "2");
  const auto first = receive(q, 10, {{"ReceiveRequestAttemptId", "try"}});
  const auto again = receive(q, 10, {{"ReceiveRequestAttemptId", "try"}});
  ASSERT_EQ(first.size(), 2u);
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(first[0].handle, again[0].handle);
  remove(q, first[0].handle);
  EXPECT_EQ(bodies(q, 10, {{"ReceiveRequestAttemptId", "try"}}), "");
}

TEST_F(SqsTest, ExpiredMessagesLeaveTheirGroup) {
  const auto q = make_fifo("q.fifo", {{"MessageRetentionPeriod", "60"}});
  send_fifo(q, "g", "old");
  later(59s);
  send_fifo(q, "g", "new");
  later(1s);
  EXPECT_EQ(bodies(q), "new");
}

TEST_F(SqsTest, ManyGroupsSurviveARestartInOrder) {
  const auto q = make_fifo("q.fifo", {{"VisibilityTimeout", "43200"}});
  constexpr int kGroups = 1500;
  for (int round = 0; round < 2; ++round) {
    for (int g = 0; g < kGroups; ++g)
      send_fifo(q, "g" + std::to_string(g), std::to_string(round) + "-" + std::to_string(g));
  }
  std::map<std::string, int> seen;
  int total = 0;
  while (total < 2 * kGroups) {
    if (total == kGroups) reopen();
    const auto got = receive(q);
    ASSERT_FALSE(got.empty()) << total;
    for (const auto& one : got) {
      ASSERT_EQ(one.body[0] - '0', seen[one.group]++) << one.group;
      ASSERT_EQ(remove(q, one.handle), "");
      ++total;
    }
  }
  EXPECT_EQ(counts(q), "0 0 0");
}

}  // namespace
}  // namespace ads::cloud::sqs
