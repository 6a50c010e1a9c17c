#include "cli/change_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ads::cli {
namespace {

using aws::cloudformation::Change;
using aws::cloudformation::PropertyChange;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> texts(const std::vector<Line>& lines) {
  std::vector<std::string> out;
  for (const auto& line : lines) out.push_back(line.text);
  return out;
}

Change change(std::string action, std::string id, std::string type, std::string replacement = "",
              std::string policy = "") {
  return {std::move(action), std::move(id), "", std::move(type), std::move(replacement), std::move(policy), {}};
}

TEST(ChangeList, SaysEachKindByItsSign) {
  std::vector<Change> changes{change("Add", "Runs", "AWS::DynamoDB::Table"),
                              change("Modify", "Role", "AWS::IAM::Role", "False"),
                              change("Modify", "Fn", "AWS::Lambda::Function", "True"),
                              change("Modify", "Map", "AWS::Lambda::EventSourceMapping", "Conditional"),
                              change("Remove", "Old", "AWS::IAM::Policy")};
  EXPECT_THAT(texts(describe_changes(changes)),
              ElementsAre("  + Runs  AWS::DynamoDB::Table", "  ~ Role  AWS::IAM::Role",
                          "  ! Fn    AWS::Lambda::Function   replaced by a new one",
                          "  ! Map   AWS::Lambda::EventSourceMapping   may be replaced by a new one",
                          "  - Old   AWS::IAM::Policy   removed"));
  EXPECT_EQ(summarise(changes), "1 to add, 1 to modify, 1 to replace if need be, 1 to replace, 1 to remove");
  EXPECT_EQ(summarise({}), "nothing but the stack's own settings");
}

TEST(ChangeList, SaysPropertiesAsFarAsTheServiceDoes) {
  struct Case {
    const char* name;
    PropertyChange detail;
    const char* line;
  };
  for (const Case& c : {
           Case{"name only", {"Properties", "MemorySize", "", "Never", {}, {}}, "      MemorySize"},
           Case{"values", {"Properties", "MemorySize", "", "Never", "512", "1024"}, "      MemorySize: 512 -> 1024"},
           Case{"a path",
                {"Properties", "Environment", "/Properties/Environment/Variables/MAX_RETRIES", "Never", "1", "2"},
                "      Environment.Variables.MAX_RETRIES: 1 -> 2"},
           Case{"added", {"Properties", "KmsKeyId", "", "Never", {}, "alias/k"}, "      KmsKeyId: alias/k"},
           Case{"gone", {"Properties", "KmsKeyId", "", "Never", "alias/k", {}}, "      KmsKeyId: alias/k -> nothing"},
           Case{"not in place",
                {"Properties", "QueueName", "", "Always", {}, {}},
                "      QueueName   (cannot be changed in place)"},
           Case{"perhaps not in place",
                {"Properties", "FunctionName", "", "Conditionally", {}, {}},
                "      FunctionName   (may not be changeable in place)"},
           Case{"tags", {"Tags", "", "", "Never", {}, {}}, "      Tags"},
       }) {
    auto modified = change("Modify", "X", "AWS::X::Y", "False");
    modified.details = {c.detail, c.detail};  // two causes of one change are said once
    EXPECT_THAT(texts(describe_changes(std::vector{modified})), ElementsAre("  ~ X  AWS::X::Y", c.line)) << c.name;
  }
}

TEST(ChangeList, WarnsOfWhatIsLost) {
  struct Case {
    const char* name;
    Change change;
    Tone tone;
    const char* words;
  };
  for (const Case& c : {
           Case{"a table replaced, deleted", change("Modify", "T", "AWS::DynamoDB::Table", "True", "ReplaceAndDelete"),
                Tone::danger, "it holds items. The new one starts empty; the old one is deleted with what is in it."},
           Case{"a table replaced, kept", change("Modify", "T", "AWS::DynamoDB::Table", "True", "ReplaceAndRetain"),
                Tone::warning, "The new one starts empty; the old one is kept"},
           Case{"a bucket removed", change("Remove", "B", "AWS::S3::Bucket", "", "Delete"), Tone::danger,
                "it holds objects. It is deleted if it is empty"},
           Case{"a service that does not say", change("Remove", "Q", "AWS::SQS::Queue"), Tone::danger,
                "unless the template's policy retains it"},
           Case{"perhaps", change("Modify", "T", "AWS::SNS::Topic", "Conditional", "ReplaceAndDelete"), Tone::danger,
                "If it is replaced, the new one starts empty"},
       }) {
    auto lines = describe_changes(std::vector{c.change});
    ASSERT_EQ(lines.size(), 2u) << c.name;
    EXPECT_EQ(lines[0].tone, Tone::warning) << c.name;
    EXPECT_EQ(lines[1].tone, c.tone) << c.name;
    EXPECT_THAT(lines[1].text, testing::AllOf(HasSubstr("WARNING: "), HasSubstr(c.words))) << c.name;
  }
  EXPECT_EQ(describe_changes(std::vector{change("Modify", "T", "AWS::DynamoDB::Table", "False")}).size(), 1u);
  EXPECT_EQ(describe_changes(std::vector{change("Remove", "R", "AWS::IAM::Role")}).size(), 1u);
}

TEST(ChangeList, TheJsonSaysTheSame) {
  auto table = change("Modify", "T", "AWS::DynamoDB::Table", "True", "ReplaceAndDelete");
  table.details = {{"Properties", "KeySchema", "", "Always", {}, {}}};
  auto array = changes_json(std::vector{table});
  const auto& only = array.at(0).as_object();
  EXPECT_EQ(only.at("change"), "replace");
  EXPECT_EQ(only.at("logicalId"), "T");
  EXPECT_EQ(only.at("type"), "AWS::DynamoDB::Table");
  EXPECT_EQ(only.at("details").at(0), "KeySchema   (cannot be changed in place)");
  EXPECT_EQ(only.at("warning"), "it holds items. The new one starts empty; the old one is deleted with what is in it.");
}

}  // namespace
}  // namespace ads::cli
