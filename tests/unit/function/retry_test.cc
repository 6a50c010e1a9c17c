#include "unit/function/fixture.h"

namespace ads::function {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Retry : public RoleTest {
 protected:
  // An SQS event of these messages: {message id, user, record id}; an empty user is a body that is none.
  struct Message {
    std::string id, user, record;
    int receives = 1;
  };
  static std::string event(const std::vector<Message>& messages) {
    json::array records;
    for (const Message& message : messages) {
      batch::RetryMessage body{message.user, 503, 0, message.record, "run-1", kToday, 0, 10};
      records.push_back(
          json::object{{"messageId", message.id},
                       {"receiptHandle", "handle-" + message.id},
                       {"body", message.user.empty() ? "not a retry message" : body.body()},
                       {"attributes", json::object{{"ApproximateReceiveCount", std::to_string(message.receives)},
                                                   {"MessageGroupId", message.user.empty() ? "lost" : message.user}}},
                       {"messageAttributes", json::object{}},
                       {"eventSource", "aws:sqs"},
                       {"eventSourceARN", "arn:aws:sqs:eu-central-1:000000000000:retry.fifo"},
                       {"awsRegion", "eu-central-1"}});
    }
    return json::serialize(json::object{{"Records", std::move(records)}});
  }

  // The ids of the messages that come back.
  std::vector<std::string> failed_of(const std::vector<Message>& messages, const std::string& request = "one") {
    set_log_level(LogLevel::error);
    auto answer = world.invoke(function::retry, settings, event(messages), request, std::chrono::seconds(60));
    if (!answer) return {"crashed"};
    if (!*answer) return {answer->error().code};
    std::vector<std::string> ids;
    auto object = *parse_json_object(**answer);
    for (auto& failure : *get_array(object, "batchItemFailures"))
      ids.emplace_back(*get_string(failure.as_object(), "itemIdentifier"));
    return ids;
  }
  std::vector<std::string> published() const {
    std::vector<std::string> out;
    for (auto& delivery : world.published) out.push_back(delivery.record_id);
    return out;
  }
};

TEST_F(Retry, PublishesEachUserByItsState) {
  world.add_user("active");
  world.add_user("gone", "Suspended");
  EXPECT_THAT(failed_of({{"m1", "active", "r1"}, {"m2", "gone", "r2"}, {"m3", "nobody", "r3"}}), IsEmpty());
  ASSERT_THAT(world.published, SizeIs(3));
  EXPECT_EQ(world.published[0].attributes.at("Status"), "200");
  EXPECT_EQ(world.published[1].attributes.at("Status"), "403");
  EXPECT_EQ(world.published[2].attributes.at("Status"), "404");
  EXPECT_EQ(world.published[0].attributes.at("RunId"), "run-1");
  EXPECT_EQ(world.count["look_up"], 1);
  EXPECT_EQ(world.count["publish"], 1);
  ASSERT_THAT(world.metrics, SizeIs(1));
  EXPECT_THAT(world.metrics[0], HasSubstr("\"RetriesPublished\":3"));
}

TEST_F(Retry, AMessageThatComesTwiceIsPublishedOnce) {
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}}), IsEmpty());
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}}, "two"), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r1"));
}

TEST_F(Retry, KeepsAUsersOrder) {
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}, {"m3", "b", "r3"}, {"m4", "a", "r4"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r1", "r3", "r2", "r4"));
}

TEST_F(Retry, AGroupStopsAtItsFirstFailureWhileOthersGoOn) {
  world.ledger["r2"] = {"somebody else", SystemTime::max(), {}};
  EXPECT_THAT(
      failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}, {"m3", "b", "r3"}, {"m4", "a", "r4"}, {"m5", "b", "r5"}}),
      ElementsAre("m2", "m4"));
  EXPECT_THAT(published(), ElementsAre("r1", "r3", "r5"));
  // They come back together, and are not held up by their old claims.
  EXPECT_EQ(world.postponed.at("handle-m2"), std::chrono::seconds(30));
  EXPECT_EQ(world.postponed.at("handle-m4"), std::chrono::seconds(30));
  world.ledger.erase("r2");
  EXPECT_THAT(failed_of({{"m2", "a", "r2"}, {"m4", "a", "r4"}}, "two"), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r1", "r3", "r5", "r2", "r4"));
}

TEST_F(Retry, BacksOffWithEachReceive) {
  for (auto [receives, seconds] : {std::pair{1, 30}, {2, 60}, {3, 120}, {4, 240}}) {
    world.fail_next("look_up", denied());
    EXPECT_THAT(failed_of({{"m1", "a", "r1", receives}}), ElementsAre("m1"));
    EXPECT_EQ(world.postponed.at("handle-m1"), std::chrono::seconds(seconds)) << receives;
  }
}

TEST_F(Retry, ABodyThatIsNoneOfOursGoesToQuarantine) {
  EXPECT_THAT(failed_of({{"m1", "", "r1"}, {"m2", "a", "r2"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r2"));
  EXPECT_THAT(world.objects.at("quarantine/messages/m1.json").content, HasSubstr("not a retry message"));
}

TEST_F(Retry, WhatCanNeverBeDeliveredGoesToQuarantineAtOnce) {
  world.entry_meets("r1", EntryFate::is_refused);
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r2"));
  EXPECT_THAT(world.objects.at("quarantine/retries/run-1/r1.jsonl").content, HasSubstr("SENDER_FAULT"));
  EXPECT_EQ(world.tallies["run-1"].quarantined, 1u);
}

TEST_F(Retry, TheLastReceiveIsCountedAsDeadAndBlocksItsGroupNoMore) {
  world.fail_next("look_up", denied());
  EXPECT_THAT(failed_of({{"m1", "a", "r1", 5}, {"m2", "a", "r2"}}), ElementsAre("m1"));
  EXPECT_THAT(published(), ElementsAre("r2"));
  EXPECT_EQ(world.tallies["run-1"].dead, 1u);
  // Redriven from the dead-letter queue it is tried again, and counted once.
  EXPECT_THAT(failed_of({{"m9", "a", "r1"}}, "two"), IsEmpty());
  EXPECT_EQ(world.tallies["run-1"].dead, 0u);
  EXPECT_EQ(world.tallies["run-1"].total(), 2u);
}

TEST_F(Retry, TakesFourCallsForTenMessagesAndCountsEachOnce) {
  std::vector<Message> messages;
  for (int i = 0; i < 10; ++i)
    messages.push_back({fmt::format("m{}", i), fmt::format("u{}", i), fmt::format("r{}", i)});
  EXPECT_THAT(failed_of(messages), IsEmpty());
  EXPECT_EQ(world.calls(), 4);
  EXPECT_EQ(world.tallies["run-1"].not_found, 10u);
}

TEST_F(Retry, WithoutUsersTheWholeBatchComesBack) {
  world.fail_next("look_up", denied());
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}}), ElementsAre("m1"));
  EXPECT_EQ(world.tallies["run-1"].total(), 0u);
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}}, "two"), IsEmpty());
}

TEST_F(Retry, AClaimHeldElsewhereIsLeftAlone) {
  world.ledger["r1"] = {"somebody else", SystemTime::max(), {}};
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}, {"m3", "b", "r3"}}), ElementsAre("m1", "m2"));
  EXPECT_THAT(published(), ElementsAre("r3"));
}

TEST_F(Retry, ThrottledEntriesAreSentAgain) {
  world.entry_meets("r1", EntryFate::is_throttled);
  world.entry_meets("r1", EntryFate::is_forgotten);
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r1"));
}

TEST_F(Retry, ACrashAtAnyCallPublishesAfterwardsWithTheSameIds) {
  std::vector<Message> messages{{"m1", "a", "r1"}, {"m2", "a", "r2"}, {"m3", "b", "r3"}};
  for (auto moment : {FakeWorld::CrashMoment::before_effect, FakeWorld::CrashMoment::after_effect})
    for (int call = 1; call <= 11; ++call) {
      SCOPED_TRACE(fmt::format("crash at call {}", call));
      world = FakeWorld();
      world.crash_at(call, moment);
      if (failed_of(messages) == std::vector<std::string>{"crashed"})
        world.advance(settings.claim + std::chrono::seconds(1));
      ASSERT_THAT(failed_of(messages, "two"), IsEmpty());
      ASSERT_THAT(by_record(world.published), SizeIs(3));
      ASSERT_LE(world.published.size(), 5u);
    }
}

}  // namespace
}  // namespace ads::function
