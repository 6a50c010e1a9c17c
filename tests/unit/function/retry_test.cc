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
  static constexpr const char* kRun = "0123456789abcdef0123456789abcdef";
  // "r7" stands for the record at offset 7.
  static std::uint64_t offset_of(const std::string& record) { return std::stoull(record.substr(1)); }
  static std::string id_of(const std::string& record) { return batch::record_id(kRun, offset_of(record)); }
  static std::string name_of(const std::string& id) {
    for (int offset = 0; offset < 20; ++offset)
      if (batch::record_id(kRun, offset) == id) return fmt::format("r{}", offset);
    return id;
  }
  static std::string event(const std::vector<Message>& messages) {
    json::array records;
    for (const Message& message : messages) {
      batch::RetryMessage body{
          message.user, 503, 0, id_of(message.record), kRun, kToday, offset_of(message.record), 10};
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
    for (auto& delivery : world.published) out.push_back(name_of(delivery.record_id));
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
  EXPECT_EQ(world.published[0].attributes.at("RunId"), kRun);
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
  EXPECT_THAT(published(), ElementsAre("r1", "r2", "r3", "r4"));
  EXPECT_EQ(world.calls(), 4) << "claims, users, one publish call, settlements";
}

TEST_F(Retry, StrictlyAUserIsOnceInACall) {
  settings.topic_arn = "arn:aws:sns:eu-central-1:000000000000:topic.fifo";
  settings.rules.ordering = batch::Config::Ordering::by_file;
  world.entry_meets(id_of("r1"), EntryFate::fails);
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}, {"m3", "b", "r3"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r3", "r1", "r2"));
  EXPECT_EQ(world.tallies[kRun].reordered, 0u);
}

TEST_F(Retry, CountsWhatALaterRetryOvertook) {
  settings.topic_arn = "arn:aws:sns:eu-central-1:000000000000:topic.fifo";
  world.entry_meets(id_of("r1"), EntryFate::fails);
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}, {"m3", "b", "r3"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r2", "r3", "r1"));
  EXPECT_EQ(world.tallies[kRun].reordered, 1u);
  EXPECT_EQ(world.tallies[kRun].total(), 3u);
}

TEST_F(Retry, ARecordThatIsThereTwiceIsPublishedOnce) {
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}, {"m2", "a", "r1"}, {"m3", "a", "r2"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r1", "r2"));
}

TEST_F(Retry, WhatCannotBePublishedInTimeComesBack) {
  settings.topic_arn = "arn:aws:sns:eu-central-1:000000000000:topic.fifo";
  settings.rules.ordering = batch::Config::Ordering::by_file;  // one call after the other
  world.answer_after("publish", std::chrono::seconds(12));
  std::vector<Message> messages;
  for (int i = 0; i < 10; ++i) messages.push_back({fmt::format("m{}", i), "a", fmt::format("r{}", i)});
  SystemTime begin = world.time_now();
  EXPECT_THAT(failed_of(messages), ElementsAre("m3", "m4", "m5", "m6", "m7", "m8", "m9"));
  EXPECT_LE(world.time_now() - begin, std::chrono::seconds(60));
  EXPECT_THAT(published(), ElementsAre("r0", "r1", "r2"));
}

TEST_F(Retry, AGroupStopsAtItsFirstFailureWhileOthersGoOn) {
  world.ledger[id_of("r2")] = {"somebody else", SystemTime::max(), {}};
  EXPECT_THAT(
      failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}, {"m3", "b", "r3"}, {"m4", "a", "r4"}, {"m5", "b", "r5"}}),
      ElementsAre("m2", "m4"));
  EXPECT_THAT(published(), ElementsAre("r1", "r3", "r5"));
  // They come back together, and are not held up by their old claims.
  EXPECT_EQ(world.postponed.at("handle-m2"), std::chrono::seconds(30));
  EXPECT_EQ(world.postponed.at("handle-m4"), std::chrono::seconds(30));
  world.ledger.erase(id_of("r2"));
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

TEST_F(Retry, ABodyThatAdsDidNotWriteGoesToQuarantine) {
  EXPECT_THAT(failed_of({{"m1", "", "r1"}, {"m2", "a", "r2"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r2"));
  EXPECT_THAT(world.objects.at("quarantine/messages/m1.json").content, HasSubstr("not a retry message"));
}

TEST_F(Retry, WhatCanNeverBeDeliveredGoesToQuarantineAtOnce) {
  world.entry_meets(id_of("r1"), EntryFate::is_refused);
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}}), IsEmpty());
  EXPECT_THAT(published(), ElementsAre("r2"));
  EXPECT_THAT(world.objects.at(fmt::format("quarantine/retries/{}/{}.jsonl", kRun, id_of("r1"))).content,
              HasSubstr("SENDER_FAULT"));
  EXPECT_EQ(world.tallies[kRun].quarantined, 1u);
}

TEST_F(Retry, TheLastReceiveIsCountedAsDeadAndBlocksItsGroupNoMore) {
  world.fail_next("look_up", denied());
  EXPECT_THAT(failed_of({{"m1", "a", "r1", 5}, {"m2", "a", "r2"}}), ElementsAre("m1"));
  EXPECT_THAT(published(), ElementsAre("r2"));
  EXPECT_EQ(world.tallies[kRun].dead, 1u);
  // Redriven from the dead-letter queue it is tried again, and counted once.
  EXPECT_THAT(failed_of({{"m9", "a", "r1"}}, "two"), IsEmpty());
  EXPECT_EQ(world.tallies[kRun].dead, 0u);
  EXPECT_EQ(world.tallies[kRun].total(), 2u);
}

TEST_F(Retry, TheLastReceiveShowsAtOnceSoThatTheQueueMovesIt) {
  world.fail_next("look_up", denied());
  EXPECT_THAT(failed_of({{"m1", "a", "r1", 5}, {"m2", "b", "r2", 4}}), ElementsAre("m1", "m2"));
  EXPECT_EQ(world.postponed.at("handle-m1"), std::chrono::seconds(0));
  EXPECT_EQ(world.postponed.at("handle-m2"), std::chrono::seconds(240));
}

TEST_F(Retry, TheOthersOfItsUserAreNotHeldUpByADeadMessage) {
  world.entry_meets(id_of("r2"), EntryFate::is_throttled);
  world.fail_next("look_up", denied());
  world.ledger[id_of("r2")] = {"somebody else", SystemTime::max(), {}};
  EXPECT_THAT(failed_of({{"m1", "a", "r1", 5}, {"m2", "a", "r2", 2}, {"m3", "a", "r3", 1}}),
              ElementsAre("m1", "m2", "m3"));
  EXPECT_EQ(world.postponed.at("handle-m1"), std::chrono::seconds(0));
  EXPECT_EQ(world.postponed.at("handle-m2"), std::chrono::seconds(60));
  EXPECT_EQ(world.postponed.at("handle-m3"), std::chrono::seconds(60));
}

TEST_F(Retry, ARecordAtItsLastReceiveBehindAFailedOneIsDeadToo) {
  world.ledger[id_of("r1")] = {"somebody else", SystemTime::max(), {}};
  EXPECT_THAT(failed_of({{"m1", "a", "r1", 2}, {"m2", "a", "r2", 5}, {"m3", "b", "r3"}}), ElementsAre("m1", "m2"));
  EXPECT_THAT(published(), ElementsAre("r3"));
  EXPECT_EQ(world.tallies[kRun].dead, 1u);
  EXPECT_EQ(world.postponed.at("handle-m2"), std::chrono::seconds(0));
}

TEST_F(Retry, AMessageThatIsRefusedDoesNotTakeTheOthersWithIt) {
  world.poisoned_records = {id_of("r3")};
  std::vector<Message> messages;
  for (int i = 0; i < 10; ++i)
    messages.push_back({fmt::format("m{}", i), fmt::format("u{}", i), fmt::format("r{}", i)});
  EXPECT_THAT(failed_of(messages), ElementsAre("m3"));
  EXPECT_THAT(published(), SizeIs(9));
  EXPECT_EQ(world.tallies[kRun].not_found, 9u);
}

TEST_F(Retry, AForgedRunDoesNotTouchThatRunsTally) {
  json::object forged = *parse_json_object(
      batch::RetryMessage{"u", 503, 0, id_of("r1"), "fedcba9876543210fedcba9876543210", kToday, 1, 10}.body());
  json::object overlong =
      *parse_json_object(batch::RetryMessage{"u", 503, 0, std::string(3000, 'R'), kRun, kToday, 1, 10}.body());
  for (const json::object& body : {forged, overlong}) {
    auto payload = *parse_json_object(event({{"m1", "u", "r1"}, {"m2", "v", "r2"}}));
    payload["Records"].as_array()[0].as_object()["body"] = json::serialize(body);
    world = FakeWorld();
    auto answer = world.invoke(function::retry, settings, json::serialize(payload), "one", std::chrono::seconds(60));
    ASSERT_TRUE(answer && *answer);
    EXPECT_EQ(**answer, R"({"batchItemFailures":[]})");
    EXPECT_THAT(published(), ElementsAre("r2"));
    EXPECT_THAT(world.tallies, SizeIs(1));
    EXPECT_TRUE(world.objects.contains("quarantine/messages/m1.json"));
  }
}

TEST_F(Retry, SaysWhyByTheErrorsKind) {
  world.fail_next("look_up", denied());
  failed_of({{"m1", "a", "r1", 5}, {"m2", "b", "r2"}});
  ASSERT_THAT(world.retry_failures, SizeIs(2));
  EXPECT_EQ(world.retry_failures[0].run_id, kRun);
  EXPECT_EQ(world.retry_failures[0].error.kind, ErrorKind::denied);
}

TEST_F(Retry, TakesFourCallsForTenMessagesAndCountsEachOnce) {
  std::vector<Message> messages;
  for (int i = 0; i < 10; ++i)
    messages.push_back({fmt::format("m{}", i), fmt::format("u{}", i), fmt::format("r{}", i)});
  EXPECT_THAT(failed_of(messages), IsEmpty());
  EXPECT_EQ(world.calls(), 4);
  EXPECT_EQ(world.tallies[kRun].not_found, 10u);
}

TEST_F(Retry, WithoutUsersTheWholeBatchComesBack) {
  world.fail_next("look_up", denied());
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}}), ElementsAre("m1"));
  EXPECT_EQ(world.tallies[kRun].total(), 0u);
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}}, "two"), IsEmpty());
}

TEST_F(Retry, AClaimHeldElsewhereIsLeftAlone) {
  world.ledger[id_of("r1")] = {"somebody else", SystemTime::max(), {}};
  EXPECT_THAT(failed_of({{"m1", "a", "r1"}, {"m2", "a", "r2"}, {"m3", "b", "r3"}}), ElementsAre("m1", "m2"));
  EXPECT_THAT(published(), ElementsAre("r3"));
}

TEST_F(Retry, ThrottledEntriesAreSentAgain) {
  world.entry_meets(id_of("r1"), EntryFate::is_throttled);
  world.entry_meets(id_of("r1"), EntryFate::is_forgotten);
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
      ASSERT_LE(world.published.size(), 6u);
    }
}

}  // namespace
}  // namespace ads::function
