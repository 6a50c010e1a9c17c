#include "batch/batch_name.h"
#include "batch/quarantine.h"
#include "unit/function/fixture.h"

namespace ads::function {
namespace {

using batch::RunStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class Dispatch : public RoleTest {
 protected:
  static constexpr std::chrono::seconds kTimeout{120};
  SystemTime only_time() { return world.time_now(); }
  bool is_done() const { return !world.runs.empty() && world.runs.begin()->second.run.status == RunStatus::done; }
  bool first(const std::string& event) {
    auto answer = world.invoke(function::dispatch, settings, event, "request", kTimeout);
    return answer && *answer;
  }
  // What the shards queue has next.
  bool next() {
    if (world.shard_messages.empty()) return false;
    auto answer =
        world.invoke(function::worker, settings, shard_event(world.shard_messages.front()), "request", kTimeout);
    return answer && *answer;
  }
};

TEST_F(Dispatch, ProcessesAFileToItsReport) {
  std::string content = mixed_file(2500);
  auto answer = dispatch(world.upload(kToday, content));
  ASSERT_TRUE(answer && *answer) << (*answer).error().message;
  EXPECT_THAT(**answer, HasSubstr("\"status\":\"DONE\""));

  EXPECT_FALSE(world.objects.contains(kToday));
  EXPECT_EQ(world.objects.at(kProcessed).content, content);
  batch::Report report = this->report();
  EXPECT_TRUE(batch::reconcile(report).ok()) << batch::reconcile(report).mismatch;
  EXPECT_EQ(report.counters.lines, 2500u);
  EXPECT_EQ(report.counters.quarantined(), 250u);
  EXPECT_EQ(report.counters.processed, by_record(world.published).size() - report.counters.not_found);
  EXPECT_EQ(report.counters.retry_queued, world.queued.size());
  EXPECT_EQ(report.bytes_read, content.size());
  EXPECT_EQ(report.processed_key, kProcessed);
  EXPECT_THAT(report.bad_lines, SizeIs(10));
  EXPECT_THAT(world.mails, SizeIs(1));
  EXPECT_THAT(world.metrics, SizeIs(1));
  EXPECT_THAT(world.metrics[0], HasSubstr("\"Records\":2500"));
  EXPECT_EQ(by_record(world.published).size() + world.queued.size() + 250, 2500u);
}

TEST_F(Dispatch, QuarantinesEveryBadLineInTheOrderOfTheFile) {
  std::string content = mixed_file(5000);
  dispatch_to_the_end(world.upload(kToday, content));
  std::string_view lines = world.objects.at(report().quarantine_key).content;
  std::uint64_t last = 0;
  int count = 0;
  for (std::size_t end; (end = lines.find('\n')) != lines.npos; lines.remove_prefix(end + 1), ++count) {
    auto bad = batch::parse_quarantine_line(lines.substr(0, end));
    ASSERT_TRUE(bad);
    EXPECT_TRUE(count == 0 || bad->offset > last);
    EXPECT_EQ(content.substr(bad->offset, bad->text.size()), bad->text);
    last = bad->offset;
  }
  EXPECT_EQ(count, 500);
  for (auto& [key, object] : world.objects)
    EXPECT_THAT(key, testing::Not(HasSubstr("quarantine/" + only_run().run.id + "/")));
}

TEST_F(Dispatch, LooksUpUsersBy100AndEachOnce) {
  mixed_file(3000);
  std::string content;
  for (int i = 0; i < 1000; ++i) content += fmt::format("200,0,user-{}\n", i % 250);
  dispatch_to_the_end(world.upload(kToday, content));
  EXPECT_EQ(world.count["look_up"], 3);
  EXPECT_EQ(world.most_lookup_keys, 100u);
}

TEST_F(Dispatch, FillsPublishCallsWhereUsersAreDistinct) {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += fmt::format("200,0,user-{}\n", i);
  dispatch_to_the_end(world.upload(kToday, content));
  EXPECT_EQ(world.count["publish"], 100);
}

TEST_F(Dispatch, AStandardTopicsCallsAreFullWhateverTheirUsers) {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += "200,0,one-user\n";
  world.answer_after("publish", std::chrono::milliseconds(25));
  SystemTime begin = only_time();
  dispatch_to_the_end(world.upload(kToday, content));
  EXPECT_EQ(world.count["publish"], 100);
  EXPECT_LT(only_time() - begin, std::chrono::milliseconds(300)) << "seven rounds, none waits for another";
}

TEST_F(Dispatch, CountsRecordsThatAFailureLetsALaterOneOvertake) {
  settings.topic_arn = "arn:aws:sns:eu-central-1:000000000000:topic.fifo";
  // Each line is 10 bytes. 503: the retry queue, which is always FIFO.
  std::string event = world.upload(kToday, "200,0,one\n200,0,one\n200,0,two\n200,0,one\n503,0,one\n503,0,one\n");
  std::string run = batch::run_id((*batch::parse_object_events(*parse_json_object(event)))[0].object);
  world.entry_meets(batch::record_id(run, 0), EntryFate::fails);
  world.entry_meets(batch::record_id(run, 0), EntryFate::is_throttled);
  world.entry_meets(batch::record_id(run, 30), EntryFate::fails);  // the last of its user: nothing overtakes it
  world.entry_meets(batch::record_id(run, 40), EntryFate::is_forgotten);
  dispatch_to_the_end(event);
  EXPECT_EQ(report().counters.reordered, 2u);
  EXPECT_THAT(world.objects.at("reports/" + run + ".txt").content, HasSubstr("Reordered"));
  EXPECT_EQ(world.published.back().record_id, batch::record_id(run, 0));
}

TEST_F(Dispatch, ARefusedRecordWasNotOvertaken) {
  settings.topic_arn = "arn:aws:sns:eu-central-1:000000000000:topic.fifo";
  std::string event = world.upload(kToday, "200,0,one\n200,0,one\n");
  std::string run = batch::run_id((*batch::parse_object_events(*parse_json_object(event)))[0].object);
  world.entry_meets(batch::record_id(run, 0), EntryFate::fails);
  world.entry_meets(batch::record_id(run, 0), EntryFate::is_refused);
  dispatch_to_the_end(event);
  EXPECT_EQ(report().counters.reordered, 0u);
  EXPECT_EQ(report().counters.quarantined(), 1u);
}

// Sorted by user, and services that take seconds for a call: every invocation gets somewhere, none meets its deadline.
TEST_F(Dispatch, NoOrderOfUsersAndNoLatencyReachesTheDeadline) {
  set_log_level(LogLevel::error);
  for (const char* topic : {"t", "t.fifo"})
    for (auto ordering : {batch::Config::Ordering::by_shard, batch::Config::Ordering::by_file})
      for (int seconds : {1, 6, 12})
        for (int per_user : {1, 2, 10, 1000}) {
          SCOPED_TRACE(fmt::format("{} {} s, {} a user, {}", topic, seconds, per_user, int(ordering)));
          FakeWorld fresh;
          std::swap(world, fresh);
          settings.topic_arn = topic;
          settings.rules.ordering = ordering;
          std::string content;
          for (int i = 0; i < 1000; ++i) content += fmt::format("{},0,user-{}\n", i % 5 ? 200 : 503, i / per_user);
          for (const char* call : {"publish", "send", "checkpoint", "look_up"})
            world.answer_after(call, std::chrono::seconds(seconds));
          std::string event = world.upload(kToday, content);
          std::uint64_t offset = 0;
          int invocations = 0;
          for (auto invoke = [&] { return invocations++ == 0 ? first(event) : next(); }; !is_done();) {
            SystemTime deadline = only_time() + std::chrono::seconds(120);
            ASSERT_TRUE(invoke()) << "invocation " << invocations;
            ASSERT_LE(only_time(), deadline) << "invocation " << invocations;
            if (is_done()) break;
            std::uint64_t reached = world.shards.begin()->second.offset;
            ASSERT_TRUE(reached > offset || reached == content.size()) << "no progress";
            offset = reached;
            if (reached == content.size()) work_to_the_end(kTimeout);  // what is left is the run's end
            ASSERT_LT(invocations, 1000);
          }
          EXPECT_EQ(report().counters.lines, 1000u);
          EXPECT_EQ(by_record(world.published).size() + by_record(world.queued).size(), 1000u);
          if (std::string_view(topic) == "t") {
            EXPECT_EQ(world.published.size(), by_record(world.published).size()) << "a standard topic heard twice";
          }
        }
}

TEST_F(Dispatch, KeepsEachUsersOrderThroughPartialFailures) {
  settings.topic_arn = "arn:aws:sns:eu-central-1:000000000000:topic.fifo";
  settings.rules.ordering = batch::Config::Ordering::by_file;
  std::string content;
  for (int i = 0; i < 600; ++i) content += fmt::format("{},2,user-{}\n", 500 + i % 100, i % 7);
  std::string event = world.upload(kToday, content);
  auto events = *batch::parse_object_events(*parse_json_object(event));
  std::string run = batch::run_id(events[0].object);
  for (std::uint64_t line = 0; line < 600; line += 5)
    world.entry_meets(batch::record_id(run, line * 13), line % 2 ? EntryFate::is_throttled : EntryFate::is_forgotten);
  dispatch_to_the_end(event);
  ASSERT_THAT(world.published, SizeIs(600));
  std::map<std::string, std::vector<std::string>> order, expected;
  for (const auto& delivery : world.published) order[delivery.user].push_back(delivery.record_id);
  for (std::uint64_t line = 0; line < 600; ++line)
    expected[fmt::format("user-{}", line % 7)].push_back(batch::record_id(run, line * 13));
  EXPECT_EQ(order, expected);
  EXPECT_GT(report().counters.partial_failures, 0u);
  EXPECT_GT(report().counters.throttles, 0u);
}

TEST_F(Dispatch, AsksForUnprocessedKeysAgain) {
  std::string content = mixed_file(1000);
  world.leave_unprocessed(7);
  dispatch_to_the_end(world.upload(kToday, content));
  EXPECT_TRUE(batch::reconcile(report()).ok());
  EXPECT_GT(report().counters.processed, 0u);
  EXPECT_EQ(report().counters.processed + report().counters.not_found, by_record(world.published).size());
  EXPECT_EQ(report().counters.not_found, 300u);
}

TEST_F(Dispatch, PutsRefusedRecordsInQuarantine) {
  world.add_user("good");
  world.refuse_user("bad");
  dispatch_to_the_end(world.upload(kToday, "200,0,good\n200,0,bad\n503,0,bad\n503,0,good\n"));
  batch::Report report = this->report();
  EXPECT_TRUE(batch::reconcile(report).ok());
  EXPECT_EQ(report.counters.quarantined(), 2u);
  ASSERT_THAT(report.bad_lines, SizeIs(2));
  EXPECT_EQ(report.bad_lines[0].reason, batch::Reason::sender_fault);
  EXPECT_EQ(report.bad_lines[0].text, "200,0,bad");
  EXPECT_EQ(report.bad_lines[1].text, "503,0,bad");
}

TEST_F(Dispatch, AnEmptyFileIsARunToo) {
  dispatch_to_the_end(world.upload(kToday, ""));
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_TRUE(batch::reconcile(report()).ok());
  EXPECT_TRUE(world.objects.contains(kProcessed));
}

TEST_F(Dispatch, SecondAndThirdFileOfADayGetNumbers) {
  for (std::string content : {"200,0,a\n", "200,0,b\n", "200,0,c\n"})
    dispatch_to_the_end(world.upload(kToday, content));
  EXPECT_EQ(world.objects.at(kProcessed).content, "200,0,a\n");
  EXPECT_EQ(world.objects.at("DES_Manually_Processed_22-11-2026_2.csv").content, "200,0,b\n");
  EXPECT_EQ(world.objects.at("DES_Manually_Processed_22-11-2026_3.csv").content, "200,0,c\n");
}

TEST_F(Dispatch, RefusesAFileOfAnotherDayOnceAndLeavesIt) {
  std::string event = world.upload("DES_Manually_Process_21-11-2026", "200,0,a\n");
  dispatch_to_the_end(event);
  dispatch_to_the_end(event);
  EXPECT_TRUE(world.objects.contains("DES_Manually_Process_21-11-2026"));
  EXPECT_EQ(only_run().run.status, RunStatus::refused);
  EXPECT_THAT(world.published, SizeIs(0));
  EXPECT_THAT(world.mails, SizeIs(1));
  ASSERT_THAT(world.metrics, SizeIs(1));
  EXPECT_THAT(world.metrics[0], HasSubstr("\"Refused\":1"));
  EXPECT_EQ(report().status, batch::ReportStatus::refused);
}

TEST_F(Dispatch, TheDayOfTheUploadCounts) {
  std::string event = world.upload(kToday, "200,0,a\n");
  world.advance(std::chrono::hours(13));
  dispatch_to_the_end(event);
  EXPECT_EQ(only_run().run.status, RunStatus::done);
}

TEST_F(Dispatch, ALateRepetitionOfTheEventDoesNothing) {
  std::string event = world.upload(kToday, "200,0,a\n");
  dispatch_to_the_end(event);
  int calls = world.calls();
  dispatch_to_the_end(event);
  EXPECT_EQ(world.calls(), calls + 1);
}

TEST_F(Dispatch, ARunInProgressElsewhereIsLeftAlone) {
  std::string event = world.upload(kToday, mixed_file(3000));
  world.crash_at(60, FakeWorld::CrashMoment::before_effect);
  EXPECT_FALSE(dispatch(event, "first"));
  auto second = dispatch(event, "second");
  ASSERT_TRUE(second && *second);
  EXPECT_THAT(**second, HasSubstr("IN_PROGRESS"));
  EXPECT_EQ(only_run().run.status, RunStatus::running);
  world.advance(std::chrono::seconds(51));  // the lease has ended
  second = dispatch(event, "second");
  ASSERT_TRUE(second && *second);
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_EQ(only_run().run.resumes, 1u);
}

TEST_F(Dispatch, StopsBeforeTheDeadlineAndAWorkerGoesOn) {
  settings.chunk_lines = 100;
  std::string content = mixed_file(2000);
  std::string event = world.upload(kToday, content);
  world.take_per_call(std::chrono::milliseconds(700));
  auto first = world.invoke(function::dispatch, settings, event, "one", std::chrono::seconds(120));
  ASSERT_TRUE(first && *first);
  EXPECT_EQ(world.shards.begin()->second.lease_until, SystemTime{});
  std::size_t published = world.published.size();
  EXPECT_GT(world.shards.begin()->second.offset, 0u);
  ASSERT_THAT(world.shard_messages, SizeIs(1));
  work_to_the_end(std::chrono::seconds(120));
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_GT(world.published.size(), published);
  EXPECT_EQ(by_record(world.published).size(), world.published.size());
  EXPECT_TRUE(batch::reconcile(report()).ok());
}

TEST_F(Dispatch, MaxBadPercentStopsAndKeepsTheFile) {
  settings.rules.max_bad_percent = 20;
  std::string content;
  for (int i = 0; i < 1000; ++i) content += "200,0,user\n";
  for (int i = 0; i < 5000; ++i) content += "this is no batch file\n";
  dispatch_to_the_end(world.upload(kToday, content));
  EXPECT_TRUE(world.objects.contains(kToday));
  EXPECT_FALSE(world.objects.contains(kProcessed));
  EXPECT_EQ(only_run().run.status, RunStatus::failed);
  EXPECT_EQ(report().status, batch::ReportStatus::failed);
  EXPECT_THAT(report().sentence, HasSubstr("MaxBadPercent"));
  EXPECT_LT(report().counters.lines, 6000u);
  EXPECT_THAT(report().unprocessed, SizeIs(1)) << "what follows was not processed, and the report says so";
  EXPECT_THAT(world.mails, SizeIs(1));
}

TEST_F(Dispatch, AFileReplacedWhileItIsReadFails) {
  std::string event = world.upload(kToday, mixed_file(3000));
  world.crash_at(60, FakeWorld::CrashMoment::before_effect);
  EXPECT_FALSE(dispatch(event));
  world.upload(kToday, "200,0,a\n");
  dispatch_to_the_end(event);
  EXPECT_EQ(only_run().run.status, RunStatus::failed);
  EXPECT_THAT(report().sentence, HasSubstr("replaced"));
  EXPECT_EQ(world.objects.at(kToday).content, "200,0,a\n");
}

TEST_F(Dispatch, AMailThatFailsFailsNothingElse) {
  world.fail_next("mail", {ErrorKind::denied, "MessageRejected", "Email address is not verified."});
  dispatch_to_the_end(world.upload(kToday, "200,0,a\n"));
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_THAT(only_run().mail_error, HasSubstr("MessageRejected"));
  EXPECT_THAT(world.told_operators, SizeIs(1));
  EXPECT_TRUE(world.objects.contains("reports/" + only_run().run.id + ".html"));
}

TEST_F(Dispatch, AGrantThatIsMissingIsAnErrorAndLosesNothing) {
  std::string event = world.upload(kToday, mixed_file(1500));
  world.fail_next("publish", denied());
  auto answer = dispatch(event);
  ASSERT_TRUE(answer && !*answer);
  EXPECT_EQ(answer->error().code, "AccessDenied");
  dispatch_to_the_end(event);
  EXPECT_TRUE(batch::reconcile(report()).ok());
}

TEST_F(Dispatch, AUsersTableThatIsMissingIsNoFaultOfTheFile) {
  std::string event = world.upload(kToday, mixed_file(1500));
  world.fail_next("look_up", {ErrorKind::not_found, "ResourceNotFoundException", "Requested resource not found"});
  auto answer = dispatch(event);
  ASSERT_TRUE(answer && !*answer);
  EXPECT_EQ(answer->error().code, "ResourceNotFoundException");
  EXPECT_EQ(only_run().run.status, RunStatus::running);
  dispatch_to_the_end(event);
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_TRUE(batch::reconcile(report()).ok());
}

// Every call fails once for a moment, one test per operation.
class TransientFailure : public RoleTest, public testing::WithParamInterface<const char*> {};
TEST_P(TransientFailure, IsRepeatedWithinTheInvocation) {
  std::string event = world.upload(kToday, mixed_file(1500));
  world.fail_next(GetParam(), throttled());
  world.fail_next(GetParam(), unavailable());
  auto answer = dispatch(event);
  ASSERT_TRUE(answer && *answer) << answer->error().message;
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_TRUE(batch::reconcile(report()).ok());
}
TEST_P(TransientFailure, AnAnswerThatGetsLostChangesNothing) {
  std::string event = world.upload(kToday, mixed_file(1500));
  world.lose_next_answer(GetParam());
  dispatch_to_the_end(event);
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_TRUE(batch::reconcile(report()).ok()) << batch::reconcile(report()).mismatch;
  EXPECT_EQ(report().counters.lines, 1500u);
  EXPECT_EQ(by_record(world.published).size() + by_record(world.queued).size() + 150, 1500u);
  EXPECT_TRUE(world.objects.contains(kProcessed));
  EXPECT_FALSE(world.objects.contains("DES_Manually_Processed_22-11-2026_2.csv"));
}
INSTANTIATE_TEST_SUITE_P(Each, TransientFailure,
                         testing::Values("read", "facts", "find", "create", "take_lease", "save", "look_up", "publish",
                                         "send", "put", "checkpoint", "finish_shard", "find_shard", "copy", "remove",
                                         "list", "read_whole"));

// The invocation dies before or after each of its calls; Lambda repeats the event.
class Crash : public RoleTest, public testing::WithParamInterface<FakeWorld::CrashMoment> {};
TEST_P(Crash, AtAnyCallIsSurvived) {
  settings.chunk_lines = 50;
  settings.range_bytes = 1000;
  int calls = 0;
  {
    FakeWorld untouched;
    std::swap(world, untouched);
    dispatch_to_the_end(world.upload(kToday, mixed_file(180)));
    calls = world.calls();
  }
  ASSERT_GT(calls, 50);
  for (int call = 1; call <= calls; ++call) {
    SCOPED_TRACE(fmt::format("crash at call {}", call));
    world = FakeWorld();
    std::string content = mixed_file(180);
    std::string event = world.upload(kToday, content);
    world.crash_at(call, GetParam());
    auto first = dispatch(event);
    std::size_t published = world.published.size(), queued = world.queued.size();
    if (!first || !*first) world.advance(std::chrono::minutes(1));
    dispatch_to_the_end(event);

    ASSERT_EQ(only_run().run.status, RunStatus::done);
    batch::Report report = this->report();
    ASSERT_TRUE(batch::reconcile(report).ok()) << batch::reconcile(report).mismatch;
    ASSERT_EQ(report.counters.lines, 180u);
    ASSERT_EQ(by_record(world.published).size(), report.counters.processed + report.counters.not_found);
    ASSERT_EQ(by_record(world.queued).size(), report.counters.retry_queued);
    ASSERT_EQ(report.counters.quarantined(), 18u);
    // At most one chunk is repeated.
    ASSERT_LE(world.published.size() - by_record(world.published).size(), settings.chunk_lines);
    ASSERT_LE(published + queued, world.published.size() + world.queued.size());
    ASSERT_EQ(world.objects.at(kProcessed).content, content);
    ASSERT_FALSE(world.objects.contains(kToday));
    ASSERT_FALSE(world.objects.contains("DES_Manually_Processed_22-11-2026_2.csv"));
    const std::string& quarantine = world.objects.at(report.quarantine_key).content;
    ASSERT_EQ(std::count(quarantine.begin(), quarantine.end(), '\n'), 18);
    ASSERT_GE(world.mails.size(), 1u);
    ASSERT_LE(world.mails.size(), 2u);
  }
}
INSTANTIATE_TEST_SUITE_P(Each, Crash,
                         testing::Values(FakeWorld::CrashMoment::before_effect, FakeWorld::CrashMoment::after_effect));

}  // namespace
}  // namespace ads::function
