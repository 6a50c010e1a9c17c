#include <gmock/gmock.h>

#include <filesystem>

#include "base/ids.h"
#include "cloud/logs/context.h"
#include "cloud/logs/embedded_metrics.h"
#include "cloud/logs/filter_pattern.h"
#include "cloud/logs/service.h"

namespace ads::cloud::logs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kNow = 1'790'000'000'000;
constexpr auto kRegion = "eu-central-1";

struct Metrics : MetricPort {
  void record(const std::string&, std::vector<MetricDatum> data) override {
    for (auto& datum : data) recorded.push_back(std::move(datum));
  }
  std::vector<MetricDatum> recorded;
};

class LogsTest : public testing::Test {
 public:
  LogsTest() {
    auto opened = Store::open(io.get_executor(), directory, Durability::ephemeral);
    if (!opened) throw std::runtime_error(opened.error().message);
    store = std::move(*opened);
    environment.emplace(Environment{.executor = io.get_executor(), .store = *store, .clock = clock});
    environment->metrics = &metrics;
    logs = std::make_unique<Service>(*environment);
  }
  ~LogsTest() override {
    asio::co_spawn(io, store->close(), asio::detached);
    io.restart();
    io.run();
    store.reset();
    std::filesystem::remove_all(directory);
  }

  Reply act(const std::string& operation, json::object input) {
    std::optional<Reply> reply;
    asio::co_spawn(io, logs->perform(kRegion, operation, std::move(input)),
                   [&](const std::exception_ptr& thrown, Reply answer) {
                     if (thrown) std::rethrow_exception(thrown);
                     reply = std::move(answer);
                   });
    io.restart();
    io.run();
    return *std::move(reply);
  }
  void stream(const std::string& group, const std::string& name) {
    (void)act("CreateLogGroup", {{"logGroupName", group}});
    ASSERT_TRUE(act("CreateLogStream", {{"logGroupName", group}, {"logStreamName", name}}));
  }
  Reply put(const std::string& group, const std::string& name,
            std::vector<std::pair<std::int64_t, std::string>> events) {
    json::array list;
    for (auto& [offset, message] : events) list.push_back({{"timestamp", kNow + offset}, {"message", message}});
    return act("PutLogEvents", {{"logGroupName", group}, {"logStreamName", name}, {"logEvents", list}});
  }
  static std::vector<std::string> messages(const Reply& reply) {
    std::vector<std::string> out;
    if (!reply) return {reply.error().code};
    for (auto& event : reply->at("events").as_array()) out.emplace_back(event.at("message").as_string());
    return out;
  }
  Reply read(json::object more) {
    json::object input{{"logGroupName", "g"}, {"logStreamName", "s"}};
    for (auto& [key, value] : more) input[key] = value;
    return act("GetLogEvents", input);
  }
  Reply filter(json::object more) {
    json::object input{{"logGroupName", "g"}};
    for (auto& [key, value] : more) input[key] = value;
    return act("FilterLogEvents", input);
  }

  asio::io_context io;
  std::filesystem::path directory = std::filesystem::temp_directory_path() / ("ads-logs-" + random_hex(12));
  ManualClock clock{SystemTime(std::chrono::milliseconds(kNow))};
  Metrics metrics;
  std::unique_ptr<Store> store;
  std::optional<Environment> environment;
  std::unique_ptr<Service> logs;
};

TEST_F(LogsTest, pages_a_stream_both_ways_with_tokens) {
  stream("g", "s");
  ASSERT_TRUE(put("g", "s", {{0, "a"}, {1, "b"}, {1, "c"}, {2, "d"}}));
  EXPECT_THAT(messages(read({})), ElementsAre("a", "b", "c", "d"));
  auto tail = read({{"limit", 2}});
  EXPECT_THAT(messages(tail), ElementsAre("c", "d"));
  EXPECT_THAT(messages(read({{"limit", 5}, {"nextToken", tail->at("nextBackwardToken")}})), ElementsAre("a", "b"));
  auto head = read({{"limit", 3}, {"startFromHead", true}});
  EXPECT_THAT(messages(head), ElementsAre("a", "b", "c"));
  auto rest = read({{"nextToken", head->at("nextForwardToken")}});
  EXPECT_THAT(messages(rest), ElementsAre("d"));
  auto end = read({{"nextToken", rest->at("nextForwardToken")}});
  EXPECT_THAT(messages(end), ElementsAre());
  EXPECT_EQ(end->at("nextForwardToken"), rest->at("nextForwardToken"));
  ASSERT_TRUE(put("g", "s", {{3, "e"}}));
  EXPECT_THAT(messages(read({{"nextToken", end->at("nextForwardToken")}})), ElementsAre("e"));
  EXPECT_THAT(messages(read({{"startTime", kNow + 1}, {"endTime", kNow + 2}})), ElementsAre("b", "c"));
}

TEST_F(LogsTest, filters_across_streams_in_the_order_of_time) {
  stream("g", "s");
  stream("g", "t/1");
  ASSERT_TRUE(put("g", "s", {{0, "ERROR one"}, {4, "fine"}}));
  ASSERT_TRUE(put("g", "t/1", {{2, "ERROR two"}}));
  EXPECT_THAT(messages(filter({})), ElementsAre("ERROR one", "ERROR two", "fine"));
  EXPECT_THAT(messages(filter({{"filterPattern", "ERROR"}})), ElementsAre("ERROR one", "ERROR two"));
  EXPECT_THAT(messages(filter({{"logStreamNamePrefix", "t/"}})), ElementsAre("ERROR two"));
  EXPECT_THAT(messages(filter({{"logStreamNames", json::array{json::value("s")}}})), ElementsAre("ERROR one", "fine"));
  EXPECT_THAT(messages(filter({{"startTime", kNow + 2}, {"endTime", kNow + 4}})), ElementsAre("ERROR two", "fine"));
  auto page = filter({{"limit", 2}});
  EXPECT_THAT(messages(filter({{"nextToken", page->at("nextToken")}})), ElementsAre("fine"));
}

TEST_F(LogsTest, hides_and_drops_what_is_past_retention) {
  stream("g", "s");
  ASSERT_TRUE(put("g", "s", {{0, "old"}}));
  ASSERT_TRUE(act("PutRetentionPolicy", {{"logGroupName", "g"}, {"retentionInDays", 1}}));
  clock.advance(std::chrono::hours(25));
  EXPECT_THAT(messages(read({})), ElementsAre());
  auto half = put("g", "s", {{0, "late"}, {25 * 3'600'000, "new"}});
  ASSERT_TRUE(half);
  EXPECT_EQ(half->at("rejectedLogEventsInfo").at("expiredLogEventEndIndex"), 1);
  EXPECT_THAT(messages(filter({})), ElementsAre("new"));
  EXPECT_EQ(act("PutRetentionPolicy", {{"logGroupName", "g"}, {"retentionInDays", 2}}).error().code,
            "InvalidParameterException");
}

TEST_F(LogsTest, checks_batches_as_aws_does) {
  stream("g", "s");
  EXPECT_EQ(put("g", "s", {{1, "b"}, {0, "a"}}).error().message,
            "Log events in a single PutLogEvents request must be in chronological order.");
  EXPECT_EQ(put("g", "s", {}).error().code, "InvalidParameterException");
  EXPECT_EQ(put("none", "s", {{0, "a"}}).error().message, "The specified log group does not exist.");
  EXPECT_EQ(put("g", "none", {{0, "a"}}).error().message, "The specified log stream does not exist.");
  EXPECT_THAT(put("g", "s", {{0, std::string(600'000, 'x')}, {0, std::string(600'000, 'x')}}).error().message,
              HasSubstr("Upload too large"));
  auto future = put("g", "s", {{0, "now"}, {3 * 3'600'000, "too new"}});
  ASSERT_TRUE(future);
  EXPECT_EQ(future->at("rejectedLogEventsInfo").at("tooNewLogEventStartIndex"), 1);
  EXPECT_THAT(messages(read({})), ElementsAre("now"));
}

TEST_F(LogsTest, deletes_groups_and_streams_with_their_events) {
  stream("g", "s");
  stream("g", "t");
  ASSERT_TRUE(put("g", "s", {{0, "a"}}));
  ASSERT_TRUE(put("g", "t", {{0, "b"}}));
  ASSERT_TRUE(act("DeleteLogStream", {{"logGroupName", "g"}, {"logStreamName", "s"}}));
  EXPECT_THAT(messages(filter({})), ElementsAre("b"));
  ASSERT_TRUE(act("DeleteLogGroup", {{"logGroupName", "g"}}));
  stream("g", "t");
  EXPECT_THAT(messages(filter({})), ElementsAre());
  EXPECT_EQ(act("CreateLogGroup", {{"logGroupName", "g"}}).error().code, "ResourceAlreadyExistsException");
}

TEST_F(LogsTest, lists_groups_and_streams_in_pages) {
  for (auto* name : {"/aws/lambda/a", "/aws/lambda/b", "other"})
    ASSERT_TRUE(act("CreateLogGroup", {{"logGroupName", name}}));
  auto first = act("DescribeLogGroups", {{"logGroupNamePrefix", "/aws"}, {"limit", 1}});
  EXPECT_EQ(first->at("logGroups").at(0).at("logGroupName"), "/aws/lambda/a");
  EXPECT_EQ(first->at("logGroups").at(0).at("arn"), "arn:aws:logs:eu-central-1:000000000000:log-group:/aws/lambda/a:*");
  auto second =
      act("DescribeLogGroups", {{"logGroupNamePrefix", "/aws"}, {"limit", 1}, {"nextToken", first->at("nextToken")}});
  EXPECT_EQ(second->at("logGroups").at(0).at("logGroupName"), "/aws/lambda/b");
  EXPECT_FALSE(second->contains("nextToken"));
  for (auto* name : {"x", "y", "z"}) stream("g", name);
  ASSERT_TRUE(put("g", "y", {{5, "m"}}));
  ASSERT_TRUE(put("g", "x", {{7, "m"}}));
  auto newest = act("DescribeLogStreams",
                    {{"logGroupName", "g"}, {"orderBy", "LastEventTime"}, {"descending", true}, {"limit", 2}});
  EXPECT_EQ(newest->at("logStreams").at(0).at("logStreamName"), "x");
  EXPECT_EQ(newest->at("logStreams").at(1).at("logStreamName"), "y");
  auto last = act("DescribeLogStreams", {{"logGroupName", "g"},
                                         {"orderBy", "LastEventTime"},
                                         {"descending", true},
                                         {"nextToken", newest->at("nextToken")}});
  EXPECT_EQ(last->at("logStreams").at(0).at("logStreamName"), "z");
}

TEST_F(LogsTest, takes_lines_from_other_services_and_their_metrics) {
  std::string line =
      R"({"_aws":{"Timestamp":5,"CloudWatchMetrics":[{"Namespace":"ADS","Dimensions":[["Role"]],"Metrics":[{"Name":"Lines","Unit":"Count"},{"Name":"Ms"}]}]},"Role":"dispatch","Lines":7,"Ms":[1,2]})";
  asio::co_spawn(io, logs->append(kRegion, "/aws/lambda/f", "stream", {{clock.now(), line}}), asio::detached);
  io.restart();
  io.run();
  EXPECT_THAT(messages(act("FilterLogEvents", {{"logGroupName", "/aws/lambda/f"}})), ElementsAre(line));
  ASSERT_EQ(metrics.recorded.size(), 3u);
  EXPECT_EQ(metrics.recorded[0].name, "Lines");
  EXPECT_EQ(metrics.recorded[0].value, 7);
  EXPECT_EQ(metrics.recorded[0].unit, "Count");
  EXPECT_EQ(metrics.recorded[0].dimensions.at("Role"), "dispatch");
}

TEST(EmbeddedMetrics, that_are_malformed_stay_log_lines) {
  for (auto* line : {"plain", R"({"CloudWatchMetrics":1})", R"({"_aws":{"CloudWatchMetrics":[{"Namespace":"N"}]}})",
                     R"({"_aws":{"CloudWatchMetrics":[{"Namespace":"N","Metrics":[{"Name":"x"}]}]},"x":"text"})"})
    EXPECT_TRUE(embedded_metrics(line, {}).empty()) << line;
}

TEST(FilterPatterns, match_as_aws_describes) {
  struct Case {
    std::string_view pattern, message;
    bool expected;
  };
  for (auto& c : std::initializer_list<Case>{{"", "anything", true},
                                             {"ERROR", "an ERROR here", true},
                                             {"ERROR", "an error here", false},
                                             {"ERROR Exception", "Exception: ERROR", true},
                                             {"ERROR Exception", "ERROR", false},
                                             {"?ERROR ?WARN", "a WARN", true},
                                             {"?ERROR ?WARN", "info", false},
                                             {"ERROR -EXITING", "ERROR EXITING", false},
                                             {"ERROR -EXITING", "ERROR", true},
                                             {"\"exit code: 1\"", "the exit code: 1.", true},
                                             {"\"exit code: 1\"", "exit code 1", false},
                                             {"{ $.level = \"error\" }", R"({"level":"error"})", true},
                                             {"{ $.level = \"err*\" }", R"({"level":"error"})", true},
                                             {"{ $.level != \"error\" }", R"({"level":"info"})", true},
                                             {"{ $.level = \"error\" }", "level = error", false},
                                             {"{ $.status >= 500 }", R"({"status":503})", true},
                                             {"{ $.status = 5* }", R"({"status":503})", true},
                                             {"{ $.status >= 500 }", R"({"status":"503"})", false},
                                             {"{ $.a.b[1] = 2 }", R"({"a":{"b":[1,2]}})", true},
                                             {"{ $.a IS NULL }", R"({"a":null})", true},
                                             {"{ $.a NOT EXISTS }", R"({"b":1})", true},
                                             {"{ $.a IS TRUE }", R"({"a":true})", true},
                                             {"{ ($.a = 1 || $.a = 2) && $.b = 3 }", R"({"a":2,"b":3})", true},
                                             {"{ ($.a = 1 || $.a = 2) && $.b = 3 }", R"({"a":2,"b":4})", false}}) {
    auto filter = parse_filter_pattern(c.pattern);
    ASSERT_TRUE(filter) << c.pattern << filter.error().message;
    EXPECT_EQ((*filter)(c.message), c.expected) << c.pattern << " | " << c.message;
  }
  EXPECT_EQ(parse_filter_pattern("{ $.a = }").error().code, "InvalidParameterException");
  EXPECT_EQ(parse_filter_pattern("\"open").error().code, "InvalidParameterException");
  EXPECT_EQ(parse_filter_pattern("[a, b]").error().status, 501);
}

}  // namespace
}  // namespace ads::cloud::logs
