// The calls that deploying and examining a stack need: change sets in detail, bucket settings, quotas, mail account.
#include <gmock/gmock.h>

#include "aws/cloudformation/client.h"
#include "aws/lambda/client.h"
#include "aws/s3/client.h"
#include "aws/servicequotas/client.h"
#include "aws/sesv2/client.h"
#include "unit/aws/loopback.h"

namespace ads::aws {
namespace {

using testing::HasSubstr;

class Deployments : public testing::Test {
 protected:
  Deployments() {
    Configuration configuration;
    configuration.region = "eu-west-1";
    configuration.max_attempts = 1;
    configuration.endpoints[""] = server.url();
    connection.emplace(io.get_executor(), configuration, fixed_credentials({"AKID", "secret"}));
  }
  const http::Request& last() const { return server.requests.back(); }
  asio::io_context io;
  Scripted server{io};
  std::optional<Connection> connection;
};

TEST_F(Deployments, a_change_says_its_properties_and_what_becomes_of_the_old_resource) {
  server.reply(
      200,
      "<DescribeChangeSetResponse><DescribeChangeSetResult><Status>CREATE_COMPLETE</Status><Changes><member>"
      "<Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>T</LogicalResourceId>"
      "<ResourceType>AWS::DynamoDB::Table</ResourceType><Replacement>True</Replacement>"
      "<PolicyAction>ReplaceAndRetain</PolicyAction><Details><member><Target><Attribute>Properties</Attribute>"
      "<Name>KeySchema</Name><Path>/Properties/KeySchema</Path><RequiresRecreation>Always</RequiresRecreation>"
      "<BeforeValue>a</BeforeValue><AfterValue>b</AfterValue></Target></member></Details></ResourceChange></member>"
      "<member><Type>Hook</Type></member></Changes></DescribeChangeSetResult></DescribeChangeSetResponse>");
  auto found = run(io, cloudformation::Client(*connection).describe_change_set("", "arn:c"));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(last().body, HasSubstr("IncludePropertyValues=true"));
  ASSERT_EQ(found->changes.size(), 1u);
  const auto& change = found->changes[0];
  EXPECT_EQ(change.policy_action, "ReplaceAndRetain");
  ASSERT_EQ(change.details.size(), 1u);
  EXPECT_EQ(change.details[0].name, "KeySchema");
  EXPECT_EQ(change.details[0].path, "/Properties/KeySchema");
  EXPECT_EQ(change.details[0].recreation, "Always");
  EXPECT_EQ(change.details[0].before, "a");
  EXPECT_EQ(change.details[0].after, "b");
}

TEST_F(Deployments, requests_that_change_a_stack) {
  cloudformation::Client client(*connection);
  server.reply(200, "<ExecuteChangeSetResponse/>").reply(200, "<DeleteStackResponse/>");
  EXPECT_TRUE(run(io, client.execute_change_set("", "arn:c", "token")));
  EXPECT_EQ(last().body, "Action=ExecuteChangeSet&Version=2010-05-15&ChangeSetName=arn%3Ac&ClientRequestToken=token");
  EXPECT_TRUE(run(io, client.delete_stack("s", {"A", "B"})));
  EXPECT_EQ(last().body,
            "Action=DeleteStack&Version=2010-05-15&StackName=s&RetainResources.member.1=A&RetainResources.member.2=B");
  server.reply(200, "<R><ValidateTemplateResult/></R>");
  EXPECT_TRUE(run(io, client.validate_template({.body = std::nullopt, .url = "https://b/t"})));
  EXPECT_EQ(last().body, "Action=ValidateTemplate&Version=2010-05-15&TemplateURL=https%3A%2F%2Fb%2Ft");
  EXPECT_TRUE(cloudformation::is_no_stack({ErrorKind::invalid, "ValidationError", "Stack with id x does not exist"}));
  EXPECT_FALSE(cloudformation::is_no_stack({ErrorKind::denied, "AccessDenied", "the role does not exist"}));
}

TEST_F(Deployments, bucket_settings_bear_the_owner_and_a_checksum) {
  s3::Client client(*connection, "123456789012");
  struct Case {
    s3::BucketSetting setting;
    const char* target;
  };
  for (const Case& c :
       {Case{s3::BucketSetting::public_access_block, "/b?publicAccessBlock"},
        Case{s3::BucketSetting::ownership_controls, "/b?ownershipControls"},
        Case{s3::BucketSetting::encryption, "/b?encryption"}, Case{s3::BucketSetting::versioning, "/b?versioning"},
        Case{s3::BucketSetting::lifecycle, "/b?lifecycle"}, Case{s3::BucketSetting::policy, "/b?policy"}}) {
    server.reply(200, "");
    EXPECT_TRUE(run(io, client.put_bucket_setting("b", c.setting, "document"))) << c.target;
    EXPECT_EQ(last().method, "PUT");
    EXPECT_EQ(last().target, c.target);
    EXPECT_EQ(last().body, "document");
    EXPECT_EQ(last().headers.get_or("x-amz-expected-bucket-owner", ""), "123456789012");
    EXPECT_TRUE(last().headers.has("x-amz-checksum-crc32c"));
  }
  server.reply(404, "<Error><Code>NoSuchBucketPolicy</Code><Message>m</Message></Error>");
  auto policy = run(io, client.get_bucket_policy("b"));
  EXPECT_EQ(policy.error().kind, ErrorKind::not_found);
  EXPECT_EQ(policy.error().code, "NoSuchBucketPolicy");
}

TEST_F(Deployments, versions_and_delete_markers_in_their_order) {
  server.reply(200,
               "<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
               "<NextKeyMarker>a%2Bb</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker>"
               "<DeleteMarker><Key>a%2Bb</Key><VersionId>v1</VersionId></DeleteMarker>"
               "<Version><Key>a%2Bb</Key><VersionId>v2</VersionId></Version></ListVersionsResult>");
  auto page =
      run(io, s3::Client(*connection)
                  .list_object_versions(
                      {.bucket = "b", .prefix = "a", .key_marker = "k", .version_id_marker = "v", .max_keys = 2}));
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(last().target, "/b?versions&encoding-type=url&prefix=a&key-marker=k&version-id-marker=v&max-keys=2");
  ASSERT_EQ(page->versions.size(), 2u);
  EXPECT_EQ(page->versions[0].key, "a+b");
  EXPECT_EQ(page->versions[0].kind, s3::VersionKind::delete_marker);
  EXPECT_EQ(page->versions[1].version_id, "v2");
  EXPECT_EQ(page->next_key_marker, "a+b");
  EXPECT_EQ(page->next_version_id_marker, "v2");
}

TEST_F(Deployments, what_the_account_allows) {
  server.reply(200, R"({"AccountLimit":{"ConcurrentExecutions":1000,"UnreservedConcurrentExecutions":900}})");
  auto settings = run(io, lambda::Client(*connection).get_account_settings());
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(last().target, "/2016-08-19/account-settings");
  EXPECT_EQ(settings->concurrent_executions, 1000);
  EXPECT_EQ(settings->unreserved_concurrent_executions, 900);
  server.reply(200, "{}");
  EXPECT_EQ(run(io, lambda::Client(*connection).get_account_settings()).error().code, "MalformedAnswer");

  server.reply(200,
               R"({"Quotas":[{"QuotaCode":"L-1","QuotaName":"n","Value":300.0},{"QuotaName":"x"}],"NextToken":"t"})");
  auto quotas = run(io, servicequotas::Client(*connection).list_service_quotas("sns"));
  ASSERT_TRUE(quotas) << quotas.error().message;
  EXPECT_EQ(last().headers.get_or("X-Amz-Target", ""), "ServiceQuotasV20190624.ListServiceQuotas");
  EXPECT_EQ(last().body, R"({"ServiceCode":"sns"})");
  ASSERT_EQ(quotas->quotas.size(), 1u);
  EXPECT_EQ(quotas->quotas[0].value, 300);
  EXPECT_EQ(quotas->next_token, "t");
}

TEST_F(Deployments, the_mail_account_and_its_identities) {
  server.reply(200, R"({"ProductionAccessEnabled":false,"SendingEnabled":true,"EnforcementStatus":"HEALTHY",)"
                    R"("SendQuota":{"Max24HourSend":200.0,"MaxSendRate":1.0,"SentLast24Hours":3}})");
  sesv2::Client client(*connection);
  auto account = run(io, client.get_account());
  ASSERT_TRUE(account) << account.error().message;
  EXPECT_FALSE(account->is_in_production);
  EXPECT_TRUE(account->is_sending_on);
  EXPECT_EQ(account->most_in_24_hours, 200);
  EXPECT_EQ(account->sent_last_24_hours, 3);
  server.reply(200,
               R"({"IdentityType":"EMAIL_ADDRESS","VerifiedForSendingStatus":true,"VerificationStatus":"SUCCESS"})");
  auto identity = run(io, client.get_email_identity("a+b@x.org"));
  ASSERT_TRUE(identity) << identity.error().message;
  EXPECT_EQ(last().target, "/v2/email/identities/a%2Bb%40x.org");
  EXPECT_TRUE(identity->is_verified);
  server.reply(404, R"({"message":"no"})", {{"x-amzn-errortype", "NotFoundException"}});
  EXPECT_EQ(run(io, client.get_email_identity("x")).error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace ads::aws
