// Every intrinsic function, as a table.
#include "cloud/cloudformation/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cloud/cloudformation/yaml.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::string_view kTemplate = R"(
Parameters:
  Stage: {Type: String}
  Zones: {Type: CommaDelimitedList}
Mappings:
  Sizes:
    prod: {memory: 1024, names: [a, b]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Equals ['1', 1]]
  Either: !Or [!Condition IsTest, !Condition IsProd]
  Never: !And [!Condition IsTest, !Condition IsProd]
Resources:
  Queue: {Type: T}
  New: {Type: T}
  Hidden: {Type: T, Condition: IsTest}
)";

class Resolving : public ::testing::Test {
 protected:
  Resolving() : template_(read_template(kTemplate).value()) { EXPECT_TRUE(resolver_.decide_conditions()); }
  std::string resolve(std::string_view text) {
    auto document = read_document("v: " + std::string(text));
    if (!document) return document.error().message;
    auto value = resolver_.resolve(document->at("v"));
    if (!value) return value.error().message;
    return *value ? json::serialize(**value) : "nothing";
  }

  Template template_;
  ParameterValues values_{{"Stage", "prod"}, {"Zones", "x, y"}};
  ResourceState queue_{"url", "url", {{"Arn", "arn:q"}, {"Deep.Name", "deep"}, {"List", json::array{"l"}}}};
  Resolver resolver_{template_,
                     values_,
                     {"000000000000", "eu-west-1", "arn:stack", "demo"},
                     [this](std::string_view name) { return name == "Queue" ? &queue_ : nullptr; },
                     [](std::string_view name) -> std::optional<std::string> {
                       return name == "known" ? std::optional<std::string>("value") : std::nullopt;
                     }};
};

TEST_F(Resolving, values) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"!Ref Stage", R"("prod")"},
      {"!Ref Zones", R"(["x","y"])"},
      {"!Ref Queue", R"("url")"},
      {"!Ref New", "null"},
      {"!Ref AWS::NoValue", "nothing"},
      {"[1, !Ref AWS::NoValue, 2]", "[1,2]"},
      {"{a: !Ref AWS::NoValue, b: 1}", R"({"b":1})"},
      {"!Ref AWS::Region", R"("eu-west-1")"},
      {"!Ref AWS::AccountId", R"("000000000000")"},
      {"!Ref AWS::StackId", R"("arn:stack")"},
      {"!Ref AWS::Partition", R"("aws")"},
      {"!Ref AWS::URLSuffix", R"("amazonaws.com")"},
      {"!GetAtt Queue.Arn", R"("arn:q")"},
      {"!GetAtt Queue.Deep.Name", R"("deep")"},
      {"!GetAtt [Queue, Arn]", R"("arn:q")"},
      {"!GetAtt New.Arn", "null"},
      {"!GetAtt Queue.Nope", "resource Queue does not support attribute type Nope in Fn::GetAtt"},
      {"!Ref Hidden", "Unresolved resource dependencies [Hidden]"},
      {"!Sub '${Stage}-${AWS::StackName}-${Queue.Arn}-${!Literal}'", R"("prod-demo-arn:q-${Literal}")"},
      {"!Sub ['${A}${Stage}', {A: !Ref AWS::Region}]", R"("eu-west-1prod")"},
      {"!Sub 'x${New}'", "null"},
      {"!Sub '${Queue.List}'", "variable Queue.List in Fn::Sub expression does not resolve to a string"},
      {"!Join ['-', [a, !Ref Stage, 1]]", R"("a-prod-1")"},
      {"!Join [',', !Ref Zones]", R"("x,y")"},
      {"!Join ['', [a, !Ref New]]", "null"},
      {"!Select [1, !Ref Zones]", R"("y")"},
      {"!Select ['0', [a, b]]", R"("a")"},
      {"!Select [2, [a, b]]", "cannot select nonexistent value at index 2"},
      {"!Split [':', 'a:b:']", R"(["a","b",""])"},
      {"!Select [1, !Split ['-', a-b]]", R"("b")"},
      {"!Base64 abc", R"("YWJj")"},
      {"!If [IsProd, 1, 2]", "1"},
      {"!If [IsTest, 1, !Ref AWS::NoValue]", "nothing"},
      {"!If [Nope, 1, 2]", "Unresolved condition dependencies [Nope]"},
      {"!FindInMap [Sizes, !Ref Stage, memory]", "1024"},
      {"!FindInMap [Sizes, test, memory]", "Unable to get mapping for Sizes::test::memory"},
      {"!FindInMap [Sizes, !Select [0, [prod]], memory]", "Fn::FindInMap takes strings, Ref and Fn::FindInMap only"},
      {"!FindInMap [Nope, test, memory]", "Mapping named 'Nope' is not present"},
      {"!FindInMap [Sizes, test, memory, {DefaultValue: 1}]", "requires three parameters"},
      {"!Sub ['${A}', {A: !Sub ['${B}', {B: !Join ['', [x, !Ref Stage]]}]}]", R"("xprod")"},
      {"!GetAZs us-west-2", R"(["us-west-2a","us-west-2b","us-west-2c"])"},
      {"{'Fn::GetAZs': !Ref AWS::Region}", R"(["eu-west-1a","eu-west-1b","eu-west-1c"])"},
      {"!ImportValue known", R"("value")"},
      {"!ImportValue other", "No export named other found."},
      {"!GetAZs ''", R"(["eu-west-1a","eu-west-1b","eu-west-1c"])"},
      {"!Cidr [10.0.0.0/16, 2, 8]", R"(["10.0.0.0/24","10.0.1.0/24"])"},
      {"!Cidr [10.0.0.0/30, 2, 8]", "cannot cut 10.0.0.0/30"},
      {"!Equals [1, 1]", "allowed in the Conditions block only"},
      {"{'Fn::Nope': 1}", "Unrecognized function Fn::Nope"},
      {"{'Fn::Join': ['', []], b: 1}", "must be the only member"},
  };
  for (const auto& [text, expected] : cases) {
    const auto got = resolve(text);
    const bool is_value = expected == "nothing" || parse_json(expected);
    if (is_value) {
      EXPECT_EQ(got, expected) << text;
    } else {
      EXPECT_NE(got.find(expected), std::string::npos) << text << ": " << got;
    }
  }
}

TEST_F(Resolving, conditions) {
  EXPECT_TRUE(resolver_.holds("IsProd"));
  EXPECT_FALSE(resolver_.holds("IsTest"));
  EXPECT_TRUE(resolver_.holds("Both"));
  EXPECT_TRUE(resolver_.holds("Either"));
  EXPECT_FALSE(resolver_.holds("Never"));
  EXPECT_TRUE(resolver_.holds(""));
}

TEST(Resolver, what_functions_produce_is_bounded) {
  const auto parsed = read_template("Parameters: {P: {Type: String}}\nResources: {R: {Type: T}}\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const ParameterValues values{{"P", std::string(4000, 'x')}};
  const auto resolve = [&](const json::value& value) {
    Resolver resolver(*parsed, values, {}, [](auto) { return nullptr; }, [](auto) { return std::nullopt; });
    auto resolved = resolver.resolve(value);
    return resolved ? std::string("resolved") : resolved.error().message;
  };
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "${P}";
  const json::array references(5000, json::object{{"Ref", "P"}});
  for (const json::value& value : {json::value(json::object{{"Fn::Sub", text}}), json::value(references),
                                   json::value(json::object{{"Fn::Join", json::array{"", references}}})})
    EXPECT_THAT(resolve(value), ::testing::HasSubstr("produce more than"));
  EXPECT_EQ(resolve(json::array(1000, json::object{{"Ref", "P"}})), "resolved");
}

TEST(Conditions, a_cycle_is_refused) {
  const auto parsed =
      read_template("Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\nResources: {R: {Type: T}}\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const ParameterValues none;
  Resolver resolver(*parsed, none, {}, [](auto) { return nullptr; }, [](auto) { return std::nullopt; });
  const auto decided = resolver.decide_conditions();
  ASSERT_FALSE(decided);
  EXPECT_NE(decided.error().message.find("Circular dependency between conditions"), std::string::npos);
}

}  // namespace
}  // namespace ads::cloud::cloudformation
