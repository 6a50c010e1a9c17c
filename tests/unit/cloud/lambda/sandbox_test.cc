#include <gmock/gmock.h>

#include "city.h"

namespace ads::cloud::lambda {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

using Sandboxes = City;

TEST_F(Sandboxes, answer_and_stay_warm) {
  function("f", bootstrap("return {'calls': calls, 'pid': os.getpid(), 'event': event}"));
  auto first = invoke("f", R"({"a":1})"), second = invoke("f", R"({"a":2})");
  ASSERT_TRUE(first && first->is_success()) << first->payload;
  auto one = parse_json_object(first->payload), two = parse_json_object(second->payload);
  EXPECT_EQ(two->at("calls"), 2);
  EXPECT_EQ(one->at("pid"), two->at("pid"));
  EXPECT_EQ(two->at("event").at("a"), 2);
  EXPECT_EQ(first->version, "$LATEST");
}

TEST_F(Sandboxes, write_the_lines_that_lambda_writes) {
  function("f", bootstrap("print('hello')\nprint('on stderr', file=sys.stderr)\nsys.stdout.flush()\nreturn 1"));
  auto result = invoke("f");
  ASSERT_TRUE(result);
  ASSERT_TRUE(eventually([&] { return logs.has("REPORT"); }));
  EXPECT_EQ(logs.last_group, "/aws/lambda/f");
  EXPECT_THAT(*logs.streams.begin(), MatchesRegex("[0-9]{4}/[0-9]{2}/[0-9]{2}/\\[\\$LATEST\\][0-9a-f]{32}"));
  ASSERT_EQ(logs.lines.size(), 5u);
  EXPECT_THAT(logs.lines[0], MatchesRegex("START RequestId: [-0-9a-f]{36} Version: \\$LATEST\n"));
  EXPECT_THAT(result->log_tail, HasSubstr("on stderr\n"));
  EXPECT_THAT(logs.lines[3], MatchesRegex("END RequestId: [-0-9a-f]{36}\n"));
  EXPECT_THAT(logs.lines[4], MatchesRegex("REPORT RequestId: [-0-9a-f]{36}\tDuration: [0-9]+\\.[0-9]{2} ms\tBilled "
                                          "Duration: [0-9]+ ms\tMemory Size: 256 MB\t"
                                          "Max Memory Used: [1-9][0-9]* MB\tInit Duration: [0-9]+\\.[0-9]{2} ms\t\n"));
  EXPECT_THAT(result->log_tail, HasSubstr("hello\n"));
}

TEST_F(Sandboxes, have_lambdas_variables_and_nothing_of_ours) {
  ::setenv("OURS", "secret", 1);
  function("f", bootstrap("return dict(os.environ)"),
           {{"Environment", {{"Variables", {{"MINE", "yes"}}}}}, {"Handler", "worker"}});
  auto result = invoke("f");
  auto variables = parse_json_object(result->payload);
  ASSERT_TRUE(variables);
  EXPECT_EQ(variables->at("_HANDLER"), "worker");
  EXPECT_EQ(variables->at("MINE"), "yes");
  EXPECT_EQ(variables->at("AWS_REGION"), kRegion);
  EXPECT_EQ(variables->at("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), "256");
  EXPECT_EQ(variables->at("AWS_ENDPOINT_URL"), "http://127.0.0.1:1");
  EXPECT_FALSE(variables->contains("OURS"));
  EXPECT_FALSE(variables->contains("HOME"));
}

TEST_F(Sandboxes, pass_the_invocations_headers) {
  function("f", bootstrap("return {k.lower(): v for k, v in headers.items()}"));
  auto before = system_clock().now();
  auto headers = parse_json_object(invoke("f")->payload);
  ASSERT_TRUE(headers);
  EXPECT_EQ(headers->at("lambda-runtime-invoked-function-arn"), json::value(arn("f")));
  EXPECT_THAT(std::string(headers->at("lambda-runtime-trace-id").as_string()), testing::StartsWith("Root=1-"));
  auto deadline = std::stoll(std::string(headers->at("lambda-runtime-deadline-ms").as_string()));
  EXPECT_GE(deadline, before.time_since_epoch().count() + 5000);
}

TEST_F(Sandboxes, report_a_handlers_error_and_live_on) {
  function("f", bootstrap("if event.get('bad'): raise ValueError('no good')\nreturn os.getpid()"));
  auto good = invoke("f");
  auto bad = invoke("f", R"({"bad":true})");
  EXPECT_EQ(bad->error_type, "ValueError");
  EXPECT_EQ(bad->payload, R"({"errorType": "ValueError", "errorMessage": "no good"})");
  EXPECT_EQ(invoke("f")->payload, good->payload);
}

TEST_F(Sandboxes, turn_a_crash_into_an_exit_error_and_start_anew) {
  function("f", bootstrap("if event.get('die'): os._exit(3)\nreturn calls"));
  auto dead = invoke("f", R"({"die":true})");
  EXPECT_EQ(dead->error_type, "Runtime.ExitError");
  EXPECT_THAT(dead->payload, HasSubstr("Error: Runtime exited with error: exit status 3"));
  EXPECT_THAT(dead->log_tail, HasSubstr("Status: error\tError Type: Runtime.ExitError\t"));
  EXPECT_EQ(invoke("f")->payload, "1");
}

TEST_F(Sandboxes, are_killed_at_the_functions_timeout) {
  function("f", bootstrap("print('begun', flush=True)\ntime.sleep(30)"), {{"Timeout", 1}});
  auto start = std::chrono::steady_clock::now();
  auto late = invoke("f");
  auto took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(late->error_type, "Sandbox.Timedout");
  EXPECT_THAT(late->payload, HasSubstr("Error: Task timed out after 1.00 seconds"));
  EXPECT_THAT(late->log_tail, HasSubstr("begun\n"));
  EXPECT_THAT(late->log_tail, HasSubstr(" Task timed out after 1.00 seconds\n"));
  EXPECT_THAT(late->log_tail, HasSubstr("Status: timeout\t"));
  EXPECT_LT(took, std::chrono::seconds(4));
}

TEST_F(Sandboxes, are_killed_over_their_memory) {
  function("f",
           bootstrap("x = bytearray(400 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\ntime.sleep(5)\nreturn 1"));
  auto large = invoke("f");
  EXPECT_EQ(large->error_type, "Runtime.OutOfMemory");
  EXPECT_THAT(large->payload, HasSubstr("Runtime exited with error: signal: killed"));
}

TEST_F(Sandboxes, report_an_initialisation_that_says_why) {
  function("f", bootstrap("return 1",
                          "post('init/error', {'errorType': 'Config.Missing', 'errorMessage': 'no table'}, "
                          "{'Lambda-Runtime-Function-Error-Type': 'Config.Missing'})\nsys.exit(1)\n"));
  auto failed = invoke("f");
  EXPECT_EQ(failed->error_type, "Config.Missing");
  EXPECT_THAT(failed->payload, HasSubstr("no table"));
  ASSERT_TRUE(eventually([&] { return logs.has("Phase: invoke"); }));
  EXPECT_TRUE(logs.has("Phase: init\tStatus: error\tError Type: Config.Missing"));
}

TEST_F(Sandboxes, give_an_initialisation_no_more_than_its_limit) {
  limits.init = std::chrono::milliseconds(300);
  restart();
  function("f", bootstrap("return 'late but there'", "time.sleep(0.8)\n"));
  EXPECT_EQ(invoke("f")->payload, "\"late but there\"");
  ASSERT_TRUE(eventually([&] { return logs.has("Phase: init\tStatus: timeout"); }));
}

TEST_F(Sandboxes, say_that_there_is_no_bootstrap) {
  auto zip = to_base64(zip_of({{"other", "x"}}));
  function("f", "", {{"Code", {{"ZipFile", zip}}}});
  auto failed = invoke("f");
  EXPECT_EQ(failed->error_type, "Runtime.InvalidEntrypoint");
  EXPECT_THAT(failed->payload, HasSubstr("Couldn't find valid bootstrap(s)"));
}

TEST_F(Sandboxes, say_that_a_bootstrap_is_no_program) {
  function("f", "no shebang, no ELF");
  EXPECT_THAT(invoke("f")->payload, HasSubstr("exec format error"));
}

TEST_F(Sandboxes, take_new_code_at_once) {
  function("f", bootstrap("return 'old'"));
  EXPECT_EQ(invoke("f")->payload, "\"old\"");
  auto zip = to_base64(zip_of({{"bootstrap", bootstrap("return 'new'")}}));
  ASSERT_TRUE(act(update_function_code, {{"FunctionName", "f"}, {"ZipFile", zip}}));
  EXPECT_EQ(invoke("f")->payload, "\"new\"");
}

TEST_F(Sandboxes, cut_a_response_that_is_too_large) {
  function("f", bootstrap("return 'x' * 7000000"));
  auto large = invoke("f");
  EXPECT_EQ(large->error_type, "Function.ResponseSizeTooLarge");
  EXPECT_THAT(large->payload, HasSubstr("exceeded maximum allowed payload size (6291556 bytes)."));
}

TEST_F(Sandboxes, are_refused_past_the_reserved_concurrency) {
  function("f", bootstrap("return 1"));
  ASSERT_TRUE(act(put_function_concurrency, {{"FunctionName", "f"}, {"ReservedConcurrentExecutions", 0}}));
  auto refused = invoke("f");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "TooManyRequestsException");
  EXPECT_EQ(refused.error().fields.at("Reason"), "ReservedFunctionConcurrentInvocationLimitExceeded");
}

TEST_F(Sandboxes, make_room_for_one_another_at_the_machines_cap) {
  limits.sandboxes = 1;
  restart();
  function("a", bootstrap("return 'a'"));
  function("b", bootstrap("return 'b'"));
  EXPECT_EQ(invoke("a")->payload, "\"a\"");
  EXPECT_EQ(invoke("b")->payload, "\"b\"");
  EXPECT_EQ(invoke("a")->payload, "\"a\"");
}

TEST_F(Sandboxes, end_with_the_cloud) {
  function("f", bootstrap("return os.getpid()"));
  pid_t pid = std::stoi(invoke("f")->payload);
  EXPECT_EQ(::kill(pid, 0), 0);
  restart();
  EXPECT_NE(::kill(pid, 0), 0);
}

}  // namespace
}  // namespace ads::cloud::lambda
