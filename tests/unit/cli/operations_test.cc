#include <gmock/gmock.h>

#include "batch/retry_message.h"
#include "batch/shard_message.h"
#include "cli/dead_letters.h"
#include "cli/resumable.h"
#include "cli/retry_standing.h"

namespace ads::cli {
namespace {

using testing::HasSubstr;

function::StoredRun run_that_is(batch::RunStatus status) {
  function::StoredRun stored;
  stored.run.id = "0123";
  stored.run.status = status;
  return stored;
}

TEST(Resumable, OnlyAFailedRun) {
  using enum batch::RunStatus;
  EXPECT_EQ(objection_to_resuming(run_that_is(failed)), "");
  struct Case {
    batch::RunStatus status;
    const char* says;
  };
  for (const Case& c :
       {Case{done, "nothing is left to do"}, Case{refused, "Drop the file again"}, Case{planned, "still at work"},
        Case{running, "still at work"}, Case{finalising, "still at work"}, Case{copied, "still at work"},
        Case{reported, "still at work"}})
    EXPECT_THAT(objection_to_resuming(run_that_is(c.status)), HasSubstr(c.says)) << to_string(c.status);
}

TEST(Cancelable, OnlyARunWithLinesLeftToAnswer) {
  using enum batch::RunStatus;
  auto with_shards = [](batch::RunStatus status, std::uint32_t done, std::uint32_t dead = 0) {
    auto stored = run_that_is(status);
    stored.run.shard_count = 3;
    stored.run.shards_done = done;
    stored.run.shards_dead = dead;
    return stored;
  };
  EXPECT_EQ(objection_to_canceling(with_shards(planned, 0)), "");
  EXPECT_EQ(objection_to_canceling(with_shards(running, 2)), "");
  auto canceled = with_shards(running, 1);
  canceled.run.sentence = "Canceled.";
  canceled.run.is_partial = true;
  EXPECT_EQ(objection_to_canceling(canceled), "") << "twice is once";
  canceled.run.is_partial = false;
  EXPECT_THAT(objection_to_canceling(canceled), HasSubstr("is ending already: Canceled."));
  EXPECT_THAT(objection_to_canceling(with_shards(running, 3)), HasSubstr("every line of run 0123 has been answered"));
  for (auto status : {finalising, copied, reported})
    EXPECT_THAT(objection_to_canceling(with_shards(status, 2, 1)), HasSubstr("its report comes in a moment"));
  EXPECT_THAT(objection_to_canceling(with_shards(done, 3)), HasSubstr("is DONE, nothing of it is at work"));
  auto partial = with_shards(failed, 2, 1);
  partial.run.is_partial = true;
  EXPECT_THAT(objection_to_canceling(partial), HasSubstr("is PARTIAL, nothing of it is at work"));
}

TEST(RetryStanding, WhatHasNoEndIsOutstandingUntilTheSweepSaysThatItIsDead) {
  auto stored = run_that_is(batch::RunStatus::done);
  stored.run.counters.retry_queued = 10;
  batch::RetryTally tally{.processed = 5, .not_active = 1, .not_found = 1, .quarantined = 0, .dead = 1};
  RetryStanding open = standing_of(stored, tally);
  EXPECT_EQ(open.outstanding(), 2u);
  EXPECT_EQ(open.dead(), 1u);
  stored.retries = batch::RetryTally{.processed = 5, .not_active = 1, .not_found = 1, .quarantined = 0, .dead = 3};
  RetryStanding settled = standing_of(stored, tally);
  EXPECT_EQ(settled.outstanding(), 0u);
  EXPECT_EQ(settled.dead(), 3u);
  // A redrive brought all three back, and they were processed.
  RetryStanding redriven = standing_of(stored, {.processed = 8, .not_active = 1, .not_found = 1});
  EXPECT_EQ(redriven.dead(), 0u);
  EXPECT_EQ(redriven.outstanding(), 0u);
}

aws::sqs::Message message(std::string body) {
  aws::sqs::Message out;
  out.message_id = "m-1";
  out.body = std::move(body);
  out.attributes = {{"ApproximateReceiveCount", "3"}, {"SentTimestamp", "1700000000000"}};
  return out;
}

TEST(DeadLetters, OfTheRetryQueue) {
  const std::string run_id(32, 'a'), record_id = batch::record_id(run_id, 10);
  batch::RetryMessage retry{"user-1", 503, 0, record_id, run_id, "DES_x", 10, 20};
  DeadMessage dead = read_dead_message(DeadQueue::retry, message(retry.body()));
  EXPECT_EQ(dead.user, "user-1");
  EXPECT_EQ(dead.record_id, record_id);
  EXPECT_EQ(dead.run_id, run_id);
  EXPECT_EQ(dead.receives, 3);
  EXPECT_EQ(dead.problem, "");
  SystemTime now = dead.sent + std::chrono::hours(3);
  EXPECT_EQ(dead_message_json(dead, now).at("ageSeconds").to_number<int>(), 3 * 3600);
  EXPECT_THAT(dead_message_line(DeadQueue::retry, dead, now), HasSubstr("3 h old"));
  retry.record_id = "of another record";
  EXPECT_THAT(read_dead_message(DeadQueue::retry, message(retry.body())).problem, HasSubstr("recordId"));
}

TEST(DeadLetters, OfTheShardsQueue) {
  DeadMessage dead = read_dead_message(DeadQueue::shards, message(batch::ShardMessage{"run-1", 7}.body()));
  EXPECT_EQ(dead.run_id, "run-1");
  EXPECT_EQ(dead.shard, 7u);
  EXPECT_THAT(dead_message_line(DeadQueue::shards, dead, dead.sent), HasSubstr("shard 7 of run run-1"));
}

constexpr const char* kFailedEvent =
    R"({"version":"1.0","requestContext":{"requestId":"r","functionArn":"f","condition":"RetriesExhausted"},)"
    R"("requestPayload":{"Records":[{"eventName":"ObjectCreated:Put","eventTime":"2026-11-22T10:00:00.000Z",)"
    R"("awsRegion":"eu-central-1","eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":"DES+x","size":5,)"
    R"("eTag":"e","versionId":"v","sequencer":"1"}}}]},"responsePayload":{"errorMessage":"denied"}})";

TEST(DeadLetters, OfFailedEvents) {
  DeadMessage dead = read_dead_message(DeadQueue::events, message(kFailedEvent));
  EXPECT_EQ(dead.batch, "DES x");
  EXPECT_EQ(dead.error, "denied");
  EXPECT_EQ(dead.problem, "");
  auto payload = payload_of_failed_event(kFailedEvent);
  ASSERT_TRUE(payload) << payload.error().message;
  EXPECT_THAT(*payload, testing::StartsWith(R"({"Records":[{)"));
  for (const char* wrong : {"", "[]", "{}", R"({"requestPayload":{"a":1}})", R"({"requestPayload":"text"})"})
    EXPECT_FALSE(payload_of_failed_event(wrong)) << wrong;
}

TEST(DeadLetters, WhatIsNotOfADSIsShownAndNotBelieved) {
  for (DeadQueue queue : {DeadQueue::retry, DeadQueue::shards, DeadQueue::events}) {
    DeadMessage dead = read_dead_message(queue, message("hello\x1b[31m"));
    EXPECT_NE(dead.problem, "") << name_of(queue);
    EXPECT_THAT(dead_message_line(queue, dead, dead.sent), testing::Not(HasSubstr("\x1b"))) << name_of(queue);
  }
}

TEST(DeadLetters, Ages) {
  using std::chrono::seconds;
  EXPECT_EQ(age_text(seconds(-1)), "0 s");
  EXPECT_EQ(age_text(seconds(119)), "119 s");
  EXPECT_EQ(age_text(seconds(600)), "10 min");
  EXPECT_EQ(age_text(seconds(3 * 86400)), "3 d");
}

}  // namespace
}  // namespace ads::cli
