// What cannot be read has no effect at all; and what was found out is found out once.
#include <zlib.h>

#include "batch/progress.h"
#include "function/sweep.h"
#include "unit/function/fixture.h"

namespace ads::function {
namespace {

using batch::Inspection;
using batch::RunStatus;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string gzip(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string repeated(std::string_view line, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += line;
  return out;
}

class Inspect : public RoleTest {
 protected:
  Inspect() {
    set_log_level(LogLevel::error);
    world.add_user("user-1");
  }

  void make_it_large() {
    settings.inline_bytes = 100;
    settings.shards.target_bytes = 5000;
  }

  void expect_no_effect(const std::string& sentence) {
    EXPECT_EQ(only_run().run.status, RunStatus::failed);
    EXPECT_EQ(report().status, batch::ReportStatus::failed);
    EXPECT_THAT(report().sentence, HasSubstr(sentence));
    EXPECT_THAT(only_run().run.sentence, report().sentence);
    EXPECT_THAT(world.published, IsEmpty());
    EXPECT_THAT(world.queued, IsEmpty());
    EXPECT_TRUE(world.objects.contains(kToday));
    EXPECT_FALSE(world.objects.contains(kProcessed));
    ASSERT_THAT(world.mails, SizeIs(1));
    EXPECT_THAT(world.mails[0].subject, HasSubstr("[ADS] FAILED"));
    EXPECT_THAT(world.mails[0].subject, Not(HasSubstr("MISMATCH")));
    EXPECT_THAT(world.mails[0].text, HasSubstr(report().sentence));
    EXPECT_THAT(world.mails[0].text, HasSubstr("Nothing was sent, and the file keeps its name."));
    for (const auto& [key, object] : world.objects) EXPECT_THAT(key, Not(HasSubstr("quarantine"))) << key;
  }
};

TEST_F(Inspect, AnUnreadableSmallFileHasNoEffect) {
  dispatch_to_the_end(world.upload(kToday, repeated("user-1;503;0\n", 3) + "503,0,user-1\n"));
  expect_no_effect("cannot be read");
}

TEST_F(Inspect, AnUnreadableLargeFileIsRefusedBeforeItsShardsAreSent) {
  make_it_large();
  dispatch_to_the_end(world.upload(kToday, repeated("6f9619ff-8b86-d011-b42d-00c04fc964ff,503,0\n", 3000)));
  EXPECT_THAT(world.shard_messages, IsEmpty());
  EXPECT_EQ(world.shards.size(), 0u);
  expect_no_effect("column 1 looks like service UUIDs");
}

// Whatever dies on the way: the decision is the same, and nothing is sent.
TEST_F(Inspect, TheDecisionIsTheSameAfterACrash) {
  for (int call = 0; call < 25; ++call) {
    world = FakeWorld();
    make_it_large();
    std::string event = world.upload(kToday, repeated("%PDF-1.7\n", 2000));
    world.crash_at(call, FakeWorld::CrashMoment::after_effect);
    (void)dispatch(event);
    world.advance(std::chrono::minutes(2));
    dispatch_to_the_end(event);
    work_to_the_end();
    EXPECT_EQ(only_run().run.status, RunStatus::failed) << call;
    EXPECT_THAT(only_run().run.sentence, HasSubstr("PDF")) << call;
    EXPECT_THAT(world.published, IsEmpty()) << call;
  }
}

// Where dispatch did not decide (a run of an older version), each shard does, from the beginning of the file.
TEST_F(Inspect, EachShardDecidesWhereDispatchDidNot) {
  make_it_large();
  dispatch_to_the_end(world.upload(kToday, repeated("503,0,user-1\n", 3000)));
  ASSERT_GT(only_run().run.shard_count, 3u);
  world.runs.begin()->second.run.inspection = Inspection::none;
  // The same object, its beginning now as nobody can read it.
  std::string& content = world.objects.at(kToday).content;
  content.replace(0, 13 * 1500, repeated("503 0 user-1\n", 1500));
  work_to_the_end();
  EXPECT_THAT(world.published, IsEmpty());
  EXPECT_THAT(world.queued, IsEmpty());
  EXPECT_THAT(report().sentence, HasSubstr("separated by a space"));
}

TEST_F(Inspect, ADamagedCompressedFileHasNoEffect) {
  std::string object = gzip(mixed_file(20'000));
  for (bool is_large : {false, true}) {
    world = FakeWorld();
    if (is_large) make_it_large();
    dispatch_to_the_end(world.upload(kToday, object.substr(0, object.size() - 5)));
    work_to_the_end();
    expect_no_effect("The gzip file is damaged: it ends in the middle. Compress it again");
  }
}

TEST_F(Inspect, ASoundCompressedFileIsVerifiedOnce) {
  make_it_large();
  std::string event = world.upload(kToday, gzip(mixed_file(20'000)));
  dispatch_to_the_end(event);
  EXPECT_EQ(only_run().run.inspection, Inspection::beginning);
  // The worker dies after it has verified, before its first checkpoint.
  world.fail_next("publish", denied());
  ASSERT_FALSE(world.shard_messages.empty());
  (void)world.invoke(function::worker, settings, shard_event(world.shard_messages[0]), "first");
  EXPECT_EQ(only_run().run.inspection, Inspection::verified);
  EXPECT_EQ(only_run().run.status, RunStatus::running);
  world.advance(std::chrono::minutes(1));
  int reads = world.count["read"];
  work_to_the_end();
  int pieces = static_cast<int>(only_run().run.object.size / settings.range_bytes) + 1;
  EXPECT_LE(world.count["read"] - reads, pieces + 2) << "the object is read once more, for its lines";
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_EQ(report().inspection, Inspection::verified);
  EXPECT_TRUE(batch::reconcile(report()).ok());
}

TEST_F(Inspect, ACompressedFileAboveVerifyBytesIsNotVerifiedAndTheReportSaysSo) {
  settings.verify_bytes = 1000;
  dispatch_to_the_end(world.upload(kToday, gzip(mixed_file(20'000))));
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_EQ(report().inspection, Inspection::unverified);
  EXPECT_THAT(batch::report_text(report()), HasSubstr("larger than VerifyBytes"));
}

// Then damage is found after effects: what is missing is said, and the advice does not notify twice.
TEST_F(Inspect, DamageFoundAfterEffectsNamesWhatIsMissing) {
  settings.verify_bytes = 0;
  std::string object = gzip(mixed_file(20'000));
  dispatch_to_the_end(world.upload(kToday, object.substr(0, object.size() / 2)));
  EXPECT_EQ(only_run().run.status, RunStatus::failed);
  batch::Report report = this->report();
  EXPECT_GT(world.published.size(), 0u);
  EXPECT_GT(report.counters.lines, 1000u);
  ASSERT_THAT(report.unprocessed, SizeIs(1));
  EXPECT_EQ(report.unprocessed[0], (batch::ByteRange{report.counters.bytes, batch::kToEnd}));
  EXPECT_THAT(report.sentence, HasSubstr(fmt::format("tail -n +{}", report.counters.lines + 1)));
  EXPECT_THAT(report.sentence, HasSubstr("twice"));
  EXPECT_THAT(batch::report_text(report), Not(HasSubstr("Nothing was sent")));
}

// Verification that does not end in two invocations is not tried for ever.
TEST_F(Inspect, AFileThatTakesTooLongToVerifyIsProcessedUnverified) {
  make_it_large();
  std::string event = world.upload(kToday, gzip(mixed_file(20'000)));
  dispatch_to_the_end(event);
  auto spawn = [&](std::string name) {
    return world.invoke(function::worker, settings, shard_event(world.shard_messages[0]), std::move(name),
                        std::chrono::seconds(100));
  };
  world.answer_after("read", std::chrono::seconds(20));
  EXPECT_THAT(**spawn("first"), HasSubstr("itemIdentifier"));
  EXPECT_EQ(only_run().run.inspection, Inspection::beginning);
  world.advance(std::chrono::minutes(1));
  EXPECT_THAT(**spawn("second"), HasSubstr("itemIdentifier"));
  EXPECT_EQ(only_run().run.inspection, Inspection::unverified);
  EXPECT_THAT(world.published, IsEmpty());
  world.answer_after("read", std::chrono::milliseconds(0));
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_EQ(report().inspection, Inspection::unverified);
}

TEST_F(Inspect, AFileWhoseLaterShardsAreAllBadIsFailedAndSaysWhatNotToDo) {
  make_it_large();
  dispatch_to_the_end(world.upload(kToday, repeated("503,0,user-1\n", 1500) + repeated("garbage, no\n", 3000)));
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::failed);
  batch::Report report = this->report();
  EXPECT_EQ(report.counters.lines, 4500u) << "all of it was processed: nothing is left over";
  EXPECT_THAT(report.unprocessed, IsEmpty());
  EXPECT_THAT(report.sentence, HasSubstr("3,000 of 4,500 records are in quarantine (3,000 FIELD_COUNT)"));
  EXPECT_THAT(report.sentence, HasSubstr("ads quarantine " + report.run_id));
  EXPECT_THAT(report.sentence, HasSubstr("twice"));
  EXPECT_TRUE(world.objects.contains(kToday));
}

// One bad shard of many is a matter of its lines, wherever the cuts are.
TEST_F(Inspect, OneBadShardDoesNotStopTheOthers) {
  make_it_large();
  dispatch_to_the_end(world.upload(
      kToday, repeated("503,0,user-1\n", 3000) + repeated("garbage\n", 1500) + repeated("503,0,user-1\n", 3000)));
  work_to_the_end();
  EXPECT_EQ(only_run().run.status, RunStatus::done);
  EXPECT_EQ(report().counters.quarantined(), 1500u);
}

TEST_F(Inspect, LineNumbersCountFromTheFilesFirstLine) {
  make_it_large();
  std::string content;
  for (int i = 1; i <= 4000; ++i) content += i % 500 == 3 ? "bad " + std::to_string(i) + "\n" : "503,0,user-1\n";
  dispatch_to_the_end(world.upload(kToday, content));
  ASSERT_GT(only_run().run.shard_count, 3u);
  work_to_the_end();
  ASSERT_EQ(only_run().run.status, RunStatus::done);
  std::string_view rest = world.objects.at(only_run().quarantine_key).content;
  int seen = 0;
  for (std::size_t end; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1), ++seen) {
    auto bad = batch::parse_quarantine_line(rest.substr(0, end));
    ASSERT_TRUE(bad);
    EXPECT_EQ(bad->text, "bad " + std::to_string(bad->number));
  }
  EXPECT_EQ(seen, 8);
  EXPECT_EQ(report().bad_lines.at(1).number, 503u);
}

TEST_F(Inspect, LineNumbersOfRefusedRecordsAreTheirOwn) {
  world.refuse_user("user-2");
  dispatch_to_the_end(world.upload(kToday, repeated("200,0,user-1\n", 1200) + "\n200,0,user-2\n"));
  ASSERT_EQ(only_run().run.status, RunStatus::done);
  ASSERT_THAT(report().bad_lines, SizeIs(1));
  EXPECT_EQ(report().bad_lines[0].number, 1202u);
}

TEST_F(Inspect, AnEmptyFileIsDone) {
  for (const char* content : {"", "\n\n", "status_code,retry_count,service_uuid\n"}) {
    world = FakeWorld();
    dispatch_to_the_end(world.upload(kToday, content));
    EXPECT_EQ(only_run().run.status, RunStatus::done) << content;
    EXPECT_THAT(batch::report_text(report()), HasSubstr("no records"));
  }
}

}  // namespace
}  // namespace ads::function
