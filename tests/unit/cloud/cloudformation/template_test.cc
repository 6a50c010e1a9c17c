// Templates: what is read from YAML and JSON, and what is refused in which words.
#include "cloud/cloudformation/template.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cloud/cloudformation/parameters.h"
#include "cloud/cloudformation/references.h"
#include "cloud/cloudformation/template_url.h"
#include "cloud/cloudformation/yaml.h"

namespace ads::cloud::cloudformation {
namespace {

json::value yaml(std::string_view text) {
  auto read = read_document(text);
  if (!read) ADD_FAILURE() << read.error().message;
  return read ? *read : json::value();
}

TEST(ReadDocument, short_tags_become_functions) {
  EXPECT_EQ(yaml("a: !Ref B"), parse_json(R"({"a":{"Ref":"B"}})").value());
  EXPECT_EQ(yaml("a: !GetAtt B.C.D"), parse_json(R"({"a":{"Fn::GetAtt":["B","C.D"]}})").value());
  EXPECT_EQ(yaml("a: !Sub 'x${B}'"), parse_json(R"({"a":{"Fn::Sub":"x${B}"}})").value());
  EXPECT_EQ(yaml("a: !Join ['-', [a, !Ref B]]"), parse_json(R"({"a":{"Fn::Join":["-",["a",{"Ref":"B"}]]}})").value());
  EXPECT_EQ(yaml("a: !If [C, !Ref 'AWS::NoValue', 1]"),
            parse_json(R"({"a":{"Fn::If":["C",{"Ref":"AWS::NoValue"},1]}})").value());
  EXPECT_EQ(yaml("a: !Condition C"), parse_json(R"({"a":{"Condition":"C"}})").value());
  EXPECT_EQ(yaml("a:\n  Fn::Sub: x"), parse_json(R"({"a":{"Fn::Sub":"x"}})").value());
}

TEST(ReadDocument, only_what_is_clearly_a_number_or_boolean_is_one) {
  EXPECT_EQ(yaml("a: [1, -2, 1.5, true, False]"), parse_json(R"({"a":[1,-2,1.5,true,false]})").value());
  EXPECT_EQ(yaml("a: [2012-10-17, '1', 012345678901, 1.10, 1e3, yes, on]"),
            parse_json(R"({"a":["2012-10-17","1","012345678901","1.10","1e3","yes","on"]})").value());
}

TEST(ReadDocument, refusals) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a: [", "YAML not well-formed. (line"},
      {"a:\n  b:\n", "'null' values are not allowed in templates"},
      {"a: 1\na: 2", "duplicate key 'a'"},
      {"a: !Reff B", "unknown tag !Reff (line 1)"},
      {"{\"a\": 1,}x", "not well-formed"},
      {"", "unsupported structure."},
      {"a: &x [1]\nb: &y [*x,*x,*x,*x,*x,*x,*x,*x]\nc: &z [*y,*y,*y,*y,*y,*y,*y,*y]\nd: &u [*z,*z,*z,*z,*z,*z,*z,*z]\n"
       "e: &v [*u,*u,*u,*u,*u,*u,*u,*u]\nf: &w [*v,*v,*v,*v,*v,*v,*v,*v]\ng: [*w,*w,*w,*w,*w,*w,*w,*w]",
       "YAML aliases are not allowed in CloudFormation templates (line 1)"},
      {"a: b\nc: &x d", "YAML aliases are not allowed in CloudFormation templates (line 2)"},
      {"a: {b: &x {c: d}}", "aliases are not allowed"},
      {"a: [&x b, *x]", "aliases are not allowed"},
      {"a: *x", "YAML not well-formed"},  // of an anchor that is not there
  };
  for (const auto& [text, words] : cases) {
    const auto read = read_document(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "ValidationError");
    EXPECT_NE(read.error().message.find(words), std::string::npos) << text << ": " << read.error().message;
  }
}

TEST(ReadDocument, a_brace_is_the_last_byte) {
  const std::vector<char> text{'\n', '{'};  // its exact size: a sanitizer sees a step beyond it
  const auto read = read_document({text.data(), text.size()});
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("YAML not well-formed"), std::string::npos) << read.error().message;
}

TEST(ReadTemplate, refusals) {
  const std::string good = "Resources:\n  A:\n    Type: X::Y::Z\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Resources: {}", "At least one Resources member must be defined."},
      {"Foo: 1\n" + good, "Invalid template property or properties [Foo]"},
      {"Transform: AWS::Serverless-2016-10-31\n" + good, "AWS::Serverless-2016-10-31"},
      {"Transform: [AWS::LanguageExtensions]\n" + good, "get-template --template-stage Processed"},
      {"Hooks: {}\n" + good, "Hooks section is not implemented"},
      {"Rules: {R: {Assertions: [{Assert: !Equals [!Ref Q, 1]}]}}\n" + good,
       "Unresolved dependencies [Q] in the Rules block"},
      {"Mappings: {M: {a: 1}}\n" + good, "Every Mappings member M must be a map of maps"},
      {"Mappings: {M: {a: {b: {c: 1}}}}\n" + good, "Every Mappings attribute must be a String or a List: M.a.b"},
      {good + "    Properties: {P: !Transform {Name: 'AWS::Include'}}\n", "Fn::Transform AWS::Include is not expanded"},
      {good + "    Properties: {P: {'Fn::Length': [1]}}\n", "Fn::Length needs the transform AWS::LanguageExtensions"},
      {good + "    DeletionPolicy: Snapshot\n",
       "resource type X::Y::Z (of A) does not support deletion policy Snapshot"},
      {good + "    UpdateReplacePolicy: Snapshot\n", "does not support update replace policy Snapshot"},
      {good + "    DeletionPolicy: !If [C, Retain, Delete]\n", "Every DeletionPolicy member must be a string."},
      {good + "    Metadata: {M: !Ref Q}\n", "Unresolved resource dependencies [Q] in the Resources block"},
      {"AWSTemplateFormatVersion: '2011'\n" + good, "AWSTemplateFormatVersion"},
      {"Resources:\n  A-B:\n    Type: X\n", "Resource name A-B is non alphanumeric."},
      {"Resources:\n  A:\n    Typ: X\n", "Invalid template resource property 'Typ'"},
      {"Resources:\n  A:\n    Properties: {}\n", "must contain a Type member"},
      {good + "    Properties: {P: !Ref Q}\n", "Unresolved resource dependencies [Q] in the Resources block"},
      {good + "    Properties: {P: !Sub 'x${Q.Arn}'}\n", "Unresolved resource dependencies [Q] in the Resources block"},
      {good + "    Condition: C\n", "Unresolved condition dependencies [C]"},
      {good + "    DependsOn: B\n", "Unresolved resource dependencies [B]"},
      {good + "    DeletionPolicy: Keep\n", "Unrecognized DeletionPolicy Keep"},
      {good + "    UpdatePolicy: {}\n", "UpdatePolicy (of resource A) is not implemented"},
      {good + "Outputs:\n  O: {Value: !Ref Q}\n", "Unresolved resource dependencies [Q] in the Outputs block"},
      {good + "Outputs:\n  O: {Valu: 1}\n", "must contain a Value object"},
      {good + "Parameters:\n  P: {}\n", "must contain a Type member"},
      {good + "Parameters:\n  P: {Type: Text}\n", "Unrecognized parameter type: Text"},
      {good + "Parameters:\n  P: {Type: 'AWS::EC2::VPC::Id'}\n", "Parameter type AWS::EC2::VPC::Id"},
      {good + "Parameters:\n  P: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'}\n", "AWS::EC2::Image::Id"},
      {good + "Conditions:\n  C: !Equals [!Ref A, 1]\n", "Cannot reference resources in the Conditions block"},
  };
  for (const auto& [text, words] : cases) {
    const auto read = read_template(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message.find(words), std::string::npos) << text << ": " << read.error().message;
  }
}

TEST(ReadTemplate, the_projects_own_template_is_read) {
  std::ifstream file(std::string(ADS_SOURCE_DIR) + "/resources.yaml");
  std::stringstream text;
  text << file.rdbuf();
  const auto read = read_template(text.str());
  ASSERT_TRUE(read) << read.error().message;
  std::vector<std::string> because;
  EXPECT_EQ(needed_capability(*read, because), "CAPABILITY_IAM");
  Conditions conditions{{"HasReportFrom", true}, {"HasCodeVersion", false}, {"HasFifoTopic", false}};
  EXPECT_TRUE(creation_order(dependencies(*read, conditions)));
}

TEST(Capabilities, a_named_role_needs_more) {
  std::vector<std::string> because;
  EXPECT_EQ(needed_capability(*read_template("Resources: {A: {Type: 'AWS::SQS::Queue'}}"), because), "");
  EXPECT_EQ(needed_capability(*read_template("Resources: {A: {Type: 'AWS::IAM::Role'}}"), because), "CAPABILITY_IAM");
  EXPECT_EQ(
      needed_capability(*read_template("Resources: {A: {Type: 'AWS::IAM::Role', Properties: {RoleName: x}}}"), because),
      "CAPABILITY_NAMED_IAM");
}

TEST(CreationOrder, needs_come_first_and_a_cycle_names_its_members_only) {
  EXPECT_EQ(creation_order({{"A", {"B"}}, {"B", {}}, {"C", {"A"}}}).value(), (std::vector<std::string>{"B", "A", "C"}));
  const auto cycle = creation_order({{"A", {"B"}}, {"B", {"A"}}, {"C", {"A"}}, {"D", {}}});
  ASSERT_FALSE(cycle);
  EXPECT_EQ(cycle.error().message, "Circular dependency between resources: [A, B]");
}

TEST(Dependencies, only_the_branch_taken_counts) {
  const auto parsed = read_template(
      "Conditions: {C: !Equals [1, 1]}\nResources:\n  A: {Type: T, Properties: {P: !If [C, !Ref B, !Ref D]}}\n"
      "  B: {Type: T}\n  D: {Type: T, Condition: C}\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(dependencies(*parsed, {{"C", true}}).at("A"), (std::set<std::string>{"B"}));
  const auto without = dependencies(*parsed, {{"C", false}});
  EXPECT_TRUE(without.at("A").empty());
  EXPECT_FALSE(without.contains("D"));
}

TEST(ChooseValues, refusals) {
  const auto parsed = read_template(
      "Parameters:\n"
      "  Name: {Type: String, AllowedPattern: '[a-z]+', MinLength: 2, MaxLength: 4, Default: abc}\n"
      "  Size: {Type: Number, MinValue: 1, MaxValue: 9, Default: 5}\n"
      "  Kind: {Type: String, AllowedValues: [a, b], Default: a}\n"
      "  Said: {Type: String, AllowedPattern: x, ConstraintDescription: an x, Default: x}\n"
      "  Must: {Type: String}\n"
      "Resources: {A: {Type: T}}\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const auto refusal = [&](std::string_view name, std::string_view value) {
    json::array given{json::object{{"ParameterKey", "Must"}, {"ParameterValue", "m"}}};
    if (!name.empty()) given.push_back(json::object{{"ParameterKey", name}, {"ParameterValue", value}});
    const auto chosen = choose_values(*parsed, given, {});
    return chosen ? std::string() : chosen.error().message;
  };
  EXPECT_EQ(refusal("", ""), "");
  EXPECT_EQ(refusal("Name", "ABC"), "Parameter 'Name' must match pattern [a-z]+");
  EXPECT_EQ(refusal("Name", "a"), "Parameter 'Name' must contain at least 2 characters");
  EXPECT_EQ(refusal("Name", "abcde"), "Parameter 'Name' must contain at most 4 characters");
  EXPECT_EQ(refusal("Size", "0"), "Parameter 'Size' must be a number not less than 1");
  EXPECT_EQ(refusal("Size", "10"), "Parameter 'Size' must be a number not greater than 9");
  EXPECT_EQ(refusal("Size", "x"), "Parameter 'Size' must be a number.");
  EXPECT_EQ(refusal("Kind", "c"), "Parameter 'Kind' must be one of AllowedValues");
  EXPECT_EQ(refusal("Said", "y"), "Parameter Said failed to satisfy constraint: an x");
  EXPECT_EQ(refusal("Nope", "y"), "Parameters: [Nope] do not exist in the template");
  EXPECT_EQ(choose_values(*parsed, {}, {}).error().message, "Parameters: [Must] must have values");
  const json::array keep{json::object{{"ParameterKey", "Must"}, {"UsePreviousValue", "true"}}};
  EXPECT_EQ(choose_values(*parsed, keep, {{"Must", "before"}})->at("Must"), "before");
  EXPECT_FALSE(choose_values(*parsed, keep, {}));
}

TEST(TemplateUrl, every_form_of_address) {
  const std::vector<std::string> urls = {"https://bucket.s3.eu-west-1.amazonaws.com/a/b.yaml",
                                         "https://bucket.s3.amazonaws.com/a/b.yaml",
                                         "https://s3.eu-west-1.amazonaws.com/bucket/a/b.yaml",
                                         "https://s3.amazonaws.com/bucket/a/b.yaml",
                                         "http://127.0.0.1:4566/bucket/a/b.yaml",
                                         "http://bucket.s3.localhost:4566/a/b.yaml"};
  for (const auto& url : urls) {
    const auto address = parse_template_url(url + "?versionId=v");
    ASSERT_TRUE(address) << url;
    EXPECT_EQ(address->bucket, "bucket") << url;
    EXPECT_EQ(address->key, "a/b.yaml") << url;
    EXPECT_EQ(address->version_id, "v") << url;
  }
  EXPECT_FALSE(parse_template_url("ftp://s3.amazonaws.com/bucket/key"));
  EXPECT_FALSE(parse_template_url("https://s3.amazonaws.com/bucket"));
}

}  // namespace
}  // namespace ads::cloud::cloudformation
