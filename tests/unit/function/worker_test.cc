#include "batch/progress.h"
#include "function/resume.h"
#include "function/sweep.h"
#include "unit/function/fixture.h"

namespace ads::function {
namespace {

using batch::RunStatus;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A file of several shards.
class Worker : public RoleTest {
 protected:
  Worker() {
    settings.inline_bytes = 500;
    settings.shards.target_bytes = 4000;
    settings.chunk_lines = 50;
  }
  std::optional<Result<std::string>> work(const batch::ShardMessage& message, const std::string& request = "worker",
                                          int receives = 1) {
    return world.invoke(function::worker, settings, shard_event(message, receives), request);
  }
  void sweep() {
    auto answer = world.invoke(function::sweep, settings, "{}", "sweep");
    EXPECT_TRUE(answer && *answer) << (*answer).error().message;
  }
  void bury(const batch::ShardMessage& message) {
    auto answer = world.invoke(function::sweep, settings, shard_event(message, 6), "sweep");
    ASSERT_TRUE(answer && *answer) << (*answer).error().message;
    EXPECT_EQ(**answer, R"({"batchItemFailures":[]})");
  }
  static Task<Result<std::string>> resume_only_run(World& world, const Settings& settings, Invocation invocation) {
    Flow flow(settings, time_budget(world.time.now(), invocation.deadline));
    auto resumed = co_await resume_run(world, flow, invocation.payload);
    if (!resumed) co_return fail(resumed.error());
    co_return std::to_string(resumed->shards.size());
  }
};

TEST_F(Worker, AFileOfSeveralShardsIsAnsweredRecordByRecord) {
  std::string content = mixed_file(3000);
  dispatch_to_the_end(world.upload(kToday, content));
  EXPECT_GT(world.shard_messages.size(), 5u);
  EXPECT_THAT(world.published, IsEmpty());
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  batch::Report report = this->report();
  EXPECT_TRUE(batch::reconcile(report).ok()) << batch::reconcile(report).mismatch;
  EXPECT_EQ(report.counters.lines, 3000u);
  EXPECT_EQ(report.shards, only_run().run.shard_count);
  EXPECT_EQ(by_record(world.published).size(), world.published.size());
  EXPECT_EQ(by_record(world.published).size() + world.queued.size() + 300, 3000u);
  EXPECT_EQ(world.objects.at(kProcessed).content, content);
}

TEST_F(Worker, StrictOrderingMakesOneShard) {
  settings.rules.ordering = batch::Config::Ordering::by_file;
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  EXPECT_THAT(world.shard_messages, SizeIs(1));
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
}

TEST_F(Worker, MessagesThatComeTwiceChangeNothing) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  auto messages = world.shard_messages;
  work_to_the_end();
  std::size_t published = world.published.size();
  messages.push_back({only_run().run.id, {}});
  messages.push_back({"no such run", 3});
  for (const auto& message : messages) EXPECT_EQ(**work(message), R"({"batchItemFailures":[]})");
  EXPECT_EQ(world.published.size(), published);
  EXPECT_THAT(world.mails, SizeIs(1));
}

TEST_F(Worker, AShardHeldElsewhereComesBackAfterItsLease) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  world.crash_at(5, FakeWorld::CrashMoment::before_effect);
  EXPECT_FALSE(work(world.shard_messages[0], "first"));
  EXPECT_THAT(**work(world.shard_messages[0], "second"), HasSubstr("itemIdentifier"));
  EXPECT_GE(world.postponed.at("handle-0"), std::chrono::seconds(50));
  EXPECT_LE(world.postponed.at("handle-0"), std::chrono::seconds(60));
  world.advance(std::chrono::seconds(51));
  work_to_the_end();
  EXPECT_TRUE(batch::reconcile(report()).ok());
  EXPECT_EQ(report().resumes, 1u);
}

TEST_F(Worker, AShardThatKeepsFailingIsGivenUpAndCanBeResumed) {
  std::string content = mixed_file(3000);
  dispatch_to_the_end(world.upload(kToday, content));
  batch::ShardMessage poison = world.shard_messages[2];
  for (std::uint32_t attempt = 1; attempt <= batch::kMaxStalls; ++attempt) {
    world.fail_next("publish", denied());
    EXPECT_THAT(**work(poison, fmt::format("try-{}", attempt), int(attempt)), HasSubstr("itemIdentifier"));
    EXPECT_EQ(world.postponed.at("handle-2"), batch::retry_delay(int(attempt)));
  }
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::failed);
  batch::Report report = this->report();
  EXPECT_EQ(report.status, batch::ReportStatus::partial);
  EXPECT_THAT(report.sentence, HasSubstr("AccessDenied"));
  EXPECT_THAT(report.sentence, HasSubstr("ads resume"));
  EXPECT_THAT(report.unprocessed, SizeIs(1));
  EXPECT_EQ(world.objects.at(kToday).content, content);

  auto resumed = world.invoke(resume_only_run, settings, only_run().run.id);
  ASSERT_TRUE(resumed && *resumed) << (*resumed).error().message;
  EXPECT_EQ(**resumed, "1");
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_TRUE(batch::reconcile(this->report()).ok()) << batch::reconcile(this->report()).mismatch;
  EXPECT_EQ(this->report().counters.lines, 3000u);
  EXPECT_EQ(by_record(world.published).size() + by_record(world.queued).size() + 300, 3000u);
  EXPECT_EQ(world.objects.at(kProcessed).content, content);
  auto again = world.invoke(resume_only_run, settings, only_run().run.id);
  ASSERT_TRUE(again && !*again);
  EXPECT_EQ((*again).error().code, "NotFailed");
}

// What `ads cancel` saves.
void cancel_only_run(FakeWorld& world) {
  StoredRun& stored = world.runs.begin()->second;
  stored.run.is_partial = true;
  stored.run.sentence = "Canceled.";
  ++stored.revision;
}

TEST_F(Worker, ACanceledRunStopsAfterACheckpointAndIsResumedWithoutRepetition) {
  std::string content = mixed_file(3000);
  dispatch_to_the_end(world.upload(kToday, content));
  batch::ShardMessage first = world.shard_messages[0];
  world.shard_messages.erase(world.shard_messages.begin());
  world.take_per_call(std::chrono::seconds(1));
  world.after_next("checkpoint", [this] { cancel_only_run(world); });
  EXPECT_EQ(**work(first), R"({"batchItemFailures":[]})");
  std::size_t answered = world.published.size() + world.queued.size();
  ASSERT_GT(answered, 0u);
  EXPECT_GT(world.shards.begin()->second.offset, 0u) << "what was answered is counted";
  world.take_per_call({});
  work_to_the_end();
  EXPECT_EQ(world.published.size() + world.queued.size(), answered) << "no shard began after that";
  EXPECT_EQ(only_run().run.status, RunStatus::failed);
  batch::Report report = this->report();
  EXPECT_EQ(report.status, batch::ReportStatus::partial);
  EXPECT_THAT(report.sentence, HasSubstr("Canceled."));
  EXPECT_THAT(report.sentence, HasSubstr("ads resume"));
  EXPECT_THAT(report.unprocessed, testing::Not(IsEmpty()));
  EXPECT_EQ(world.objects.at(kToday).content, content) << "the file keeps its name";
  // An operator wanted it: no alarm, and each shard that stopped has the reason.
  EXPECT_TRUE(only_run().run.is_canceled);
  EXPECT_THAT(world.metrics.back(), HasSubstr("\"RunsFailed\":0,\"RunsCanceled\":1"));
  for (const auto& [id, shard] : world.shards)
    EXPECT_EQ(shard.trouble, shard.status == ShardStatus::dead ? "Canceled." : "") << id;

  auto resumed = world.invoke(resume_only_run, settings, only_run().run.id);
  ASSERT_TRUE(resumed && *resumed) << (*resumed).error().message;
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_TRUE(batch::reconcile(this->report()).ok()) << batch::reconcile(this->report()).mismatch;
  EXPECT_EQ(by_record(world.published).size(), world.published.size()) << "nothing was published twice";
  EXPECT_EQ(world.published.size() + world.queued.size() + 300, 3000u);
  EXPECT_FALSE(only_run().run.is_canceled);
  EXPECT_THAT(world.metrics.back(), HasSubstr("\"RunsFailed\":0,\"RunsCanceled\":0"));
}

// Before dispatch knows that its shards' messages are out: a repetition of the event leaves the end to the shards.
TEST_F(Worker, ARunCanceledWhileItIsPlannedIsNotDone) {
  for (std::size_t inline_bytes : {std::size_t{500}, std::size_t{1} << 20}) {
    SCOPED_TRACE(inline_bytes);
    world = FakeWorld();
    settings.inline_bytes = inline_bytes;
    std::string event = world.upload(kToday, mixed_file(3000));
    world.after_next("create", [this] {
      cancel_only_run(world);
      world.crash_at(0, FakeWorld::CrashMoment::before_effect);
    });
    EXPECT_FALSE(dispatch(event));
    ASSERT_EQ(only_run().run.status, RunStatus::planned);
    dispatch_to_the_end(event);
    work_to_the_end();
    EXPECT_EQ(only_run().run.status, RunStatus::failed);
    EXPECT_EQ(report().status, batch::ReportStatus::partial);
    EXPECT_THAT(report().sentence, HasSubstr("Canceled."));
    EXPECT_TRUE(world.objects.contains(kToday)) << "the file keeps its name";
    EXPECT_THAT(world.published, IsEmpty());
  }
}

// One user's records on a FIFO topic, strictly: a chunk takes minutes, and cancel does not wait for its end.
TEST_F(Worker, CancelIsSeenWithinALongChunk) {
  settings.topic_arn = "t.fifo";
  settings.rules.ordering = batch::Config::Ordering::by_file;
  settings.inline_bytes = 1 << 20;
  settings.chunk_lines = 1000;
  std::string content;
  for (int i = 0; i < 1000; ++i) content += "200,0,user\n";
  world.answer_after("publish", std::chrono::seconds(1));
  world.after_next("checkpoint", [this] { cancel_only_run(world); });
  dispatch_to_the_end(world.upload(kToday, content));
  EXPECT_EQ(report().status, batch::ReportStatus::partial);
  EXPECT_GT(world.published.size(), 0u);
  EXPECT_LT(world.published.size(), 100u);
}

TEST_F(Worker, ACancellationThatComesTooLateChangesNothing) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  batch::ShardMessage last = world.shard_messages.back();
  world.shard_messages.pop_back();
  for (const auto& message : std::vector(world.shard_messages)) ASSERT_TRUE(work(message));
  world.after_next("finish_shard", [this] { cancel_only_run(world); });
  ASSERT_TRUE(work(last));
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_EQ(only_run().run.sentence, "");
  EXPECT_TRUE(batch::reconcile(report()).ok());
}

TEST_F(Worker, AMessageGivenUpByTheQueueBuriesAShardThatNeverBegan) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  batch::ShardMessage lost = world.shard_messages[1];
  world.shard_messages.erase(world.shard_messages.begin() + 1);
  bury(lost);
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::failed);
  EXPECT_EQ(report().status, batch::ReportStatus::partial);
}

TEST_F(Worker, AMessageGivenUpByTheQueueIsSentAgainWhereTheShardHasComeForward) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  batch::ShardMessage slow = world.shard_messages[1];
  world.shard_messages.erase(world.shard_messages.begin() + 1);
  world.crash_at(30, FakeWorld::CrashMoment::before_effect);
  EXPECT_FALSE(work(slow));
  ASSERT_GT(world.shards.begin()->second.offset, world.shards.begin()->second.range.start);
  world.advance(std::chrono::minutes(1));
  bury(slow);
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
}

TEST_F(Worker, TheSweepSendsWhatWasLost) {
  std::string event = world.upload(kToday, mixed_file(3000));
  dispatch_to_the_end(event);
  world.shard_messages.clear();
  sweep();
  EXPECT_THAT(world.shard_messages, IsEmpty()) << "what is young is left alone";
  world.advance(std::chrono::minutes(5));
  world.queue_depth.waiting = 1;
  sweep();
  EXPECT_THAT(world.shard_messages, IsEmpty()) << "while messages wait, this may be one of them";
  world.queue_depth.waiting = 0;
  sweep();
  EXPECT_THAT(world.shard_messages, SizeIs(only_run().run.shard_count));
  auto finalise = [&] { return world.shard_messages.size() == 1 && world.shard_messages[0].is_finalise(); };
  while (!world.shard_messages.empty() && !finalise()) {
    (void)work(world.shard_messages[0]);
    world.shard_messages.erase(world.shard_messages.begin());
  }
  world.shard_messages.clear();  // FINALISE is lost too
  world.advance(std::chrono::minutes(5));
  sweep();
  ASSERT_TRUE(finalise());
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
}

TEST_F(Worker, ARunWhoseEndIsDeniedFailsWithTheReasonAndCanBeResumed) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  while (!world.shard_messages[0].is_finalise()) {
    (void)work(world.shard_messages[0]);
    world.shard_messages.erase(world.shard_messages.begin());
  }
  batch::ShardMessage finalise = world.shard_messages[0];
  world.shard_messages.clear();
  world.fail_next("copy", denied());
  EXPECT_THAT(**work(finalise), HasSubstr("itemIdentifier"));
  EXPECT_EQ(only_run().run.status, RunStatus::finalising);
  world.fail_next("copy", denied());
  bury(finalise);
  EXPECT_EQ(only_run().run.status, RunStatus::failed);
  EXPECT_THAT(report().sentence, HasSubstr("AccessDenied"));
  ASSERT_TRUE(*world.invoke(resume_only_run, settings, only_run().run.id));
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_TRUE(batch::reconcile(report()).ok());
}

TEST_F(Worker, SettledRetriesAreSaidOnce) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  work_to_the_end();
  std::uint64_t queued = only_run().run.counters.retry_queued;
  ASSERT_GT(queued, 10u);
  std::string id = only_run().run.id;
  sweep();
  EXPECT_FALSE(only_run().retries);
  world.tallies[id].processed = queued - 2;
  world.tallies[id].not_found = 1;
  world.queue_depth.in_flight = 1;
  world.advance(std::chrono::hours(1));
  sweep();
  EXPECT_FALSE(only_run().retries) << "one is still on its way";
  world.tallies[id].dead = 1;
  sweep();
  EXPECT_FALSE(only_run().retries) << "the dead one is still to be moved to the dead-letter queue";
  world.queue_depth = {};
  sweep();
  ASSERT_TRUE(only_run().retries);
  EXPECT_EQ(only_run().retries->total(), queued);
  ASSERT_THAT(world.mails, SizeIs(2));
  EXPECT_THAT(world.mails[1].subject, HasSubstr("RETRIES SETTLED"));
  EXPECT_EQ(report().retries, only_run().retries);
  sweep();
  EXPECT_THAT(world.mails, SizeIs(2));
}

TEST_F(Worker, ARunWithoutDeadRetriesIsSettledWhileTheQueueIsBusy) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  work_to_the_end();
  world.tallies[only_run().run.id].processed = only_run().run.counters.retry_queued;
  world.queue_depth.waiting = 1000;
  world.advance(std::chrono::hours(1));
  sweep();
  EXPECT_TRUE(only_run().retries);
}

TEST_F(Worker, RetriesThatAreNowhereAreDead) {
  dispatch_to_the_end(world.upload(kToday, mixed_file(3000)));
  work_to_the_end();
  world.advance(std::chrono::minutes(16));
  sweep();
  ASSERT_TRUE(only_run().retries);
  EXPECT_EQ(only_run().retries->dead, only_run().run.counters.retry_queued);
}

// A worker dies before or after each of its calls; the queue gives its message again.
class WorkerCrash : public Worker, public testing::WithParamInterface<FakeWorld::CrashMoment> {};
TEST_P(WorkerCrash, AtAnyCallIsSurvived) {
  settings.range_bytes = 1000;
  settings.chunk_lines = 20;
  settings.shards.target_bytes = 1200;
  for (int call = 1; call <= 160; ++call) {
    SCOPED_TRACE(fmt::format("crash at call {}", call));
    world = FakeWorld();
    std::string content = mixed_file(180);
    world.crash_at(call, GetParam());
    std::string event = world.upload(kToday, content);
    auto first = dispatch(event);
    if (!first || !*first) world.advance(std::chrono::minutes(1));
    dispatch_to_the_end(event);
    world.advance(std::chrono::minutes(5));
    sweep();
    work_to_the_end();
    for (int i = 0; i < 3 && only_run().run.status != RunStatus::done; ++i) {
      world.advance(std::chrono::minutes(20));
      sweep();
      work_to_the_end();
    }
    ASSERT_EQ(only_run().run.status, RunStatus::done);
    batch::Report report = this->report();
    ASSERT_TRUE(batch::reconcile(report).ok()) << batch::reconcile(report).mismatch;
    ASSERT_EQ(report.counters.lines, 180u);
    ASSERT_EQ(by_record(world.published).size(), report.counters.processed + report.counters.not_found);
    ASSERT_LE(world.published.size() - by_record(world.published).size(), settings.chunk_lines);
    ASSERT_EQ(world.objects.at(kProcessed).content, content);
    ASSERT_LE(world.mails.size(), 2u);
  }
}
INSTANTIATE_TEST_SUITE_P(Each, WorkerCrash,
                         testing::Values(FakeWorld::CrashMoment::before_effect, FakeWorld::CrashMoment::after_effect));

}  // namespace
}  // namespace ads::function
