#include "cli/deploy_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/adoption.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;

TEST(DeployValues, AStacksName) {
  for (const char* name : {"ads", "a", "Ads-2"}) EXPECT_TRUE(check_stack_name(name)) << name;
  EXPECT_TRUE(check_stack_name(std::string(128, 'a')));
  for (std::string name : {std::string(), std::string("2ads"), std::string("-a"), std::string("a_b"),
                           std::string("a b"), std::string("ads.test"), std::string("größe"), std::string(129, 'a')}) {
    auto checked = check_stack_name(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, "BadStackName");
  }
}

TEST(DeployValues, ZonesAndAddressesAreCheckedTogether) {
  ParameterMap good{{"TimeZone", "Europe/Rome"}, {"ReportFrom", "ads@bücher.example"}, {"ReportTo", "a@b.de, c@d.de"}};
  ASSERT_TRUE(check_values(good));
  EXPECT_EQ(good["ReportFrom"], "ads@xn--bcher-kva.example");
  EXPECT_EQ(good["ReportTo"], "a@b.de,c@d.de");
  ParameterMap empty{{"ReportFrom", ""}, {"ReportTo", ""}};
  EXPECT_TRUE(check_values(empty));
  ParameterMap bad{{"TimeZone", "Europe/Atlantis"}, {"ReportFrom", "ads"}, {"ReportTo", "a@b.de,c"}};
  auto checked = check_values(bad);
  ASSERT_FALSE(checked);
  for (const char* said : {"TimeZone", "Europe/Atlantis", "ReportFrom", "'ads'", "ReportTo", "'c'"})
    EXPECT_THAT(checked.error().message, testing::HasSubstr(said));
}

TEST(Adoption, LooksAtTheNewestDeletedStackOfTheNameFirst) {
  auto at = [](int second) { return SystemTime(std::chrono::seconds(second)); };
  auto found = earlier_stacks({{"id-1", "ads", "DELETE_COMPLETE", at(1), at(10)},
                               {"id-2", "other", "DELETE_COMPLETE", at(1), at(90)},
                               {"id-3", "ads", "DELETE_COMPLETE", at(1), at(30)},
                               {"id-4", "ads", "CREATE_COMPLETE", at(1), std::nullopt}},
                              "ads");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].id, "id-3");
  EXPECT_EQ(found[1].id, "id-1");
}

TEST(Adoption, TakesOnlyWhatTheDeletionLeft) {
  std::vector<cfn::StackResource> resources{
      {"UsersTable", "ads-UsersTable-1", "AWS::DynamoDB::Table", "DELETE_SKIPPED", "", {}},
      {"RunsTable", "ads-RunsTable-1", "AWS::DynamoDB::Table", "DELETE_COMPLETE", "", {}}};
  EXPECT_EQ(left_behind(resources, "UsersTable", "AWS::DynamoDB::Table"), "ads-UsersTable-1");
  EXPECT_EQ(left_behind(resources, "RunsTable", "AWS::DynamoDB::Table"), std::nullopt);
  EXPECT_EQ(left_behind(resources, "UsersTable", "AWS::S3::Bucket"), std::nullopt);
}

}  // namespace
}  // namespace ads::cli
