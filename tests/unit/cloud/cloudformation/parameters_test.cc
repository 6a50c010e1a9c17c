// Parameters of the parameter store, dynamic references, secrets, rules and metadata.
#include <gmock/gmock.h>

#include "stacks.h"

namespace ads::cloud::cloudformation {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kStored = R"(
Parameters:
  Size: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /size}
  Zones: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /zones}
  Where: {Type: 'AWS::SSM::Parameter::Name', Default: /size}
Resources:
  A: {Type: 'Test::Thing', Properties: {Name: !Ref Size, List: !Ref Zones, Fixed: !Ref Where}}
)";

TEST_F(Stacks, parameters_come_from_the_parameter_store) {
  parameters_.values = {{"/size", "big"}, {"/zones", "x, y"}};
  ASSERT_TRUE(create(kStored));
  EXPECT_EQ(json::serialize(world_.things["A-1"]), R"({"Name":"big","List":["x","y"],"Fixed":"/size"})");
  const auto shown = act(describe_stacks, {{"StackName", "demo"}}).value();
  EXPECT_THAT(shown, HasSubstr("<ParameterValue>/size</ParameterValue><ResolvedValue>big</ResolvedValue>"));
  EXPECT_EQ(update(kStored).error().message, "No updates are to be performed.");
  parameters_.values["/size"] = "small";
  ASSERT_TRUE(update(kStored));
  EXPECT_EQ(text(world_.things["A-1"], "Name"), "small");
}

TEST_F(Stacks, a_parameter_that_is_not_in_the_store_is_named) {
  parameters_.values = {{"/size", "big"}};
  EXPECT_EQ(create(kStored).error().message,
            "Unable to fetch parameters [/zones] from parameter store for this account.");
}

TEST_F(Stacks, a_dynamic_reference_is_looked_up_when_the_resource_is_made) {
  parameters_.values = {{"/size", "big"}, {"/size:2", "second"}};
  const std::string body =
      "Resources:\n  A: {Type: 'Test::Thing', Properties: {Name: 'a {{resolve:ssm:/size}} one',"
      " List: ['{{resolve:ssm:/size:2}}']}}\n";
  ASSERT_TRUE(create(body));
  EXPECT_EQ(json::serialize(world_.things["A-1"]), R"({"Name":"a big one","List":["second"]})");
  parameters_.values["/size"] = "small";
  EXPECT_EQ(update(body).error().message, "No updates are to be performed.") << "the reference is the same";
  EXPECT_THAT(
      update("Resources: {A: {Type: 'Test::Thing', Properties: {Name: '{{resolve:ssm:/none}}'}}}").error().message,
      HasSubstr("{{resolve:ssm:/none}}: ParameterNotFound"));
  for (const std::string service : {"secretsmanager", "ssm-secure"}) {
    EXPECT_THAT(
        update(fmt::format("Resources: {{A: {{Type: 'Test::Thing', Properties: {{Name: '{{{{resolve:{}:s}}}}'}}}}}}",
                           service))
            .error()
            .message,
        HasSubstr(service + " is not implemented"));
  }
}

TEST_F(Stacks, a_secret_is_shown_to_nobody) {
  ASSERT_TRUE(create(R"(
Parameters: {Secret: {Type: String, NoEcho: true, Default: hush}}
Resources: {A: {Type: 'Test::Thing', Properties: {Name: !Sub 'x-${Secret}'}}}
)"));
  EXPECT_EQ(text(world_.things["A-1"], "Name"), "x-hush");
  for (const auto action : {describe_stacks, describe_stack_events, describe_stack_resources, list_stack_resources}) {
    const auto shown = act(action, {{"StackName", "demo"}}).value();
    EXPECT_THAT(shown, Not(HasSubstr("hush")));
  }
  EXPECT_THAT(act(describe_stack_events, {{"StackName", "demo"}}).value(), HasSubstr("x-****"));
}

constexpr std::string_view kRuled = R"(
Parameters:
  Stage: {Type: String, Default: test}
  Size: {Type: Number, Default: 1}
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
Rules:
  ProdIsLarge:
    RuleCondition: !Equals [!Ref Stage, prod]
    Assertions:
      - Assert: !Contains [['8', '16'], !Ref Size]
        AssertDescription: production takes 8 or 16
  KnownZones:
    Assertions:
      - Assert: !EachMemberIn [!Ref Zones, [a, b, c]]
        AssertDescription: zones are a, b and c
      - Assert: !Not [!EachMemberEquals [!Ref Zones, c]]
        AssertDescription: not all in c
Resources: {A: {Type: 'Test::Thing'}}
)";

TEST_F(Stacks, rules_are_checked_before_anything_is_made) {
  const auto refusal = [&](std::string_view name, std::string_view value, std::string_view more_name = "Stage",
                           std::string_view more = "test") {
    auto made = create(
        kRuled, {{"Parameters", json::array{json::object{{"ParameterKey", name}, {"ParameterValue", value}},
                                            json::object{{"ParameterKey", more_name}, {"ParameterValue", more}}}}});
    return made ? std::string("made") : made.error().message;
  };
  EXPECT_EQ(refusal("Size", "1", "Stage", "prod"),
            "Template validation error: Rule ProdIsLarge failed: production takes 8 or 16");
  EXPECT_THAT(refusal("Zones", "a,d"), HasSubstr("Rule KnownZones failed: zones are a, b and c"));
  EXPECT_THAT(refusal("Zones", "c,c"), HasSubstr("not all in c"));
  EXPECT_EQ(refusal("Size", "8", "Stage", "prod"), "made");
}

TEST_F(Stacks, metadata_is_kept_and_a_change_of_it_is_a_change) {
  const auto with = [](std::string_view owner) {
    return fmt::format("Resources:\n  A: {{Type: 'Test::Thing', Metadata: {{Owner: '{}'}}}}\n", owner);
  };
  ASSERT_TRUE(create(with("x")));
  EXPECT_THAT(act(describe_stack_resource, {{"StackName", "demo"}, {"LogicalResourceId", "A"}}).value(),
              HasSubstr("<Metadata>{&quot;Owner&quot;:&quot;x&quot;}</Metadata>"));
  EXPECT_EQ(update(with("x")).error().message, "No updates are to be performed.");
  take_calls();
  ASSERT_TRUE(update(with("y")));
  EXPECT_TRUE(take_calls().empty()) << "the resource itself does not change";
  EXPECT_EQ(update(with("y")).error().message, "No updates are to be performed.");
}

TEST_F(Stacks, a_change_set_says_why_a_property_changes) {
  const std::string body = R"(
Parameters: {Fixed: {Type: String, Default: '1'}}
Resources:
  A: {Type: 'Test::Thing', UpdateReplacePolicy: Retain, Properties: {Fixed: !Ref Fixed}}
  B: {Type: 'Test::Thing', Properties: {Name: !Ref A, Size: 1}}
)";
  ASSERT_TRUE(create(body));
  auto changed = body;
  changed.replace(changed.find("Size: 1"), 7, "Size: 2");
  ASSERT_TRUE(act(create_change_set,
                  {{"StackName", "demo"},
                   {"ChangeSetName", "c"},
                   {"TemplateBody", changed},
                   {"Parameters", json::array{json::object{{"ParameterKey", "Fixed"}, {"ParameterValue", "2"}}}}}));
  const auto changes = stacks_->change_set(stack(), "c")->changes;
  ASSERT_EQ(changes.size(), 2u);
  const auto& first = changes[0].at("ResourceChange");
  EXPECT_EQ(first.at("Replacement"), "True");
  EXPECT_EQ(first.at("PolicyAction"), "ReplaceAndRetain");
  EXPECT_EQ(json::serialize(first.at("Details")),
            R"([{"Target":{"Attribute":"Properties","Name":"Fixed","RequiresRecreation":"Always"},)"
            R"("Evaluation":"Static","ChangeSource":"ParameterReference","CausingEntity":"Fixed"}])");
  const auto& second = changes[1].at("ResourceChange");
  EXPECT_EQ(second.at("Replacement"), "False");
  EXPECT_EQ(json::serialize(second.at("Details")),
            R"([{"Target":{"Attribute":"Properties","Name":"Name","RequiresRecreation":"Never"},)"
            R"("Evaluation":"Dynamic","ChangeSource":"ResourceReference","CausingEntity":"A"},)"
            R"({"Target":{"Attribute":"Properties","Name":"Size","RequiresRecreation":"Never"},)"
            R"("Evaluation":"Static","ChangeSource":"DirectModification"}])");
}

}  // namespace
}  // namespace ads::cloud::cloudformation
