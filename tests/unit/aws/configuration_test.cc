#include "aws/configuration.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "aws/endpoint.h"
#include "aws/services.h"

namespace ads::aws {
namespace {

using testing::HasSubstr;

// A home directory with the two shared files, and the environment that points at it.
class SharedFilesTest : public testing::Test {
 protected:
  SharedFilesTest() {
    home_ = testing::TempDir() + "/ads_aws_" + std::to_string(::getpid()) + "_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(home_ + "/.aws");
    set("HOME", home_);
  }
  ~SharedFilesTest() override { std::filesystem::remove_all(home_); }

  void config(std::string_view text) { std::ofstream(home_ + "/.aws/config") << text; }
  void credentials(std::string_view text) { std::ofstream(home_ + "/.aws/credentials") << text; }
  void set(std::string name, std::string value) { environment_[std::move(name)] = std::move(value); }
  Result<Configuration> load() { return load_configuration(fixed_variables(environment_)); }
  std::string endpoint(const ServiceName& service) {
    auto configuration = load();
    if (!configuration) return configuration.error().message;
    auto found = resolve_endpoint(*configuration, service);
    return found ? found->origin.scheme + "://" + found->origin.authority() + found->base_path : found.error().code;
  }

  std::string home_;
  std::map<std::string, std::string, std::less<>> environment_;
};

TEST_F(SharedFilesTest, nothing_configured) {
  auto loaded = load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->profile, "default");
  EXPECT_EQ(loaded->region, "");
  auto region = loaded->region_or_error();
  ASSERT_FALSE(region);
  EXPECT_EQ(region.error().code, "NoRegion");
  EXPECT_THAT(region.error().message, HasSubstr("AWS_REGION"));
}

TEST_F(SharedFilesTest, region_from_the_most_specific_place) {
  config("[default]\nregion = eu-central-1\n[profile other]\nregion = us-west-2\n");
  EXPECT_EQ(load()->region, "eu-central-1");
  set("AWS_PROFILE", "other");
  EXPECT_EQ(load()->region, "us-west-2");
  set("AWS_DEFAULT_REGION", "eu-west-3");
  EXPECT_EQ(load()->region, "eu-west-3");
  set("AWS_REGION", "eu-west-1");
  EXPECT_EQ(load()->region, "eu-west-1");
}

TEST_F(SharedFilesTest, form_of_the_files) {
  config(
      "# a comment\n; another\n[default]\r\nregion=eu-west-1   # behind a value\r\n"
      "output = json ; as well\ns3 =\n  addressing_style = path\n  max_concurrent_requests=20\nurl = http://a/#b\n"
      "[profile \"two words\"]\nregion = us-east-1\n[sso-session x]\nsso_region = r\n[other]\nregion = "
      "not-a-profile\n");
  credentials("[default]\naws_access_key_id = AKID\naws_secret_access_key = abc=def/+\nregion = from-credentials\n");
  auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->settings["aws_secret_access_key"], "abc=def/+");
  EXPECT_EQ(loaded->settings["output"], "json");
  EXPECT_EQ(loaded->settings["s3.addressing_style"], "path");
  EXPECT_EQ(loaded->settings["s3.max_concurrent_requests"], "20");
  EXPECT_EQ(loaded->settings["url"], "http://a/#b");
  EXPECT_EQ(loaded->region, "from-credentials");  // the credentials file wins
  EXPECT_TRUE(loaded->files.profiles.contains("two words"));
  EXPECT_FALSE(loaded->files.profiles.contains("other"));
}

TEST_F(SharedFilesTest, errors_name_the_line) {
  config("[default]\nregion\n");
  EXPECT_THAT(load().error().message, HasSubstr("config:2: expected 'name = value'"));
  config("region = a\n");
  EXPECT_THAT(load().error().message, HasSubstr("config:1: a setting before the first [section]"));
  config("[default\n");
  EXPECT_THAT(load().error().message, HasSubstr("needs its ']'"));
}

TEST_F(SharedFilesTest, unknown_profile_and_bad_number) {
  set("AWS_PROFILE", "absent");
  EXPECT_THAT(load().error().message, HasSubstr("profile 'absent'"));
  environment_.erase("AWS_PROFILE");
  set("AWS_MAX_ATTEMPTS", "5");
  EXPECT_EQ(load()->max_attempts, 5);
  set("AWS_MAX_ATTEMPTS", "many");
  EXPECT_EQ(load().error().code, "BadConfiguration");
}

TEST_F(SharedFilesTest, files_elsewhere) {
  std::ofstream(home_ + "/elsewhere") << "[default]\nregion = eu-north-1\n";
  set("AWS_CONFIG_FILE", "~/elsewhere");
  EXPECT_EQ(load()->region, "eu-north-1");
}

TEST_F(SharedFilesTest, endpoints_from_the_most_specific_place) {
  set("AWS_REGION", "eu-west-1");
  EXPECT_EQ(endpoint(kDynamoDb), "https://dynamodb.eu-west-1.amazonaws.com");
  config(
      "[default]\nendpoint_url = http://file:1\nservices = mine\n[services mine]\ndynamodb =\n  endpoint_url = "
      "http://file:2\n");
  EXPECT_EQ(endpoint(kSqs), "http://file:1");
  EXPECT_EQ(endpoint(kDynamoDb), "http://file:2");
  set("AWS_ENDPOINT_URL", "http://variable:1/base/");
  EXPECT_EQ(endpoint(kSqs), "http://variable:1/base");
  EXPECT_EQ(endpoint(kDynamoDb), "http://variable:1/base");
  set("AWS_ENDPOINT_URL_DYNAMODB", "http://variable:2");
  EXPECT_EQ(endpoint(kDynamoDb), "http://variable:2");
  set("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "https://[::1]:8443");
  EXPECT_EQ(endpoint(kLogs), "https://[::1]:8443");
  set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  EXPECT_EQ(endpoint(kDynamoDb), "https://dynamodb.eu-west-1.amazonaws.com");
}

TEST_F(SharedFilesTest, hosts_by_service_and_partition) {
  struct Case {
    const char* region;
    const ServiceName& service;
    const char* url;
  };
  const Case cases[] = {
      {"us-east-1", kS3, "https://s3.us-east-1.amazonaws.com"},
      {"eu-west-1", kSesV2, "https://email.eu-west-1.amazonaws.com"},
      {"eu-west-1", kLogs, "https://logs.eu-west-1.amazonaws.com"},
      {"eu-west-1", kSts, "https://sts.eu-west-1.amazonaws.com"},
      {"cn-north-1", kSqs, "https://sqs.cn-north-1.amazonaws.com.cn"},
      {"us-gov-west-1", kSns, "https://sns.us-gov-west-1.amazonaws.com"},
      {"us-iso-east-1", kSns, "https://sns.us-iso-east-1.c2s.ic.gov"},
      {"us-isob-east-1", kSns, "https://sns.us-isob-east-1.sc2s.sgov.gov"},
      {"eusc-de-east-1", kSns, "https://sns.eusc-de-east-1.amazonaws.eu"},
      {"evil.example/", kSns, "BadEndpoint"},
  };
  for (auto& [region, service, url] : cases) {
    set("AWS_REGION", region);
    EXPECT_EQ(endpoint(service), url);
  }
  set("AWS_ENDPOINT_URL", "localhost:4566");
  EXPECT_EQ(endpoint(kSqs), "BadEndpoint");
}

TEST(BucketAddresses, virtual_hosted_for_amazon_else_path_style) {
  Endpoint amazon{{"https", "s3.eu-west-1.amazonaws.com", 443}, "", Endpoint::Kind::amazon};
  Endpoint custom{{"http", "127.0.0.1", 4566}, "/base", Endpoint::Kind::custom};
  struct Case {
    const Endpoint& endpoint;
    const char* bucket;
    const char* host;
    const char* path;
  };
  const Case cases[] = {
      {amazon, "my-bucket", "my-bucket.s3.eu-west-1.amazonaws.com", ""},
      {amazon, "my.bucket", "s3.eu-west-1.amazonaws.com", "/my.bucket"},
      {amazon, "My_Bucket", "s3.eu-west-1.amazonaws.com", "/My_Bucket"},
      {custom, "my-bucket", "127.0.0.1", "/base/my-bucket"},
  };
  for (auto& [endpoint, bucket, host, path] : cases) {
    auto address = bucket_address(endpoint, bucket);
    EXPECT_EQ(address.origin.host, host);
    EXPECT_EQ(address.path, path);
  }
}

}  // namespace
}  // namespace ads::aws
