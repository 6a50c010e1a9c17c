// The model of `ads plan` against the engine itself, in virtual time: the same answer times, the same duration.
#include <fmt/core.h>

#include <random>

#include "plan/capacity.h"
#include "unit/function/fixture.h"

namespace ads::function {
namespace {

using std::chrono::milliseconds;

class EngineTime : public RoleTest {
 protected:
  EngineTime() {
    set_log_level(LogLevel::error);
    settings.range_bytes = 8 << 20;
    start_again("t");
  }

  void start_again(const char* topic) {
    FakeWorld fresh;
    std::swap(world, fresh);
    settings.topic_arn = topic;
    for (auto [call, time] : {std::pair{"look_up", 15}, {"publish", 25}, {"send", 15}, {"checkpoint", 5}, {"put", 30}})
      world.answer_after(call, milliseconds(time));
  }

  static constexpr int kRecords = 64'000;

  // About every fifth record goes to the retry queue.
  static std::string sorted_by_user(int records, int per_user) {
    std::string out;
    std::minstd_rand random;
    for (int i = 0; i < records; ++i) out += fmt::format("{},0,user-{}\n", random() % 5 == 1 ? 503 : 200, i / per_user);
    return out;
  }

  // About every fifth record goes to the retry queue; no user twice.
  static std::string mixed(std::size_t records, std::size_t bad_every = 0) {
    std::string out;
    std::minstd_rand random;
    for (std::size_t i = 0; i < records; ++i)
      out += bad_every > 0 && i % bad_every == 0 ? std::string("bad\n")
                                                 : fmt::format("{},0,user-{}\n", random() % 5 == 1 ? 503 : 200, i);
    return out;
  }

  // Seconds from the event to the renamed file.
  double answer(const std::string& content) {
    dispatch(world.upload(kToday, content));
    EXPECT_EQ(only_run().run.status, batch::RunStatus::done) << only_run().run.sentence;
    return std::chrono::duration<double>(only_run().run.end - only_run().run.start).count();
  }

  plan::Workload workload(const std::string& content) const {
    const batch::Counters& counters = only_run().run.counters;
    auto records = static_cast<double>(counters.records());
    return {.records = counters.records(),
            .bytes = content.size(),
            .retry_share = static_cast<double>(counters.retry_queued) / records,
            .bad_share = static_cast<double>(counters.quarantined()) / records};
  }

  static plan::CallTimes only_calls() { return {.cpu_per_record = 0}; }
};

TEST_F(EngineTime, OfAMixedFileIsTheModels) {
  std::string content = mixed(40'000);
  double seconds = answer(content);
  auto model = plan::estimate(workload(content), {}, plan::facts_of_region("us-east-1"), only_calls());
  // About half of the chunks have one notification more than a round of calls takes.
  EXPECT_NEAR(seconds, model.processing_seconds, 0.05 * model.processing_seconds);
  EXPECT_NEAR(static_cast<double>(world.calls()) / 40'000, model.calls_per_record, 0.001);
}

// SNS's latency does not bound a worker: its processor does, or a quota.
TEST_F(EngineTime, AWorkerAnswersTwentyThousandRecordsASecond) {
  std::string content = mixed(kRecords);
  EXPECT_GE(kRecords / answer(content), 20'000);
  auto model = plan::estimate(workload(content), {.function_memory = 1769}, plan::facts_of_region("us-east-1"));
  EXPECT_GE(model.worker_rate, 20'000);
}

TEST_F(EngineTime, OfAFileWithBadLinesIsTheModels) {
  std::string content = mixed(40'000, 100);
  double seconds = answer(content);
  auto model = plan::estimate(workload(content), {}, plan::facts_of_region("us-east-1"), only_calls());
  // Not in the model: at the end the quarantine is joined, a piece for each chunk.
  EXPECT_NEAR(seconds, model.processing_seconds, 0.15 * model.processing_seconds);
}

TEST_F(EngineTime, OfAFileThatIsSortedByUserIsTheModels) {
  for (const char* topic : {"t", "t.fifo"})
    for (int per_user : {2, 10, 2000, kRecords}) {
      SCOPED_TRACE(fmt::format("{}, {} a user", topic, per_user));
      start_again(topic);
      std::string content = sorted_by_user(kRecords, per_user);
      double seconds = answer(content);
      plan::Workload work = workload(content);
      work.spread = plan::Workload::sorted_by_user(static_cast<std::uint64_t>(per_user));
      plan::Deployment deployment;
      if (settings.has_fifo_topic()) deployment.topic = plan::Deployment::Topic::fifo;
      auto model = plan::estimate(work, deployment, plan::facts_of_region("us-east-1"), only_calls());
      double workers = model.stages.front().seconds;
      EXPECT_NEAR(seconds, workers, 0.2 * workers);
      EXPECT_NEAR(static_cast<double>(world.calls()) / kRecords, model.calls_per_record, 0.005);
    }
}

TEST_F(EngineTime, OrderCostsNextToNothing) {
  start_again("t");
  double mixed_seconds = answer(sorted_by_user(kRecords, 1));
  for (int per_user : {1, 2, 10, 2000}) {
    for (auto [topic, least] : {std::pair{"t", 0.9}, {"t.fifo", 0.5}}) {
      start_again(topic);
      double seconds = answer(sorted_by_user(kRecords, per_user));
      double calls = static_cast<double>(world.calls()) / kRecords;
      fmt::print("{:>5} a user, {:<6}: {:5.0f} records/s, {:.2f} of a mixed file's, {:.3f} calls a record\n", per_user,
                 topic, kRecords / seconds, mixed_seconds / seconds, calls);
      EXPECT_GE(mixed_seconds / seconds, least) << per_user << " a user, " << topic;
      EXPECT_LE(calls, 0.13) << per_user << " a user, " << topic;
    }
  }
}

TEST_F(EngineTime, OfRetriesOnlyIsTheModels) {
  std::string content;
  for (int i = 0; i < 40'000; ++i) content += fmt::format("503,0,user-{}\n", i);
  double seconds = answer(content);
  auto model = plan::estimate(workload(content), {}, plan::facts_of_region("us-east-1"), only_calls());
  EXPECT_NEAR(seconds, model.processing_seconds, 0.02 * model.processing_seconds);
}

TEST_F(EngineTime, UnderAPublishRateIsTheModelsButForTheFirstSecondsWorth) {
  settings.rules.publish_rate = 2000;
  std::string content = mixed(40'000);
  double seconds = answer(content);
  auto model =
      plan::estimate(workload(content), {.publish_rate = 2000}, plan::facts_of_region("us-east-1"), only_calls());
  EXPECT_EQ(model.stages[model.limit].name, "PublishRate");
  EXPECT_NEAR(seconds, model.processing_seconds - 1, 0.1);
}

}  // namespace
}  // namespace ads::function
