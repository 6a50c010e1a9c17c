// Counters, states and parameters of a run.
#include "batch/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "batch/config.h"

namespace ads::batch {
namespace {

Counters filled() {
  Counters c;
  c.bytes = 1;
  c.lines = 2;
  c.blank = 3;
  c.header = 4;
  c.retry_queued = 5;
  c.processed = 6;
  c.not_active = 7;
  c.not_found = 8;
  for (std::size_t i = 0; i < kReasonCount; ++i) c.quarantined_by_reason[i] = 100 + i;
  for (std::size_t i = 0; i < c.status_codes.size(); i += 7) c.status_codes[i] = i + 1;
  c.missing_fields = 9;
  c.other_spelling = 14;
  c.duplicates = 10;
  c.throttles = 11;
  c.partial_failures = 12;
  c.api_calls = 13;
  return c;
}

TEST(Counters, AddUp) {
  Counters sum = filled();
  sum += filled();
  EXPECT_EQ(sum.lines, 4u);
  EXPECT_EQ(sum.api_calls, 26u);
  EXPECT_EQ(sum.quarantined_by_reason[3], 206u);
  EXPECT_EQ(sum.status_codes[7], 16u);
  EXPECT_EQ(sum.quarantined(), 2 * filled().quarantined());
}

TEST(Counters, AreNamedAndReadBack) {
  auto values = named(filled());
  auto back = counters_from(values);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, filled());
  EXPECT_THAT(values, testing::Contains(testing::Pair("quarantined_NUL", 101)));
  EXPECT_THAT(values, testing::Contains(testing::Pair("status_107", 8)));
  EXPECT_THAT(named(Counters{}), testing::IsEmpty());
  for (const char* name : {"", "Lines", "status_99", "status_600", "status_", "status_1x0", "quarantined_X"})
    EXPECT_FALSE(counters_from({{name, 1}})) << name;
}

TEST(MaxBadPercent, StopsAFileThatIsNoBatchFile) {
  struct {
    const char* name;
    std::uint64_t good, bad;
    int max;
    Moment moment;
    bool stops;
  } cases[] = {
      {"100 never stops", 0, 5000, 100, Moment::at_the_end, false},
      {"in the middle a sample is awaited", 0, 999, 50, Moment::in_the_middle, false},
      {"then it stops", 0, 1000, 50, Moment::in_the_middle, true},
      {"exactly at the limit goes on", 500, 500, 50, Moment::in_the_middle, false},
      {"one above stops", 499, 501, 50, Moment::in_the_middle, true},
      {"a short file is judged at the end", 1, 2, 50, Moment::at_the_end, true},
      {"0 tolerates none", 9999, 1, 0, Moment::at_the_end, true},
      {"0 and none bad", 9999, 0, 0, Moment::at_the_end, false},
      {"an empty file is no bad file", 0, 0, 0, Moment::at_the_end, false},
  };
  for (const auto& c : cases) {
    Counters counters;
    counters.lines = c.good + c.bad + 7;
    counters.blank = 6;
    counters.header = 1;
    counters.quarantined_by_reason[0] = c.bad;
    EXPECT_EQ(too_many_bad(counters, c.max, c.moment), c.stops) << c.name;
  }
}

TEST(RunStatus, GoesForwardOneStepAtATime) {
  using enum RunStatus;
  const RunStatus all[] = {planned, running, finalising, copied, reported, done, failed, refused};
  const std::pair<RunStatus, RunStatus> allowed[] = {{planned, running}, {running, finalising}, {finalising, copied},
                                                     {copied, reported}, {reported, done},      {planned, failed},
                                                     {running, failed},  {finalising, failed},  {copied, failed},
                                                     {reported, failed}, {failed, running},     {planned, finalising}};
  for (RunStatus from : all)
    for (RunStatus to : all)
      EXPECT_EQ(may_follow(from, to), std::ranges::count(allowed, std::pair{from, to}) == 1)
          << to_string(from) << " > " << to_string(to);
  for (RunStatus status : all) EXPECT_EQ(parse_run_status(to_string(status)), status);
  EXPECT_EQ(parse_run_status("done"), std::nullopt);
  EXPECT_TRUE(is_final(done) && is_final(failed) && is_final(refused) && !is_final(reported));
}

Result<Config> config(const std::map<std::string, std::string, std::less<>>& variables) {
  return parse_config([&](std::string_view name) -> std::optional<std::string> {
    auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Config, HasDefaults) {
  for (auto variables : {std::map<std::string, std::string, std::less<>>{}, {{"MAX_RETRIES", ""}, {"TIME_ZONE", ""}}}) {
    auto c = config(variables);
    ASSERT_TRUE(c);
    EXPECT_EQ(c->max_retries, 1);
    EXPECT_EQ(c->accept_dates, AcceptDates::today);
    EXPECT_EQ(c->time_zone.name(), "UTC");
    EXPECT_EQ(c->max_bad_percent, 50);
    EXPECT_EQ(c->max_expansion, 1000);
    EXPECT_EQ(c->user_key_form, UserKeyForm::as_is);
    EXPECT_EQ(c->active_statuses, ActiveStatuses());
    EXPECT_EQ(c->publish_rate, 0);
    EXPECT_EQ(c->ordering, Config::Ordering::by_shard);
  }
}

TEST(Config, IsRead) {
  auto c = config({{"MAX_RETRIES", "3"},
                   {"ACCEPT_DATES", "any"},
                   {"TIME_ZONE", "Asia/Kolkata"},
                   {"MAX_BAD_PERCENT", "5"},
                   {"ACTIVE_STATUS", "Active,Aktiv"},
                   {"PUBLISH_RATE", "9000"},
                   {"MAX_EXPANSION", "20"},
                   {"USER_KEY_FORM", "uuid-lower"},
                   {"STRICT_ORDERING", "true"}});
  ASSERT_TRUE(c) << c.error().message;
  EXPECT_EQ(c->max_retries, 3);
  EXPECT_EQ(c->accept_dates, AcceptDates::any);
  EXPECT_EQ(c->time_zone.name(), "Asia/Kolkata");
  EXPECT_EQ(c->max_bad_percent, 5);
  EXPECT_EQ(c->active_statuses, ActiveStatuses({"Active", "Aktiv"}));
  EXPECT_EQ(c->publish_rate, 9000);
  EXPECT_EQ(c->max_expansion, 20);
  EXPECT_EQ(c->user_key_form, UserKeyForm::uuid_lower);
  EXPECT_EQ(c->ordering, Config::Ordering::by_file);
}

TEST(Config, AnErrorNamesVariableParameterAndValue) {
  struct {
    const char *variable, *parameter, *value;
  } cases[] = {
      {"MAX_RETRIES", "MaxRetries", "-1"},          {"MAX_RETRIES", "MaxRetries", "1001"},
      {"MAX_RETRIES", "MaxRetries", "two"},         {"MAX_RETRIES", "MaxRetries", "1 "},
      {"ACCEPT_DATES", "AcceptDates", "yesterday"}, {"TIME_ZONE", "TimeZone", "Europe/Atlantis"},
      {"MAX_BAD_PERCENT", "MaxBadPercent", "101"},  {"PUBLISH_RATE", "PublishRate", "fast"},
      {"MAX_EXPANSION", "MaxExpansion", "0"},       {"USER_KEY_FORM", "UserKeyForm", "upper"},
      {"STRICT_ORDERING", "StrictOrdering", "yes"}, {"ACTIVE_STATUS", "ActiveStatus", "On,,Off"},
  };
  for (const auto& c : cases) {
    auto result = config({{c.variable, c.value}});
    ASSERT_FALSE(result) << c.variable;
    EXPECT_THAT(result.error().message, testing::AllOf(testing::HasSubstr(c.variable), testing::HasSubstr(c.parameter),
                                                       testing::HasSubstr(c.value)));
  }
}

}  // namespace
}  // namespace ads::batch
