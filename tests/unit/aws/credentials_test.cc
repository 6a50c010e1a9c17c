#include "aws/credentials.h"

#include <gmock/gmock.h>

#include <fstream>

#include "aws/configuration.h"
#include "aws/credential_sources.h"
#include "http/client.h"
#include "unit/aws/loopback.h"

namespace ads::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const SystemTime kNow = *parse_iso8601("2026-11-22T16:20:05Z");

class Chain : public testing::Test {
 protected:
  Chain() { set("AWS_EC2_METADATA_DISABLED", "true"); }
  void set(std::string name, std::string value) { environment[std::move(name)] = std::move(value); }
  Result<Credentials> get() {
    if (!source) source = default_credentials(http, configuration, fixed_variables(environment), clock);
    return run(io, source->get());
  }
  std::string expiring(std::string id, std::chrono::minutes in) {
    return R"({"Version":1,"Code":"Success","AccessKeyId":")" + id +
           R"(","SecretAccessKey":"s","Token":"t","Expiration":")" + iso8601_seconds(clock.now() + in) + R"("})";
  }

  asio::io_context io;
  http::Client http{io.get_executor()};
  ManualClock clock{kNow};
  Configuration configuration;
  std::map<std::string, std::string, std::less<>> environment;
  std::shared_ptr<CredentialSource> source;
};

TEST_F(Chain, says_what_was_tried) {
  auto found = get();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::denied);
  EXPECT_EQ(found.error().code, "NoCredentials");
  EXPECT_THAT(found.error().message, AllOf(HasSubstr("environment"), HasSubstr("shared files (profile 'default'"),
                                           HasSubstr("container"), HasSubstr("instance metadata")));
}

TEST_F(Chain, environment_first) {
  configuration.settings = {{"aws_access_key_id", "FILE"}, {"aws_secret_access_key", "file"}};
  set("AWS_ACCESS_KEY_ID", "VARIABLE");
  set("AWS_SECRET_ACCESS_KEY", "secret");
  set("AWS_SESSION_TOKEN", "token");
  auto found = get();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->access_key_id, "VARIABLE");
  EXPECT_EQ(found->session_token, "token");
}

TEST_F(Chain, half_a_key_is_an_error) {
  set("AWS_ACCESS_KEY_ID", "VARIABLE");
  EXPECT_THAT(get().error().message, HasSubstr("AWS_SECRET_ACCESS_KEY is not"));
}

TEST_F(Chain, profile) {
  configuration.settings = {{"aws_access_key_id", "FILE"}, {"aws_secret_access_key", "file"}};
  EXPECT_EQ(get()->access_key_id, "FILE");
}

TEST_F(Chain, profile_that_only_the_cli_understands) {
  configuration.settings = {{"sso_session", "corp"}};
  EXPECT_THAT(get().error().message, HasSubstr("aws configure export-credentials"));
}

TEST_F(Chain, credential_process) {
  configuration.settings = {
      {"credential_process",
       R"(printf '{"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"s","SessionToken":"t"}')"}};
  auto found = get();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->access_key_id, "PROC");
  EXPECT_EQ(found->session_token, "t");
}

TEST_F(Chain, credential_process_that_fails_or_talks_nonsense) {
  configuration.settings = {{"credential_process", "exit 3"}};
  EXPECT_THAT(get().error().message, HasSubstr("status 3"));
  configuration.settings = {{"credential_process", "echo secret-looking text"}};
  EXPECT_THAT(get().error().message, AllOf(HasSubstr("JSON"), Not(HasSubstr("secret-looking text did"))));
}

TEST_F(Chain, container_with_a_token_and_renewal) {
  Scripted server(io);
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/creds?a=b");
  set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc");
  server.reply(200, expiring("FIRST", std::chrono::minutes(60)));
  auto found = get();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->access_key_id, "FIRST");
  EXPECT_EQ(server.requests[0].target, "/creds?a=b");
  EXPECT_EQ(server.requests[0].headers.get_or("Authorization", ""), "Basic abc");

  clock.advance(std::chrono::minutes(54));
  EXPECT_EQ(get()->access_key_id, "FIRST");
  EXPECT_EQ(server.requests.size(), 1u);  // kept
  clock.advance(std::chrono::minutes(2));
  server.reply(200, expiring("SECOND", std::chrono::minutes(60)));
  EXPECT_EQ(get()->access_key_id, "SECOND");
}

TEST_F(Chain, old_credentials_serve_to_their_end_where_renewing_fails) {
  Scripted server(io);
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/");
  server.reply(200, expiring("FIRST", std::chrono::minutes(10)));
  EXPECT_TRUE(get());
  clock.advance(std::chrono::minutes(6));
  server.reply(500, "down");
  EXPECT_EQ(get()->access_key_id, "FIRST");
  EXPECT_EQ(get()->access_key_id, "FIRST");
  EXPECT_EQ(server.requests.size(), 2u);  // the renewal is not tried for every call
  clock.advance(std::chrono::minutes(5));
  server.reply(500, "down");
  EXPECT_THAT(get().error().message, HasSubstr("answered 500"));
}

TEST_F(Chain, many_calls_at_once_fetch_once) {
  Scripted server(io);
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/");
  server.reply(200, expiring("FIRST", std::chrono::minutes(60)));
  source = default_credentials(http, configuration, fixed_variables(environment), clock);
  int good = 0;
  for (int i = 0; i < 10; ++i)
    asio::co_spawn(io, source->get(),
                   [&](std::exception_ptr, Result<Credentials> found) { good += found.has_value(); });
  io.restart();
  while (good < 10 && io.run_one() > 0) {
  }
  EXPECT_EQ(server.requests.size(), 1u);
}

TEST_F(Chain, container_over_plain_http_on_a_network) {
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1/creds");
  EXPECT_THAT(get().error().message, HasSubstr("plain http to 192.0.2.1 is not allowed"));
}

TEST_F(Chain, instance_metadata_version_2) {
  Scripted server(io);
  set("AWS_EC2_METADATA_DISABLED", "false");
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
  server.reply(200, "TOKEN").reply(200, "the-role").reply(200, expiring("INSTANCE", std::chrono::minutes(60)));
  auto found = get();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->access_key_id, "INSTANCE");
  EXPECT_EQ(server.requests[0].method, "PUT");
  EXPECT_EQ(server.requests[0].target, "/latest/api/token");
  EXPECT_EQ(server.requests[2].target, "/latest/meta-data/iam/security-credentials/the-role");
  EXPECT_EQ(server.requests[2].headers.get_or("X-aws-ec2-metadata-token", ""), "TOKEN");
}

TEST_F(Chain, instance_without_a_role) {
  Scripted server(io);
  set("AWS_EC2_METADATA_DISABLED", "false");
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
  server.reply(200, "TOKEN").reply(404, "");
  EXPECT_THAT(get().error().message, HasSubstr("the instance has no role"));
}

TEST(ParseCredentials, refuses_what_is_none) {
  for (auto text :
       {"", "[]", "{}", R"({"AccessKeyId":"a"})", R"({"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"soon"})",
        R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"m"})"})
    EXPECT_EQ(parse_credentials(text, "x").error().code, "BadCredentials") << text;
}

}  // namespace
}  // namespace ads::aws
