// The rules that need no process: names, filters, verdicts, policies, lines, packages.
#include <gmock/gmock.h>

#include <fstream>

#include "city.h"
#include "cloud/lambda/event_filter.h"
#include "cloud/lambda/function_name.h"
#include "cloud/lambda/queue_event.h"
#include "cloud/lambda/report.h"
#include "cloud/lambda/router.h"

namespace ads::cloud::lambda {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(FunctionNames, are_read_in_every_form) {
  struct Case {
    std::string_view text, name, qualifier, error;
  };
  for (auto& c : std::initializer_list<Case>{
           {"f", "f", "", ""},
           {"f:live", "f", "live", ""},
           {"function:f", "f", "", ""},
           {"000000000000:function:f:7", "f", "7", ""},
           {"arn:aws:lambda:eu-central-1:000000000000:function:f", "f", "", ""},
           {"arn:aws:lambda:eu-central-1:000000000000:function:f:$LATEST", "f", "$LATEST", ""},
           {"arn:aws:lambda:us-east-1:000000000000:function:f", "", "", "ResourceNotFoundException"},
           {"111111111111:function:f", "", "", "ResourceNotFoundException"},
           {"f g", "", "", "ValidationException"},
           {"", "", "", "ValidationException"},
           {"a:b:c", "", "", "ValidationException"}}) {
    auto parsed = parse_function_name(c.text, "eu-central-1", "000000000000");
    EXPECT_EQ(parsed ? parsed->name : "", c.name) << c.text;
    EXPECT_EQ(parsed ? parsed->qualifier : "", c.qualifier) << c.text;
    EXPECT_EQ(parsed ? "" : parsed.error().code, c.error) << c.text;
  }
}

TEST(EventFilters, match_as_aws_describes) {
  struct Case {
    std::string_view pattern, event;
    bool expected;
  };
  for (auto& c : std::initializer_list<Case>{{R"({"a":["x"]})", R"({"a":"x"})", true},
                                             {R"({"a":["x"]})", R"({"a":"y"})", false},
                                             {R"({"a":["x"]})", R"({})", false},
                                             {R"({"a":["x","y"],"b":[1]})", R"({"a":"y","b":1.0})", true},
                                             {R"({"a":{"b":[null]}})", R"({"a":{"b":null}})", true},
                                             {R"({"a":[""]})", R"({"a":""})", true},
                                             {R"({"a":[{"prefix":"ab"}]})", R"({"a":"abc"})", true},
                                             {R"({"a":[{"suffix":".csv"}]})", R"({"a":"x.csv"})", true},
                                             {R"({"a":[{"anything-but":["x","y"]}]})", R"({"a":"z"})", true},
                                             {R"({"a":[{"anything-but":["x"]}]})", R"({"a":"x"})", false},
                                             {R"({"a":[{"anything-but":{"prefix":"x"}}]})", R"({"a":"yx"})", true},
                                             {R"({"a":[{"numeric":[">",0,"<=",5]}]})", R"({"a":5})", true},
                                             {R"({"a":[{"numeric":[">",0,"<=",5]}]})", R"({"a":0})", false},
                                             {R"({"a":[{"numeric":["=",5]}]})", R"({"a":"5"})", false},
                                             {R"({"a":[{"exists":true}]})", R"({"a":null})", true},
                                             {R"({"a":[{"exists":false}]})", R"({"b":1})", true},
                                             {R"({"a":{"b":[{"exists":false}]}})", R"({})", true},
                                             {R"({"a":[{"equals-ignore-case":"ABC"}]})", R"({"a":"abc"})", true},
                                             {R"({"a":["x"]})", R"({"a":["w","x"]})", true},
                                             {R"({"$or":[{"a":[1]},{"b":[2]}]})", R"({"b":2})", true},
                                             {R"({"$or":[{"a":[1]},{"b":[2]}],"c":[3]})", R"({"b":2})", false}}) {
    auto pattern = parse_event_pattern(c.pattern);
    ASSERT_TRUE(pattern) << c.pattern << pattern.error().message;
    EXPECT_EQ(matches(*pattern, *parse_json_object(c.event)), c.expected) << c.pattern << " " << c.event;
  }
  for (auto* bad : {R"([])", R"({"a":"x"})", R"({"a":[]})", R"({"a":[{"wildcard":"*"}]})",
                    R"({"a":[{"numeric":["<"]}]})", R"({"a":[{"exists":1}]})"})
    EXPECT_FALSE(parse_event_pattern(bad)) << bad;
}

TEST(EventFilters, compare_bodies_of_like_kind_only) {
  auto filter = [](const char* text) { return std::vector<json::object>{*parse_event_pattern(text)}; };
  json::object text{{"body", "plain"}}, json_body{{"body", R"({"k":1})"}};
  EXPECT_TRUE(passes({}, text));
  EXPECT_TRUE(passes(filter(R"({"body":["plain"]})"), text));
  EXPECT_FALSE(passes(filter(R"({"body":{"k":[1]}})"), text));
  EXPECT_TRUE(passes(filter(R"({"body":{"k":[1]}})"), json_body));
  EXPECT_FALSE(passes(filter(R"({"body":[{"exists":true}]})"), json_body));
}

TEST(BatchAnswers, follow_awss_rules) {
  std::vector<ReceivedMessage> batch{{.message_id = "a", .receipt_handle = "ha"},
                                     {.message_id = "b", .receipt_handle = "hb"}};
  struct Case {
    std::string_view response, removed;
  };
  for (auto& c : std::initializer_list<Case>{{"", "ha,hb,"},
                                             {"null", "ha,hb,"},
                                             {"{}", "ha,hb,"},
                                             {R"({"batchItemFailures":[]})", "ha,hb,"},
                                             {R"({"batchItemFailures":null})", "ha,hb,"},
                                             {R"({"batchItemFailures":[{"itemIdentifier":"b"}]})", "ha,"},
                                             {R"({"batchItemFailures":[{"itemIdentifier":""}]})", ""},
                                             {R"({"batchItemFailures":[{"itemIdentifier":null}]})", ""},
                                             {R"({"batchItemFailures":[{"id":"b"}]})", ""},
                                             {R"({"batchItemFailures":[{"itemIdentifier":"c"}]})", ""},
                                             {R"({"batchItemFailures":"b"})", ""},
                                             {R"(no json)", ""},
                                             {R"([1])", ""}}) {
    std::string removed;
    for (auto& handle : judge_item_failures(batch, c.response).to_remove) removed += handle + ",";
    EXPECT_EQ(removed, c.removed) << c.response;
  }
}

TEST(QueueEvents, have_lambdas_shape) {
  ReceivedMessage message{.message_id = "m", .receipt_handle = "h", .body = "b", .md5_of_body = "5"};
  message.attributes["N"] = {"Number", "7"};
  message.attributes["B"] = {"Binary", std::string("\0\1", 2)};
  message.system_attributes["SentTimestamp"] = "1";
  EXPECT_EQ(
      json::serialize(queue_record(message, "arn:q", "r")),
      R"({"messageId":"m","receiptHandle":"h","body":"b","attributes":{"SentTimestamp":"1"},"messageAttributes":{)"
      R"("B":{"binaryValue":"AAE=","stringListValues":[],"binaryListValues":[],"dataType":"Binary"},)"
      R"("N":{"stringValue":"7","stringListValues":[],"binaryListValues":[],"dataType":"Number"}},)"
      R"("md5OfBody":"5","eventSource":"aws:sqs","eventSourceARN":"arn:q","awsRegion":"r"})");
}

TEST(Reports, are_worded_as_lambdas) {
  Function function{.name = "f", .memory = 128};
  Report report{"id", Duration(163.378), Duration(152.371), 38u << 20, "", ""};
  EXPECT_EQ(report_line(function, report, {}),
            "REPORT RequestId: id\tDuration: 163.38 ms\tBilled Duration: 316 ms\tMemory Size: 128 MB\tMax Memory Used: "
            "38 MB\tInit Duration: 152.37 ms\t\n");
  EXPECT_EQ(start_line(function, "id", {}), "START RequestId: id Version: $LATEST\n");
  EXPECT_EQ(init_report_line(function, Duration(10000.121), "init", "timeout", "", {}),
            "INIT_REPORT Init Duration: 10000.12 ms\tPhase: init\tStatus: timeout\n");
  EXPECT_EQ(timeout_message(std::chrono::seconds(3)), "Task timed out after 3.00 seconds");
  function.log_format = "JSON";
  EXPECT_THAT(report_line(function, report, {}),
              HasSubstr(R"("type":"platform.report","record":{"requestId":"id","metrics":{"durationMs":1.63378E2)"));
}

TEST(Routes, are_the_models) {
  auto route = find_route("GET", "/2015-03-31/functions/arn%3Aaws%3Alambda/policy?Qualifier=live");
  ASSERT_TRUE(route);
  EXPECT_EQ(route->operation, "GetPolicy");
  EXPECT_EQ(route->members.at("FunctionName"), "arn:aws:lambda");
  EXPECT_EQ(route->members.at("Qualifier"), "live");
  EXPECT_EQ(find_route("POST", "/2015-03-31/event-source-mappings/")->operation, "CreateEventSourceMapping");
  EXPECT_EQ(find_route("DELETE", "/2017-03-31/tags/arn:aws:lambda:r:0:function:f?tagKeys=a&tagKeys=b")
                ->members.at("tagKeys")
                .as_array()
                .size(),
            2u);
  EXPECT_FALSE(find_route("GET", "/2015-03-31/nothing"));
}

struct Packages : testing::Test {
  std::filesystem::path directory = std::filesystem::temp_directory_path() / ("ads-zip-" + random_hex(12));
  Packages() { std::filesystem::create_directories(directory); }
  ~Packages() override { std::filesystem::remove_all(directory); }
  Result<std::uint64_t> unpack(const std::string& bytes) {
    std::ofstream(directory / "p.zip", std::ios::binary) << bytes;
    return walk_zip(directory / "p.zip", directory / "out");
  }
};

TEST_F(Packages, are_unpacked_with_their_folders) {
  EXPECT_EQ(*unpack(zip_of({{"bootstrap", "12345"}, {"lib/deep/file", "678"}})), 8u);
  EXPECT_EQ(std::filesystem::file_size(directory / "out/lib/deep/file"), 3u);
}

TEST_F(Packages, never_leave_their_directory) {
  for (auto* name : {"../evil", "a/../../evil", "/etc/evil"}) {
    auto outcome = unpack(zip_of({{name, "x"}}));
    if (!outcome) EXPECT_EQ(outcome.error().code, "UnsafePath") << name;
    EXPECT_FALSE(std::filesystem::exists(directory / "evil"));
    EXPECT_FALSE(std::filesystem::exists("/etc/evil"));
  }
}

TEST_F(Packages, that_are_no_zip_are_refused) {
  EXPECT_EQ(unpack("not a zip").error().code, "BadZip");
}

// ---- Operations that keep state ----

using Functions = City;

TEST_F(Functions, are_created_described_and_deleted) {
  function("f", bootstrap("return 1"), {{"Tags", {{"k", "v"}}}});
  auto got = act(get_function, {{"FunctionName", "f"}});
  ASSERT_TRUE(got);
  auto& configuration = got->at("Configuration").as_object();
  EXPECT_EQ(configuration.at("FunctionArn"), json::value(arn("f")));
  EXPECT_EQ(configuration.at("State"), "Active");
  EXPECT_EQ(configuration.at("Version"), "$LATEST");
  EXPECT_EQ(got->at("Tags").at("k"), "v");
  EXPECT_EQ(act(list_functions, {})->at("Functions").as_array().size(), 1u);
  ASSERT_TRUE(act(delete_function, {{"FunctionName", "f"}}));
  auto gone = act(get_function, {{"FunctionName", "f"}});
  EXPECT_EQ(gone.error().message, "Function not found: " + arn("f"));
  EXPECT_TRUE(std::filesystem::is_empty(store->blob_directory() / "lambda"));
}

TEST_F(Functions, are_refused_with_the_reason) {
  auto refused = [&](json::object more) {
    json::object input{{"FunctionName", "f"},
                       {"Runtime", "provided.al2023"},
                       {"Handler", "main"},
                       {"Role", "arn:aws:iam::000000000000:role/r"},
                       {"Code", {{"ZipFile", to_base64(zip_of({{"bootstrap", "x"}}))}}}};
    for (auto& [key, value] : more) input[key] = value;
    auto made = act(create_function, input);
    return made ? "made" : made.error().code + ": " + made.error().message;
  };
  EXPECT_THAT(refused({{"Runtime", "python3.12"}}), HasSubstr("runs provided.al2023 and provided.al2 only"));
  EXPECT_THAT(refused({{"MemorySize", 64}}), HasSubstr("Member must have value greater than or equal to 128"));
  EXPECT_THAT(refused({{"Timeout", 901}}), HasSubstr("Member must have value less than or equal to 900"));
  EXPECT_THAT(refused({{"Environment", {{"Variables", {{"AWS_REGION", "x"}}}}}}),
              HasSubstr("Reserved keys used in this request: AWS_REGION"));
  EXPECT_THAT(refused({{"Code", {{"ZipFile", "bm8gemlw"}}}}), HasSubstr("Could not unzip uploaded file"));
  EXPECT_THAT(refused({{"Layers", json::array{json::value("arn")}}}), HasSubstr("NotImplemented"));
#if defined(__x86_64__)
  EXPECT_THAT(refused({{"Architectures", json::array{json::value("arm64")}}}),
              HasSubstr("Architecture arm64 cannot run here: this machine is x86_64"));
#endif
  EXPECT_EQ(refused({}), "made");
  EXPECT_EQ(refused({}), "ResourceConflictException: Function already exist: f");
}

TEST_F(Functions, keep_their_published_versions) {
  function("f", bootstrap("return 'one'"));
  EXPECT_EQ(act(publish_version, {{"FunctionName", "f"}})->at("Version"), "1");
  EXPECT_EQ(act(publish_version, {{"FunctionName", "f"}})->at("Version"), "1");  // nothing changed
  ASSERT_TRUE(act(update_function_code,
                  {{"FunctionName", "f"}, {"ZipFile", to_base64(zip_of({{"bootstrap", bootstrap("return 'two'")}}))}}));
  EXPECT_EQ(act(publish_version, {{"FunctionName", "f"}})->at("Version"), "2");
  ASSERT_TRUE(act(create_alias, {{"FunctionName", "f"}, {"Name", "live"}, {"FunctionVersion", "1"}}));
  auto live = lambda->parts().state.resolve(kRegion, {"f", "live"});
  ASSERT_TRUE(live);
  EXPECT_EQ(run(lambda->parts().pool.invoke(*live, {.request_id = "r", .payload = "{}"}))->payload, "\"one\"");
  EXPECT_EQ(act(list_versions_by_function, {{"FunctionName", "f"}})->at("Versions").as_array().size(), 3u);
  EXPECT_EQ(act(delete_function, {{"FunctionName", "f"}, {"Qualifier", "1"}}).error().code,
            "ResourceConflictException");
}

TEST_F(Functions, have_policies_that_name_their_conditions) {
  function("f", bootstrap("return 1"));
  EXPECT_EQ(act(get_policy, {{"FunctionName", "f"}}).error().status, 404);
  json::object input{{"FunctionName", "f"},
                     {"StatementId", "s"},
                     {"Action", "lambda:InvokeFunction"},
                     {"Principal", "sns.amazonaws.com"},
                     {"SourceArn", "arn:aws:sns:*:*:t"}};
  EXPECT_EQ(
      get_string(*act(add_permission, input), "Statement"),
      R"({"Sid":"s","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":")" +
          arn("f") + R"(","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:sns:*:*:t"}}})");
  EXPECT_EQ(act(add_permission, input).error().status, 409);
  EXPECT_TRUE(act(remove_permission, {{"FunctionName", "f"}, {"StatementId", "s"}}));
  EXPECT_EQ(act(get_policy, {{"FunctionName", "f"}}).error().status, 404);
}

}  // namespace
}  // namespace ads::cloud::lambda
