#include "cli/template_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/builtin_template.h"
#include "cli/given_parameters.h"
#include "cli/nearest.h"
#include "cli/packageable.h"

namespace ads::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr const char* kTemplate = R"(Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - Parameters: [Size, Name]
Parameters:
  Name:
    Type: String
    AllowedPattern: '[a-z]{2,4}'
    ConstraintDescription: two to four small letters
    Description: What it is called.
  Size:
    Type: Number
    Default: 5
    MinValue: 1
    MaxValue: 10
  Kind:
    Type: String
    Default: ''
    AllowedValues: ['', big, small]
  Pin:
    Type: String
    Default: '1234'
    MinLength: 4
    MaxLength: 6
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Name
)";

TemplateFile parsed(std::string text = kTemplate) {
  auto file = parse_template(std::move(text), "t.yaml");
  EXPECT_TRUE(file) << file.error().message;
  return file ? std::move(*file) : TemplateFile{};
}

TEST(TemplateFile, KnowsTheLineOfEachParameter) {
  auto file = parsed();
  std::map<std::string, int> lines;
  for (const auto& parameter : file.parameters) lines[parameter.name] = parameter.line;
  EXPECT_THAT(lines, UnorderedElementsAre(Pair("Name", 6), Pair("Size", 11), Pair("Kind", 16), Pair("Pin", 20)));
}

TEST(TemplateFile, KnowsTheLinesOfJsonToo) {
  auto file = parsed("{\n \"Parameters\": {\n  \"Name\" : {\"Type\": \"String\"}\n },\n \"Resources\": {\"Q\": {}}\n}");
  ASSERT_EQ(file.parameters.size(), 1u);
  EXPECT_EQ(file.parameters[0].line, 3);
}

TEST(TemplateFile, RefusesWhatIsNoTemplate) {
  struct Case {
    const char *name, *text, *words;
  };
  for (const Case& c :
       {Case{"not YAML", "Resources:\n  A: [1\n", "t.yaml: Template format error: YAML not well-formed. (line"},
        Case{"a duplicate key", "Resources:\n  A: 1\n  A: 2\n", "line 3"},
        Case{"an unknown tag", "Resources:\n  A: !Reff B\n", "unknown tag !Reff (line 2)"},
        Case{"no resources", "Parameters: {}\n", "no Resources"}, Case{"a list", "- 1\n", "no Resources"},
        Case{"empty", "", "Template format error"}}) {
    auto file = parse_template(c.text, "t.yaml");
    ASSERT_FALSE(file) << c.name;
    EXPECT_EQ(file.error().code, "BadTemplate") << c.name;
    EXPECT_THAT(file.error().message, HasSubstr(c.words)) << c.name;
  }
}

TEST(TemplateFile, ComplainsOfValuesWithTheirLines) {
  auto file = parsed();
  struct Case {
    const char* name;
    ParameterMap given;
    const char* words;  // empty: no complaint
  };
  for (const Case& c : {
           Case{"good", {{"Name", "abc"}, {"Size", "10"}, {"Kind", "big"}}, ""},
           Case{
               "unknown, near", {{"Name", "abc"}, {"Sise", "1"}}, "t.yaml has no parameter 'Sise': did you mean Size?"},
           Case{"unknown, far", {{"Name", "abc"}, {"Colour", "1"}}, "it has Name, Size, Kind, Pin"},
           Case{"pattern", {{"Name", "ABC"}}, "parameter Name: 'ABC' must be two to four small letters (t.yaml:6)"},
           Case{"no number", {{"Name", "abc"}, {"Size", "many"}}, "parameter Size: 'many' is not a number (t.yaml:11)"},
           Case{"too small", {{"Name", "abc"}, {"Size", "0"}}, "0 is below 1 (t.yaml:11)"},
           Case{"too large", {{"Name", "abc"}, {"Size", "11"}}, "11 is above 10"},
           Case{"not allowed", {{"Name", "abc"}, {"Kind", "huge"}}, "'huge' is none of '', big, small (t.yaml:16)"},
           Case{"too short", {{"Name", "abc"}, {"Pin", "1"}}, "shorter than 4"},
           Case{"too long", {{"Name", "abc"}, {"Pin", "1234567"}}, "longer than 6"},
           Case{"missing",
                {},
                "parameter Name has no value: give it with --parameters Name=... (t.yaml:6) - What it is called."},
       }) {
    auto checked = check_parameters(file, c.given, {});
    EXPECT_EQ(checked.has_value(), *c.words == '\0') << c.name;
    if (!checked) EXPECT_THAT(checked.error().message, HasSubstr(c.words)) << c.name;
  }
  auto both = check_parameters(file, {{"Size", "0"}, {"Kind", "huge"}}, {"Name"});
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().message,
              testing::AllOf(HasSubstr("0 is below"), HasSubstr("'huge'"), Not(HasSubstr("Name"))));
  EXPECT_TRUE(check_parameters(file, {}, {"Name"})) << "the stack has it already";
}

TEST(TemplateFile, TheBuiltInOneIsGood) {
  auto file = parse_template(std::string(builtin_template()), "resources.yaml");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_LE(file->text.size(), 51'200u) << "CloudFormation takes no more in a request: it would have to be in S3";
  for (const auto& parameter : file->parameters) {
    EXPECT_GT(parameter.line, 0) << parameter.name;
    if (parameter.default_value)
      EXPECT_EQ(complaint(parameter, *parameter.default_value), std::nullopt) << parameter.name;
  }
}

TEST(GivenParameters, ReadsEveryFormOfAFile) {
  struct Case {
    const char *name, *text;
  };
  for (const Case& c : {
           Case{"an object", R"({"A": "1", "B": "x=y"})"},
           Case{"numbers", R"({"A": 1, "B": "x=y"})"},
           Case{"CodePipeline's", R"({"Parameters": {"A": "1", "B": "x=y"}, "Tags": {"t": "u"}})"},
           Case{"the aws CLI's",
                R"([{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": "x=y"}])"},
           Case{"pairs in JSON", R"(["A=1", "B=x=y"])"},
           Case{"lines", "# mine\n\nA=1\r\n  B=x=y  \n"},
           Case{"a byte order mark", "\xEF\xBB\xBF{\"A\": \"1\", \"B\": \"x=y\"}"},
       }) {
    auto given = parse_parameters_file(c.text, "f");
    ASSERT_TRUE(given) << c.name << ": " << given.error().message;
    EXPECT_THAT(*given, UnorderedElementsAre(Pair("A", "1"), Pair("B", "x=y"))) << c.name;
  }
  EXPECT_TRUE(parse_parameters_file(" \n", "f")->empty());
}

TEST(GivenParameters, NamesWhatIsWrong) {
  EXPECT_THAT(parse_pairs({"A"}).error().message, HasSubstr("'A' is not of the form Name=Value"));
  EXPECT_THAT(parse_pairs({"=1"}).error().message, HasSubstr("'=1'"));
  EXPECT_THAT(parse_pairs({"A=1", "A=2"}).error().message, HasSubstr("given twice: '1' and '2'"));
  EXPECT_TRUE(parse_pairs({"A=1", "A=1", "B="}));
  struct Case {
    const char *text, *words;
  };
  for (const Case& c :
       {Case{"{\"A\": [1]}", "f: the value of 'A'"}, Case{"[1]", "this one is 1"}, Case{"{\"A\"", "f: "},
        Case{"A=1\nB\n", "f: 'B' is not of the form"}, Case{R"([{"ParameterKey": "A"}])", "ParameterValue"}}) {
    auto given = parse_parameters_file(c.text, "f");
    ASSERT_FALSE(given) << c.text;
    EXPECT_THAT(given.error().message, HasSubstr(c.words)) << c.text;
  }
}

TEST(Nearest, FindsATypingMistakeAndNoMore) {
  std::vector<std::string> known{"MaxRetries", "ReportTo", "ReportFrom"};
  EXPECT_EQ(nearest("MaxRetrys", known), "MaxRetries");
  EXPECT_EQ(nearest("reportto", known), "ReportTo");
  EXPECT_EQ(nearest("Colour", known), std::nullopt);
}

TEST(Packageable, PutsAPathInPlaceOfTheParameters) {
  auto text = packageable(builtin_template(), "dist/function.zip");
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_THAT(*text, Not(HasSubstr("!Ref CodeBucket")));
  auto file = parse_template(*text, "packaged");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->parameter("CodeBucket"), nullptr);
  EXPECT_EQ(file->parameter("CodeKey"), nullptr);
  int functions = 0;
  for (const auto& resource : file->document.at("Resources").as_object()) {
    if (resource.value().at("Type") != "AWS::Lambda::Function") continue;
    EXPECT_EQ(resource.value().at("Properties").at("Code"), "dist/function.zip");
    ++functions;
  }
  EXPECT_GE(functions, 2);
  auto before = parse_template(std::string(builtin_template()), "before");
  EXPECT_EQ(file->document.at("Resources").as_object().size(), before->document.at("Resources").as_object().size());
  EXPECT_EQ(file->parameters.size() + 2, before->parameters.size());
  EXPECT_FALSE(packageable("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n", "x.zip"));
}

TEST(Packageable, ReadsBlocksAndFlowMappings) {
  const std::string packaged =
      "Parameters:\n  CodeVersion:\n    Type: String\nResources:\n  F:\n    Properties:\n      Code: \"a b.zip\"\n"
      "      Handler: dispatch\n";
  for (const char* code : {
           "      Code:\n        S3Bucket: !Ref CodeBucket\n        S3Key: !Ref CodeKey\n",
           "      Code: { S3Bucket: !Ref CodeBucket, S3Key: !Ref CodeKey }\n",
           "      Code: {\n        S3Bucket: !Ref CodeBucket,\n        S3Key: !Ref CodeKey }\n",
           "      Code: { S3Key: !Ref CodeKey,\n              S3Bucket: !Ref CodeBucket }\n",
       }) {
    std::string text =
        "Parameters:\n  CodeBucket: { Type: String }\n  CodeKey:\n    Type: String\n  CodeVersion:\n    Type: String\n"
        "Resources:\n  F:\n    Properties:\n" +
        std::string(code) + "      Handler: dispatch\n";
    auto out = packageable(text, "a b.zip");
    ASSERT_TRUE(out) << code;
    EXPECT_EQ(*out, packaged) << code;
  }
  // Code that stands in the template, or in a bucket by name, is not ours to replace.
  EXPECT_FALSE(packageable("Resources:\n  F:\n    Properties:\n      Code: { ZipFile: 'x' }\n", "x.zip"));
}

}  // namespace
}  // namespace ads::cli
