// Schedules that become due by a clock that the test turns, and what becomes of their invocations.
#include "cloud/scheduler/book.h"

#include <gtest/gtest.h>

#include "cloud/scheduler/dispatcher.h"
#include "cloud/scheduler/target.h"
#include "run_task.h"
#include "temporary_directory.h"
#include "unit/cloud/every_role.h"

namespace ads::cloud::scheduler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

SystemTime utc(std::string_view text) {
  return parse_iso8601(text).value();
}

// A queue service that keeps what it gets, or refuses it.
struct Queues : QueuePort {
  std::vector<std::pair<std::string, OutgoingMessage>> sent;
  std::vector<Source> sources;
  std::optional<WireError> refusal;
  std::string refused_arn;

  Task<Outcome<std::string>> send(std::string arn, OutgoingMessage message, Source source) override {
    if (refusal && arn == refused_arn) co_return refuse(*refusal);
    sent.emplace_back(std::move(arn), std::move(message));
    sources.push_back(std::move(source));
    co_return std::string("id");
  }
  Task<Outcome<std::vector<ReceivedMessage>>> receive(std::string, int, std::chrono::milliseconds) override {
    co_return std::vector<ReceivedMessage>{};
  }
  Task<Outcome<void>> remove(std::string, std::vector<std::string>) override { co_return Outcome<void>{}; }
  Task<Outcome<void>> change_visibility(std::string, std::string, std::chrono::seconds) override {
    co_return Outcome<void>{};
  }
  std::vector<Outcome<std::string>> enqueue(const std::string&, std::vector<OutgoingMessage> messages,
                                            const Source&) override {
    return std::vector<Outcome<std::string>>(messages.size(), Outcome<std::string>(refuse(not_implemented("enqueue"))));
  }
  Outcome<void> may(const std::string&, std::string_view, const Source&) override { return {}; }
  Outcome<std::map<std::string, std::string>> attributes(const std::string&) override { return {}; }
};

constexpr auto kQueue = "arn:aws:sqs:r:000000000000:q";

class Scheduled : public ::testing::Test {
 protected:
  Scheduled() {
    environment_.queues = &queues_;
    environment_.identities = &identities_;
  }

  json::object input(std::string_view expression) {
    return {{"Name", "s"},
            {"ScheduleExpression", expression},
            {"FlexibleTimeWindow", {{"Mode", "OFF"}}},
            {"Target", {{"Arn", kQueue}, {"RoleArn", "arn:aws:iam::000000000000:role/r"}, {"Input", "hello"}}}};
  }
  void put(const json::object& members) {
    auto schedule = read_schedule(members, book_.zones());
    ASSERT_TRUE(schedule) << schedule.error().message;
    const auto before = book_.find("r", schedule->group, schedule->name);
    book_.plan(*schedule, before ? &*before : nullptr, clock_.now());
    Batch batch;
    book_.put(batch, "r", *schedule, before ? &*before : nullptr);
    ASSERT_TRUE(store_->apply(std::move(batch)));
  }
  // Lets everything that is due by now happen; the number of attempts made.
  int turn() {
    while (book_.turn(clock_.now()).value()) {
    }
    int attempts = 0;
    for (auto pending = book_.first_delivery({}); pending && pending->due <= clock_.now();
         pending = book_.first_delivery({})) {
      testing::run(io_, dispatcher_.attempt(*pending));
      ++attempts;
    }
    return attempts;
  }
  std::vector<std::string> bodies() {
    std::vector<std::string> out;
    for (auto& [_, message] : queues_.sent) out.push_back(message.body);
    return out;
  }
  int turn_at(std::string_view time) {
    clock_.set(utc(time));
    return turn();
  }

  asio::io_context io_{1};
  testing::TemporaryDirectory directory_;
  std::unique_ptr<Store> store_ = Store::open(io_.get_executor(), directory_.path(), Durability::ephemeral).value();
  ManualClock clock_{utc("2026-11-22T10:00:00Z")};
  Queues queues_;
  EveryRole identities_;
  Environment environment_{.executor = io_.get_executor(), .store = *store_, .clock = clock_};
  std::chrono::milliseconds drawn_{0};
  Book book_{*store_, [this](std::chrono::milliseconds) { return drawn_; }};
  Dispatcher dispatcher_{environment_, book_};
};

TEST_F(Scheduled, a_rate_fires_at_once_and_then_every_period) {
  put(input("rate(5 minutes)"));
  EXPECT_EQ(turn(), 1);
  EXPECT_EQ(turn_at("2026-11-22T10:04:59Z"), 0);
  EXPECT_EQ(turn_at("2026-11-22T10:05:00Z"), 1);
  EXPECT_EQ(turn(), 0);
  EXPECT_EQ(book_.next_due(), utc("2026-11-22T10:10:00Z"));
}

TEST_F(Scheduled, what_was_missed_several_times_fires_once_and_says_the_latest_time) {
  auto members = input("cron(0/5 * * * ? *)");
  members["Target"].as_object()["Input"] = "<aws.scheduler.scheduled-time>";
  put(members);
  EXPECT_EQ(turn_at("2026-11-22T13:07:30Z"), 1);
  EXPECT_EQ(bodies(), std::vector<std::string>{"2026-11-22T13:05:00Z"});
  EXPECT_EQ(book_.next_due(), utc("2026-11-22T13:10:00Z"));
}

TEST_F(Scheduled, what_is_older_than_the_target_wants_is_dropped_into_the_dead_letter_queue) {
  auto members = input("at(2026-11-22T11:00:00)");
  auto& target = members["Target"].as_object();
  target["RetryPolicy"] = {{"MaximumEventAgeInSeconds", 60}};
  target["DeadLetterConfig"] = {{"Arn", "arn:aws:sqs:r:000000000000:dead"}};
  put(members);
  EXPECT_EQ(turn_at("2026-11-22T11:02:00Z"), 1);
  ASSERT_EQ(queues_.sent.size(), 1u);
  EXPECT_EQ(queues_.sent[0].first, "arn:aws:sqs:r:000000000000:dead");
  const auto& attributes = queues_.sent[0].second.attributes;
  EXPECT_EQ(attributes.at("EXHAUSTED_RETRY_CONDITION").value, "MaximumEventAgeInSeconds");
  EXPECT_EQ(attributes.at("SCHEDULED_TIME").value, "2026-11-22T11:00:00Z");
  EXPECT_EQ(attributes.at("TARGET_ARN").value, kQueue);
  EXPECT_EQ(queues_.sent[0].second.body, "hello");
}

TEST_F(Scheduled, a_failing_target_is_tried_again_with_growing_pauses_until_the_retries_are_used_up) {
  auto members = input("at(2026-11-22T11:00:00)");
  auto& target = members["Target"].as_object();
  target["Input"] = "<aws.scheduler.attempt-number>";
  target["RetryPolicy"] = {{"MaximumRetryAttempts", 2}};
  target["DeadLetterConfig"] = {{"Arn", "arn:aws:sqs:r:000000000000:dead"}};
  put(members);
  queues_.refusal = WireError{503, "ServiceUnavailable", "not now"};
  queues_.refused_arn = kQueue;
  EXPECT_EQ(turn_at("2026-11-22T11:00:00Z"), 1);
  EXPECT_EQ(turn_at("2026-11-22T11:00:00.999Z"), 0);
  EXPECT_EQ(turn_at("2026-11-22T11:00:01Z"), 1);
  EXPECT_EQ(turn_at("2026-11-22T11:00:02.999Z"), 0);
  EXPECT_EQ(turn_at("2026-11-22T11:00:03Z"), 1);
  ASSERT_EQ(queues_.sent.size(), 1u) << "the dead letter";
  const auto& letter = queues_.sent[0].second;
  EXPECT_EQ(letter.attributes.at("EXHAUSTED_RETRY_CONDITION").value, "MaximumRetryAttempts");
  EXPECT_EQ(letter.attributes.at("RETRY_ATTEMPTS").value, "2");
  EXPECT_EQ(letter.attributes.at("ERROR_CODE").value, "ServiceUnavailable");
  EXPECT_EQ(letter.body, "3");
  EXPECT_EQ(turn_at("2026-11-22T12:00:00Z"), 0);
}

TEST_F(Scheduled, a_refusal_is_final) {
  put(input("at(2026-11-22T11:00:00)"));
  queues_.refusal = WireError{400, "AWS.SimpleQueueService.NonExistentQueue", "gone"};
  queues_.refused_arn = kQueue;
  EXPECT_EQ(turn_at("2026-11-22T11:00:00Z"), 1);
  EXPECT_EQ(turn_at("2026-11-22T12:00:00Z"), 0);
}

TEST_F(Scheduled, a_schedule_that_is_over_is_deleted_where_it_says_so) {
  auto members = input("at(2026-11-22T11:00:00)");
  put(members);
  members["Name"] = "d";
  members["ActionAfterCompletion"] = "DELETE";
  put(members);
  EXPECT_EQ(turn_at("2026-11-22T11:00:00Z"), 2);
  EXPECT_TRUE(book_.find("r", "default", "s"));
  EXPECT_FALSE(book_.find("r", "default", "d"));
  EXPECT_FALSE(book_.next_due());
}

TEST_F(Scheduled, a_past_time_that_was_made_up_for_deletes_its_schedule_too) {
  auto members = input("at(2026-11-22T09:59:00)");
  members["ActionAfterCompletion"] = "DELETE";
  put(members);
  EXPECT_EQ(turn(), 1);
  EXPECT_FALSE(book_.find("r", "default", "s"));
}

TEST_F(Scheduled, a_schedule_that_got_another_time_meanwhile_is_not_deleted) {
  auto members = input("at(2026-11-22T11:00:00)");
  members["ActionAfterCompletion"] = "DELETE";
  put(members);
  clock_.set(utc("2026-11-22T11:00:00Z"));
  ASSERT_FALSE(book_.turn(clock_.now()).value());
  members["ScheduleExpression"] = "at(2026-11-22T12:00:00)";
  put(members);
  EXPECT_EQ(turn(), 1);
  EXPECT_EQ(book_.next_due(), utc("2026-11-22T12:00:00Z"));
  EXPECT_EQ(turn_at("2026-11-22T12:00:00Z"), 1);
  EXPECT_FALSE(book_.find("r", "default", "s"));
}

TEST_F(Scheduled, a_recurring_schedule_is_over_after_its_end) {
  auto members = input("rate(1 minute)");
  members["ActionAfterCompletion"] = "DELETE";
  members["EndDate"] = "2026-11-22T10:01:30Z";
  put(members);
  EXPECT_EQ(turn(), 1);
  EXPECT_TRUE(book_.find("r", "default", "s"));
  EXPECT_EQ(turn_at("2026-11-22T10:01:00Z"), 1);
  EXPECT_FALSE(book_.find("r", "default", "s"));
}

TEST_F(Scheduled, a_disabled_schedule_is_never_due_and_an_enabled_one_is_again) {
  auto members = input("rate(1 hour)");
  members["State"] = "DISABLED";
  put(members);
  EXPECT_FALSE(book_.next_due());
  members["State"] = "ENABLED";
  clock_.advance(minutes(10));
  put(members);
  EXPECT_EQ(book_.next_due(), clock_.now());
  members["State"] = "DISABLED";
  put(members);
  EXPECT_FALSE(book_.next_due());
}

TEST_F(Scheduled, a_change_of_the_target_alone_leaves_the_times_as_they_were) {
  auto members = input("rate(1 hour)");
  put(members);
  EXPECT_EQ(turn(), 1);
  clock_.advance(minutes(10));
  members["Target"].as_object()["Input"] = "other";
  put(members);
  EXPECT_EQ(turn(), 0);
  EXPECT_EQ(book_.next_due(), utc("2026-11-22T11:00:00Z"));
  members["ScheduleExpression"] = "rate(2 hours)";
  put(members);
  EXPECT_EQ(turn(), 1) << "another expression begins anew";
}

TEST_F(Scheduled, a_past_time_is_made_up_for_once_and_an_update_does_not_repeat_it) {
  auto members = input("at(2026-11-22T09:59:00)");
  put(members);
  EXPECT_EQ(turn(), 1);
  members["Description"] = "changed";
  put(members);
  EXPECT_EQ(turn(), 0);
}

TEST_F(Scheduled, a_flexible_window_draws_the_moment_and_counts_age_from_it) {
  auto members = input("at(2026-11-22T11:00:00)");
  members["FlexibleTimeWindow"] = {{"Mode", "FLEXIBLE"}, {"MaximumWindowInMinutes", 15}};
  members["Target"].as_object()["Input"] = "<aws.scheduler.scheduled-time>";
  members["Target"].as_object()["RetryPolicy"] = {{"MaximumEventAgeInSeconds", 60}};
  put(members);
  drawn_ = minutes(7);
  EXPECT_EQ(turn_at("2026-11-22T11:00:00Z"), 0);
  EXPECT_EQ(turn_at("2026-11-22T11:06:59Z"), 0);
  EXPECT_EQ(turn_at("2026-11-22T11:07:00Z"), 1);
  EXPECT_EQ(bodies(), std::vector<std::string>{"2026-11-22T11:00:00Z"});
}

TEST_F(Scheduled, a_deleted_schedule_takes_what_waits_with_it) {
  put(input("at(2026-11-22T11:00:00)"));
  clock_.set(utc("2026-11-22T11:00:00Z"));
  ASSERT_FALSE(book_.turn(clock_.now()).value());
  Batch batch;
  book_.remove(batch, "r", *book_.find("r", "default", "s"));
  ASSERT_TRUE(store_->apply(std::move(batch)));
  EXPECT_EQ(turn(), 1);
  EXPECT_TRUE(queues_.sent.empty());
  EXPECT_FALSE(book_.first_delivery({}));
}

TEST_F(Scheduled, the_target_hears_who_asks_and_by_which_role) {
  put(input("rate(1 hour)"));
  turn();
  ASSERT_EQ(queues_.sources.size(), 1u);
  EXPECT_EQ(queues_.sources[0].principal, "scheduler.amazonaws.com");
  EXPECT_EQ(queues_.sources[0].arn, "arn:aws:scheduler:r:000000000000:schedule/default/s");
  EXPECT_EQ(queues_.sources[0].role_arn, "arn:aws:iam::000000000000:role/r");
}

TEST_F(Scheduled, two_thousand_schedules_due_at_once_all_fire) {
  Batch batch;
  for (int i = 0; i < 2'000; ++i) {
    auto members = input("at(2026-11-22T11:00:00)");
    members["Name"] = "s" + std::to_string(i);
    auto schedule = read_schedule(members, book_.zones()).value();
    book_.plan(schedule, nullptr, clock_.now());
    book_.put(batch, "r", schedule, nullptr);
  }
  ASSERT_TRUE(store_->apply(std::move(batch)));
  EXPECT_EQ(turn_at("2026-11-22T11:00:00Z"), 2'000);
  EXPECT_EQ(queues_.sent.size(), 2'000u);
}

TEST(FillIn, words_are_replaced_and_others_stay) {
  const InvocationContext context{"arn", "2026-11-22T16:20:05Z", "d32c5", "1"};
  EXPECT_EQ(fill_in(R"({"at":"<aws.scheduler.scheduled-time>","n":<aws.scheduler.attempt-number>})", context),
            R"({"at":"2026-11-22T16:20:05Z","n":1})");
  EXPECT_EQ(fill_in("<<aws.scheduler.execution-id>> <aws.scheduler.schedule-arn> <aws.scheduler.other> <", context),
            "<d32c5> arn <aws.scheduler.other> <");
}

TEST(ReadSchedule, refusals_name_what_is_wrong) {
  TimeZones zones;
  const auto base = [] {
    return json::object{
        {"Name", "s"},
        {"ScheduleExpression", "rate(1 hour)"},
        {"FlexibleTimeWindow", {{"Mode", "OFF"}}},
        {"Target",
         {{"Arn", "arn:aws:lambda:r:000000000000:function:f"}, {"RoleArn", "arn:aws:iam::000000000000:role/r"}}}};
  };
  ASSERT_TRUE(read_schedule(base(), zones));
  struct Case {
    std::string what;
    std::function<void(json::object&)> change;
    std::string code, word;
  };
  const auto target = [](json::object& o) -> json::object& { return o["Target"].as_object(); };
  const std::vector<Case> cases = {
      {"name", [](auto& o) { o["Name"] = "a b"; }, "ValidationException", "name"},
      {"expression", [](auto& o) { o["ScheduleExpression"] = "cron(1)"; }, "ValidationException", "cron(1)"},
      {"zone", [](auto& o) { o["ScheduleExpressionTimezone"] = "Mars/Base"; }, "ValidationException", "Mars/Base"},
      {"window", [](auto& o) { o["FlexibleTimeWindow"] = {{"Mode", "FLEXIBLE"}}; }, "ValidationException", "Maximum"},
      {"no window", [](auto& o) { o.erase("FlexibleTimeWindow"); }, "ValidationException", "flexibleTimeWindow"},
      {"no target", [](auto& o) { o.erase("Target"); }, "ValidationException", "target"},
      {"target", [&](auto& o) { target(o)["Arn"] = "arn:aws:ecs:r:000000000000:cluster/c"; }, "NotImplemented", "ecs"},
      {"universal", [&](auto& o) { target(o)["Arn"] = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"; },
       "NotImplemented", "aws-sdk"},
      {"role", [&](auto& o) { target(o)["RoleArn"] = "r"; }, "ValidationException", "roleArn"},
      {"input", [&](auto& o) { target(o)["Input"] = "{"; }, "ValidationException", "JSON"},
      {"age", [&](auto& o) { target(o)["RetryPolicy"] = {{"MaximumEventAgeInSeconds", 59}}; }, "ValidationException",
       "60 to 86400"},
      {"fifo", [&](auto& o) { target(o)["Arn"] = "arn:aws:sqs:r:000000000000:q.fifo"; }, "ValidationException",
       "MessageGroupId"},
      {"dead letters", [&](auto& o) { target(o)["DeadLetterConfig"] = {{"Arn", "arn:aws:sqs:r:0:q.fifo"}}; },
       "ValidationException", "standard"},
      {"dates", [](auto& o) { o["StartDate"] = 2000, o["EndDate"] = 1000; }, "ValidationException", "before"},
      {"state", [](auto& o) { o["State"] = "ON"; }, "ValidationException", "State"},
  };
  for (const auto& c : cases) {
    auto members = base();
    c.change(members);
    const auto read = read_schedule(members, zones);
    ASSERT_FALSE(read) << c.what;
    EXPECT_EQ(read.error().code, c.code) << c.what;
    EXPECT_NE(read.error().message.find(c.word), std::string::npos) << c.what << ": " << read.error().message;
  }
}

}  // namespace
}  // namespace ads::cloud::scheduler
