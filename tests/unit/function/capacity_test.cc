// The model of `ads plan` against the engine itself, in virtual time: the same answer times, the same duration.
#include "batch/capacity.h"

#include <fmt/core.h>

#include <random>

#include "unit/function/fixture.h"

namespace ads::function {
namespace {

using std::chrono::milliseconds;

class EngineTime : public RoleTest {
 protected:
  EngineTime() {
    set_log_level(LogLevel::error);
    settings.range_bytes = 8 << 20;
    world.answer_after("look_up", milliseconds(15));
    world.answer_after("publish", milliseconds(25));
    world.answer_after("send", milliseconds(15));
    world.answer_after("checkpoint", milliseconds(5));
    world.answer_after("put", milliseconds(30));
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

  batch::Workload workload(const std::string& content) const {
    const batch::Counters& counters = only_run().run.counters;
    auto records = static_cast<double>(counters.records());
    return {.records = counters.records(),
            .bytes = content.size(),
            .retry_share = static_cast<double>(counters.retry_queued) / records,
            .bad_share = static_cast<double>(counters.quarantined()) / records};
  }

  static batch::CallTimes only_calls() { return {.cpu_per_record = 0}; }
};

TEST_F(EngineTime, OfAMixedFileIsTheModels) {
  std::string content = mixed(40'000);
  double seconds = answer(content);
  auto model = batch::estimate(workload(content), {}, batch::facts_of_region("us-east-1"), only_calls());
  EXPECT_NEAR(seconds, model.processing_seconds, 0.02 * model.processing_seconds);
  EXPECT_NEAR(static_cast<double>(world.calls()) / 40'000, model.calls_per_record, 0.001);
}

TEST_F(EngineTime, OfAFileWithBadLinesIsTheModels) {
  std::string content = mixed(40'000, 100);
  double seconds = answer(content);
  auto model = batch::estimate(workload(content), {}, batch::facts_of_region("us-east-1"), only_calls());
  // The quarantine is joined at the end: a piece for each chunk.
  EXPECT_NEAR(seconds, model.processing_seconds, 0.05 * model.processing_seconds);
}

TEST_F(EngineTime, OfAFileThatIsSortedByUserIsTheModels) {
  for (const char* topic : {"t", "t.fifo"})
    for (std::size_t per_user : {2, 10, 2000}) {
      SCOPED_TRACE(fmt::format("{}, {} a user", topic, per_user));
      FakeWorld fresh;
      std::swap(world, fresh);
      for (auto [call, time] :
           {std::pair{"look_up", 15}, {"publish", 25}, {"send", 15}, {"checkpoint", 5}, {"put", 30}})
        world.answer_after(call, milliseconds(time));
      settings.topic_arn = topic;
      std::string content;
      std::minstd_rand random;
      for (std::size_t i = 0; i < 20'000; ++i)
        content += fmt::format("{},0,user-{}\n", random() % 5 == 1 ? 503 : 200, i / per_user);
      double seconds = answer(content);
      batch::Workload work = workload(content);
      work.sort_by_user(per_user);
      batch::Deployment deployment;
      if (settings.has_fifo_topic()) deployment.topic = batch::Deployment::Topic::fifo;
      auto model = batch::estimate(work, deployment, batch::facts_of_region("us-east-1"), only_calls());
      // The model does not pack: where users have eight entries each, a FIFO topic's calls carry eight instead of ten,
      // and their last round is not full.
      double workers = model.stages.front().seconds;
      EXPECT_NEAR(seconds, workers, 0.3 * workers);
      EXPECT_NEAR(static_cast<double>(world.calls()) / 20'000, model.calls_per_record, 0.02);
    }
}

TEST_F(EngineTime, OfRetriesOnlyIsTheModels) {
  std::string content;
  for (int i = 0; i < 40'000; ++i) content += fmt::format("503,0,user-{}\n", i);
  double seconds = answer(content);
  auto model = batch::estimate(workload(content), {}, batch::facts_of_region("us-east-1"), only_calls());
  EXPECT_NEAR(seconds, model.processing_seconds, 0.02 * model.processing_seconds);
}

TEST_F(EngineTime, UnderAPublishRateIsTheModelsButForTheFirstSecondsWorth) {
  settings.rules.publish_rate = 2000;
  std::string content = mixed(40'000);
  double seconds = answer(content);
  auto model =
      batch::estimate(workload(content), {.publish_rate = 2000}, batch::facts_of_region("us-east-1"), only_calls());
  EXPECT_EQ(model.stages[model.limit].name, "PublishRate");
  EXPECT_NEAR(seconds, model.processing_seconds - 1, 0.1);
}

}  // namespace
}  // namespace ads::function
