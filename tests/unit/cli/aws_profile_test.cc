#include "cli/aws_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "cli/aws_arguments.h"

namespace ads::cli {
namespace {

using testing::ElementsAre;

const Settings kSettings{{"region", "eu-central-1"}, {"endpoint_url", "http://127.0.0.1:4566"}};

TEST(AwsProfile, SettingsReplaceTheirOwnLinesOnly) {
  const struct {
    const char *name, *before, *after;
  } cases[] = {
      {"empty file", "", "[profile local]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:4566\n"},
      {"others stay", "# mine\n[default]\nregion=us-east-1\n",
       "# mine\n[default]\nregion=us-east-1\n\n[profile local]\nregion = eu-central-1\n"
       "endpoint_url = http://127.0.0.1:4566\n"},
      {"known", "[ profile  local ]\nregion=x\noutput = json\n# note\ns3 =\n  region = nested\n[default]\nregion=y\n",
       "[ profile  local ]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:4566\noutput = json\n# note\ns3 =\n"
       "  region = nested\n[default]\nregion=y\n"},
      {"no last newline", "[default]\nregion=y",
       "[default]\nregion=y\n\n[profile local]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:4566\n"},
  };
  for (const auto& one : cases) {
    auto text = with_settings(one.before, "profile local", kSettings);
    EXPECT_EQ(text, one.after) << one.name;
    EXPECT_EQ(with_settings(text, "profile local", kSettings), text) << one.name << ", twice";
    EXPECT_EQ(setting_of(text, "profile local", "region"), "eu-central-1") << one.name;
  }
}

class AwsProfileFiles : public testing::Test {
 protected:
  AwsProfileFiles() {
    std::string form = testing::TempDir() + "profileXXXXXX";
    directory_ = ::mkdtemp(form.data());
    files_ = {directory_ + "/config", directory_ + "/credentials"};
  }
  ~AwsProfileFiles() override { std::filesystem::remove_all(directory_); }
  std::string text(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string directory_;
  ProfileFiles files_;
  LocalProfile profile_{"local", "http://127.0.0.1:4566", "eu-central-1", "AKIA", "secret"};
};

TEST_F(AwsProfileFiles, AreWrittenForTheirOwnerAlone) {
  ASSERT_TRUE(write_profile(files_, profile_));
  profile_.endpoint = "http://127.0.0.1:4567";
  ASSERT_TRUE(write_profile(files_, profile_)) << "again, after a restart on another port";
  EXPECT_EQ(setting_of(text(files_.config), "profile local", "endpoint_url"), "http://127.0.0.1:4567");
  EXPECT_EQ(setting_of(text(files_.credentials), "local", "aws_secret_access_key"), "secret");
  struct stat found{};
  ::stat(files_.credentials.c_str(), &found);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(AwsProfileFiles, AProfileOfAwsIsLeftAlone) {
  std::ofstream(files_.config) << "[profile local]\nregion = eu-west-1\n";
  auto written = write_profile(files_, profile_);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "ProfileExists");
  EXPECT_EQ(text(files_.config), "[profile local]\nregion = eu-west-1\n");
  EXPECT_FALSE(std::filesystem::exists(files_.credentials));
  profile_.name = "a]\n[default";
  EXPECT_EQ(write_profile(files_, profile_).error().code, "BadProfile");
}

TEST(AwsArguments, NameTheEndpoint) {
  aws::Configuration configuration;
  configuration.endpoints[""] = "http://all";
  configuration.endpoints["sqs"] = "http://queues";
  auto variables = aws::fixed_variables({{"AWS_ENDPOINT_URL_IAM", "http://iam"}});
  auto words = [&](std::vector<std::string> given, AwsPlace place = {}) {
    return aws_arguments(given, place, configuration, variables);
  };
  EXPECT_THAT(words({"s3", "ls"}), ElementsAre("aws", "--endpoint-url", "http://all", "s3", "ls"));
  EXPECT_THAT(words({"sqs", "x"}), ElementsAre("aws", "--endpoint-url", "http://queues", "sqs", "x"));
  EXPECT_THAT(words({"iam", "x"}), ElementsAre("aws", "--endpoint-url", "http://iam", "iam", "x"));
  EXPECT_THAT(
      words({"sns", "x"}, {"http://flag", "eu-west-1", "p"}),
      ElementsAre("aws", "--endpoint-url", "http://flag", "--region", "eu-west-1", "--profile", "p", "sns", "x"));
  EXPECT_THAT(words({"sns", "x", "--endpoint-url=http://own"}),
              ElementsAre("aws", "sns", "x", "--endpoint-url=http://own"));
  configuration.endpoints.clear();
  EXPECT_THAT(words({"s3", "ls"}), ElementsAre("aws", "s3", "ls"));
}

}  // namespace
}  // namespace ads::cli
