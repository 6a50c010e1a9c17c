#include <gmock/gmock.h>

#include "aws/logs/client.h"
#include "aws/sts/client.h"
#include "unit/aws/loopback.h"

namespace ads::aws {
namespace {

class Answers : public testing::Test {
 protected:
  Answers() {
    Configuration configuration;
    configuration.region = "eu-west-1";
    configuration.endpoints[""] = server.url() + "/base";
    connection.emplace(io.get_executor(), configuration, fixed_credentials({"AKID", "secret"}));
  }
  asio::io_context io;
  Scripted server{io};
  std::optional<Connection> connection;
};

TEST_F(Answers, caller_identity) {
  server.reply(
      200,
      "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"
      "<Arn>arn:aws:iam::000000000000:root</Arn><UserId>u</UserId><Account>000000000000</Account>"
      "</GetCallerIdentityResult></GetCallerIdentityResponse>");
  auto caller = run(io, sts::Client(*connection).get_caller_identity());
  ASSERT_TRUE(caller) << caller.error().message;
  EXPECT_EQ(caller->account, "000000000000");
  EXPECT_EQ(server.requests[0].target, "/base/");
  EXPECT_EQ(server.requests[0].body, "Action=GetCallerIdentity&Version=2011-06-15");
}

TEST_F(Answers, assumed_role) {
  server.reply(
      200,
      "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s"
      "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-22T17:20:05Z</Expiration></Credentials>"
      "<AssumedRoleUser><Arn>a</Arn><AssumedRoleId>i</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></"
      "AssumeRoleResponse>");
  auto role = run(io, sts::Client(*connection)
                          .assume_role({.role_arn = "arn:r", .session_name = "s", .duration = std::chrono::hours(1)}));
  ASSERT_TRUE(role) << role.error().message;
  EXPECT_EQ(role->credentials.session_token, "t");
  EXPECT_EQ(iso8601_seconds(*role->credentials.expires), "2026-11-22T17:20:05Z");
  EXPECT_EQ(server.requests[0].body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=s&DurationSeconds=3600");
  server.reply(200, "<AssumeRoleResponse/>");
  EXPECT_EQ(run(io, sts::Client(*connection).assume_role({})).error().code, "MalformedAnswer");
}

TEST_F(Answers, log_events) {
  server.reply(
      200,
      R"({"events":[{"timestamp":1795364405123,"message":"START","logStreamName":"s","eventId":"1"}],"nextToken":"t"})");
  logs::FilterLogEventsInput input{
      .group = "/aws/lambda/f", .pattern = "ERROR", .start = SystemTime(std::chrono::milliseconds(5))};
  auto found = run(io, logs::Client(*connection).filter_log_events(input));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->events[0].message, "START");
  EXPECT_EQ(found->events[0].time.time_since_epoch().count(), 1795364405123);
  EXPECT_EQ(found->next_token, "t");
  EXPECT_EQ(server.requests[0].headers.get_or("X-Amz-Target", ""), "Logs_20140328.FilterLogEvents");
  EXPECT_EQ(server.requests[0].body, R"({"logGroupName":"/aws/lambda/f","filterPattern":"ERROR","startTime":5})");

  server.reply(200, R"({"logStreams":[{"logStreamName":"a","lastEventTimestamp":7}]})");
  auto streams = run(
      io,
      logs::Client(*connection).describe_log_streams({.group = "g", .order = logs::StreamOrder::newest_event_first}));
  EXPECT_EQ(streams->streams[0].name, "a");
  EXPECT_EQ(server.requests[1].body, R"({"logGroupName":"g","orderBy":"LastEventTime","descending":true})");

  server.reply(200, R"({"events":[],"nextForwardToken":"f","nextBackwardToken":"b"})");
  auto events =
      run(io, logs::Client(*connection).get_log_events({.group = "g", .stream = "s", .from = logs::ReadFrom::head}));
  EXPECT_EQ(events->next_forward_token, "f");
  EXPECT_EQ(server.requests[2].body, R"({"logGroupName":"g","logStreamName":"s","startFromHead":true})");
}

}  // namespace
}  // namespace ads::aws
