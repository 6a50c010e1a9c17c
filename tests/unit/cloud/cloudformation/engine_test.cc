// Stacks through their lives: made, changed, rolled back, crashed in the middle, deleted.
#include <gmock/gmock.h>

#include "stacks.h"

namespace ads::cloud::cloudformation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kChain = R"(
Resources:
  A: {Type: 'Test::Thing', Properties: {Name: a}}
  B: {Type: 'Test::Thing', Properties: {Name: !GetAtt A.Arn}}
  C: {Type: 'Test::Thing', DependsOn: B}
Outputs:
  Last: {Value: !Ref C}
)";

TEST_F(Stacks, a_stack_is_made_in_the_order_of_its_needs_and_deleted_in_reverse) {
  ASSERT_TRUE(create(kChain));
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_THAT(take_calls(), ElementsAre("create A", "create B", "create C"));
  EXPECT_EQ(output("Last"), "C-3");
  EXPECT_EQ(text(world_.things["B-2"], "Name"), "arn:A-1");
  // Twice in progress: begun, and "Resource creation Initiated" with the physical id.
  EXPECT_THAT(events(),
              ElementsAre("demo CREATE_IN_PROGRESS", "A CREATE_IN_PROGRESS", "A CREATE_IN_PROGRESS",
                          "A CREATE_COMPLETE", "B CREATE_IN_PROGRESS", "B CREATE_IN_PROGRESS", "B CREATE_COMPLETE",
                          "C CREATE_IN_PROGRESS", "C CREATE_IN_PROGRESS", "C CREATE_COMPLETE", "demo CREATE_COMPLETE"));
  ASSERT_TRUE(remove());
  EXPECT_EQ(status(), "DELETE_COMPLETE");
  EXPECT_THAT(take_calls(), ElementsAre("remove C", "remove B", "remove A"));
  EXPECT_THAT(world_.things, IsEmpty());
  EXPECT_TRUE(create(kChain)) << "the name is free again";
}

TEST_F(Stacks, independent_resources_are_made_at_the_same_time) {
  std::string body = "Resources:\n";
  for (char c = 'A'; c <= 'J'; ++c) body += fmt::format("  {}: {{Type: 'Test::Thing'}}\n", c);
  ASSERT_TRUE(create(body));
  EXPECT_GT(world_.most_at_once, 1);
}

TEST_F(Stacks, a_failed_creation_is_rolled_back) {
  world_.failing = {"create C"};
  ASSERT_TRUE(create(kChain));
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_THAT(world_.things, IsEmpty());
  EXPECT_THAT(take_calls(), ElementsAre("create A", "create B", "create C", "remove B", "remove A"));
  EXPECT_THAT(update(kChain).error().message, HasSubstr("is in ROLLBACK_COMPLETE state and can not be updated."));
  EXPECT_EQ(create(kChain).error().code, "AlreadyExistsException");
  ASSERT_TRUE(remove());
  EXPECT_EQ(status(), "DELETE_COMPLETE");
}

TEST_F(Stacks, a_failed_creation_says_why) {
  world_.failing = {"create B"};
  ASSERT_TRUE(create(kChain));
  std::string reason;
  for (const auto& [_, event] : stacks_->events(stack(), 0, 100)) {
    if (text(event, "ResourceStatus") == "CREATE_FAILED") reason = text(event, "ResourceStatusReason");
  }
  EXPECT_EQ(reason, "Resource handler returned message: \"create B was told to fail\" (HandlerErrorCode: Broken)");
}

TEST_F(Stacks, on_failure_do_nothing_leaves_everything_and_delete_nothing) {
  world_.failing = {"create C"};
  ASSERT_TRUE(create(kChain, {{"OnFailure", "DO_NOTHING"}}));
  EXPECT_EQ(status(), "CREATE_FAILED");
  EXPECT_EQ(world_.things.size(), 2u);
  ASSERT_TRUE(remove());
  EXPECT_THAT(world_.things, IsEmpty());
  ASSERT_TRUE(create(kChain, {{"OnFailure", "DELETE"}}));
  EXPECT_EQ(world_.things.size(), 0u);
}

TEST_F(Stacks, an_update_changes_adds_and_removes) {
  ASSERT_TRUE(create(kChain));
  take_calls();
  ASSERT_TRUE(update(R"(
Resources:
  A: {Type: 'Test::Thing', Properties: {Name: b}}
  B: {Type: 'Test::Thing', Properties: {Name: !GetAtt A.Arn}}
  D: {Type: 'Test::Thing', Properties: {Name: !Ref B}}
)"));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_THAT(take_calls(), ElementsAre("update A", "create D", "remove C"));
  EXPECT_EQ(stacks_->resources(stack()).count("C"), 0u);
}

TEST_F(Stacks, a_replacement_is_made_before_the_old_one_goes) {
  ASSERT_TRUE(
      create("Resources:\n  A: {Type: 'Test::Thing', Properties: {Fixed: '1'}}\n"
             "  B: {Type: 'Test::Thing', Properties: {Name: !Ref A}}\n"));
  take_calls();
  ASSERT_TRUE(
      update("Resources:\n  A: {Type: 'Test::Thing', Properties: {Fixed: '2'}}\n"
             "  B: {Type: 'Test::Thing', Properties: {Name: !Ref A}}\n"));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_THAT(take_calls(), ElementsAre("create A", "update B", "remove A"));
  EXPECT_THAT(id_of("A"), "A-3");
  EXPECT_EQ(text(world_.things["B-2"], "Name"), "A-3");
  EXPECT_FALSE(world_.things.contains("A-1"));
  EXPECT_THAT(events(), ::testing::Contains("demo UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
}

TEST_F(Stacks, a_failed_update_goes_back_to_what_was) {
  const std::string before = R"(
Resources:
  A: {Type: 'Test::Thing', Properties: {Name: a}}
  R: {Type: 'Test::Thing', Properties: {Fixed: '1'}}
  Z: {Type: 'Test::Thing', DependsOn: [A, R], Properties: {Name: z}}
)";
  ASSERT_TRUE(create(before));
  const auto things = world_.things;
  const auto template_text = stack().definition.template_text;
  take_calls();
  world_.failing = {"create New"};
  ASSERT_TRUE(update(R"(
Resources:
  A: {Type: 'Test::Thing', Properties: {Name: b}}
  R: {Type: 'Test::Thing', Properties: {Fixed: '2'}}
  New: {Type: 'Test::Thing', DependsOn: [A, R]}
)"));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(world_.things, things);
  EXPECT_EQ(stack().definition.template_text, template_text);
  EXPECT_EQ(id_of("R"), "R-2");
  EXPECT_EQ(stacks_->resources(stack()).size(), 3u);
  world_.failing.clear();
  EXPECT_EQ(update(before).error().message, "No updates are to be performed.");
}

TEST_F(Stacks, nothing_to_update_is_said) {
  ASSERT_TRUE(create(kChain));
  EXPECT_EQ(update(kChain).error().message, "No updates are to be performed.");
  EXPECT_TRUE(update(kChain, {{"Tags", json::array{json::object{{"Key", "k"}, {"Value", "v"}}}}}));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
}

TEST_F(Stacks, deletion_policies) {
  ASSERT_TRUE(
      create("Resources:\n  A: {Type: 'Test::Thing', DeletionPolicy: Retain}\n"
             "  B: {Type: 'Test::Thing', UpdateReplacePolicy: Retain, Properties: {Fixed: '1'}}\n"));
  ASSERT_TRUE(
      update("Resources:\n  A: {Type: 'Test::Thing', DeletionPolicy: Retain}\n"
             "  B: {Type: 'Test::Thing', UpdateReplacePolicy: Retain, Properties: {Fixed: '2'}}\n"));
  EXPECT_TRUE(world_.things.contains("B-2")) << "the replaced one was to be retained";
  ASSERT_TRUE(remove());
  EXPECT_TRUE(world_.things.contains("A-1"));
  EXPECT_FALSE(world_.things.contains("B-3"));
  EXPECT_THAT(events(), ::testing::Contains("A DELETE_SKIPPED"));
}

TEST_F(Stacks, retain_except_on_create_goes_with_a_failed_creation) {
  world_.failing = {"create B"};
  ASSERT_TRUE(
      create("Resources:\n  A: {Type: 'Test::Thing', DeletionPolicy: RetainExceptOnCreate}\n"
             "  B: {Type: 'Test::Thing', DependsOn: A}\n"));
  EXPECT_THAT(world_.things, IsEmpty());
}

TEST_F(Stacks, a_failed_deletion_can_be_tried_again_or_leave_a_resource) {
  ASSERT_TRUE(create(kChain));
  world_.failing = {"remove B"};
  ASSERT_TRUE(remove());
  EXPECT_EQ(status(), "DELETE_FAILED");
  EXPECT_EQ(status_of("B"), "DELETE_FAILED");
  EXPECT_TRUE(world_.things.contains("A-1")) << "what B needs stays";
  ASSERT_TRUE(act(delete_stack, {{"StackName", "demo"}, {"RetainResources", json::array{"B"}}}));
  EXPECT_EQ(status(), "DELETE_COMPLETE");
  EXPECT_THAT(world_.things, ::testing::SizeIs(1));
}

TEST_F(Stacks, a_protected_stack_stays) {
  ASSERT_TRUE(create(kChain, {{"EnableTerminationProtection", "true"}}));
  EXPECT_THAT(remove().error().message, HasSubstr("TerminationProtection is enabled"));
  ASSERT_TRUE(act(update_termination_protection, {{"StackName", "demo"}, {"EnableTerminationProtection", "false"}}));
  EXPECT_TRUE(remove());
}

TEST_F(Stacks, refusals_come_before_anything_is_made) {
  EXPECT_THAT(create("Resources: {A: {Type: 'No::Such'}}").error().message,
              HasSubstr("Unrecognized resource types: [No::Such]"));
  EXPECT_THAT(create("Resources: {A: {Type: 'Test::Thing', Properties: {Nam: x}}}").error().message,
              HasSubstr("Properties/Nam: unsupported property"));
  EXPECT_THAT(create("Resources: {A: {Type: 'Test::Thing', Properties: {List: x}}}").error().message,
              HasSubstr("Properties/List: must be a list"));
  EXPECT_THAT(create("Resources:\n  A: {Type: 'Test::Thing', DependsOn: B}\n  B: {Type: 'Test::Thing', DependsOn: A}\n")
                  .error()
                  .message,
              HasSubstr("Circular dependency between resources: [A, B]"));
  EXPECT_EQ(create(kChain, {{"StackPolicyBody", "{}"}}).error().code, "NotImplemented");
  EXPECT_THAT(world_.calls, IsEmpty());
  EXPECT_EQ(status(), "");
}

TEST_F(Stacks, the_same_client_token_makes_one_stack) {
  const auto first = create(kChain, {{"ClientRequestToken", "t"}});
  const auto second = create(kChain, {{"ClientRequestToken", "t"}});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(world_.things.size(), 3u);
}

TEST_F(Stacks, an_attribute_that_a_resource_lacks_fails_the_stack) {
  ASSERT_TRUE(create(
      "Resources:\n  A: {Type: 'Test::Thing'}\n  B: {Type: 'Test::Thing', Properties: {Name: !GetAtt A.Nope}}\n"));
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_THAT(world_.things, IsEmpty());
}

TEST_F(Stacks, a_deleted_stack_is_remembered_for_90_days) {
  ASSERT_TRUE(create(kChain));
  ASSERT_TRUE(remove());
  const auto gone = stack();
  clock_.advance(std::chrono::days(89));
  crash();
  restart();
  EXPECT_FALSE(stacks_->events(gone, 0, 100).empty());
  clock_.advance(std::chrono::days(2));
  crash();
  restart();
  EXPECT_TRUE(stacks_->events(gone, 0, 100).empty());
  EXPECT_FALSE(stacks_->find_uuid("eu-west-1", gone.uuid));
}

// ---- Exports ----

constexpr std::string_view kExporter =
    "Resources: {A: {Type: 'Test::Thing'}}\nOutputs: {O: {Value: !Ref A, Export: {Name: shared}}}\n";
constexpr std::string_view kImporter =
    "Resources: {B: {Type: 'Test::Thing', Properties: {Name: !ImportValue shared}}}\n";

TEST_F(Stacks, an_export_in_use_keeps_its_stack) {
  ASSERT_TRUE(create(kExporter));
  ASSERT_TRUE(act(create_stack, {{"StackName", "user"}, {"TemplateBody", kImporter}}));
  EXPECT_EQ(text(world_.things["B-2"], "Name"), "A-1");
  EXPECT_THAT(act(list_imports, {{"ExportName", "shared"}}).value(), HasSubstr("<member>user</member>"));
  ASSERT_TRUE(remove());
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_EQ(stack().reason, "Delete canceled. Cannot delete export shared as it is in use by user.");
  EXPECT_EQ(id_of("A"), "A-1");
  EXPECT_TRUE(world_.things.contains("A-1"));
  ASSERT_TRUE(act(delete_stack, {{"StackName", "user"}}));
  ASSERT_TRUE(remove());
  EXPECT_EQ(status(), "DELETE_COMPLETE");
}

TEST_F(Stacks, a_second_export_of_a_name_is_refused) {
  ASSERT_TRUE(act(create_stack, {{"StackName", "first"}, {"TemplateBody", kExporter}}));
  ASSERT_TRUE(create(kExporter));
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
}

// ---- Change sets ----

TEST_F(Stacks, a_change_set_shows_and_then_does) {
  ASSERT_TRUE(
      create("Resources:\n  A: {Type: 'Test::Thing', Properties: {Fixed: '1'}}\n"
             "  B: {Type: 'Test::Thing', Properties: {Name: !Ref A}}\n  C: {Type: 'Test::Thing'}\n"));
  const json::object set{{"StackName", "demo"}, {"ChangeSetName", "next"}};
  auto wanted = set;
  wanted["TemplateBody"] =
      "Resources:\n  A: {Type: 'Test::Thing', Properties: {Fixed: '2'}}\n"
      "  B: {Type: 'Test::Thing', Properties: {Name: !Ref A}}\n  D: {Type: 'Test::Thing'}\n";
  ASSERT_TRUE(act(create_change_set, wanted));
  const auto shown = act(describe_change_set, set).value();
  EXPECT_THAT(shown, HasSubstr("<Status>CREATE_COMPLETE</Status>"));
  EXPECT_THAT(shown, HasSubstr("<Action>Modify</Action><LogicalResourceId>A</LogicalResourceId>"));
  EXPECT_THAT(shown, HasSubstr("<Replacement>True</Replacement>"));
  EXPECT_THAT(shown, HasSubstr("<Action>Add</Action><LogicalResourceId>D</LogicalResourceId>"));
  EXPECT_THAT(shown, HasSubstr("<Action>Remove</Action><LogicalResourceId>C</LogicalResourceId>"));
  take_calls();
  ASSERT_TRUE(act(execute_change_set, set));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_THAT(take_calls(), UnorderedElementsAre("create A", "update B", "create D", "remove A", "remove C"));
  EXPECT_EQ(act(execute_change_set, set).error().code, "InvalidChangeSetStatus");
}

TEST_F(Stacks, a_change_set_without_changes_has_AWSs_words) {
  ASSERT_TRUE(create(kChain));
  ASSERT_TRUE(act(create_change_set, {{"StackName", "demo"}, {"ChangeSetName", "none"}, {"TemplateBody", kChain}}));
  const auto shown = act(describe_change_set, {{"StackName", "demo"}, {"ChangeSetName", "none"}}).value();
  EXPECT_THAT(shown, HasSubstr("<Status>FAILED</Status>"));
  EXPECT_THAT(shown, HasSubstr("The submitted information didn't contain changes. Submit different information to "
                               "create a change set."));
}

TEST_F(Stacks, a_stack_begins_as_a_change_set_in_review) {
  ASSERT_TRUE(
      act(create_change_set,
          {{"StackName", "demo"}, {"ChangeSetName", "first"}, {"ChangeSetType", "CREATE"}, {"TemplateBody", kChain}}));
  EXPECT_EQ(status(), "REVIEW_IN_PROGRESS");
  EXPECT_THAT(world_.calls, IsEmpty());
  ASSERT_TRUE(act(execute_change_set, {{"StackName", "demo"}, {"ChangeSetName", "first"}}));
  EXPECT_EQ(status(), "CREATE_COMPLETE");
}

// ---- Crashes ----

TEST_F(Stacks, a_creation_cut_short_by_a_crash_goes_on) {
  world_.hanging = {"create B"};
  act_until_stuck(create_stack, {{"StackName", "demo"}, {"TemplateBody", kChain}});
  crash();
  restart();
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_THAT(take_calls(), ElementsAre("create A", "create B", "create B", "create C"));
  EXPECT_EQ(world_.things.size(), 3u);
}

TEST_F(Stacks, a_thing_made_just_before_the_crash_is_not_made_twice) {
  world_.hanging = {"create C"};
  act_until_stuck(create_stack, {{"StackName", "demo"}, {"TemplateBody", kChain}});
  // C came to be, and the answer was lost.
  const auto operation = stacks_->operations().front();
  const auto token = fmt::format("{}-C-create", operation.id);
  world_.made_by[token] = "C-orphan";
  world_.things["C-orphan"] = {};
  crash();
  restart();
  EXPECT_EQ(id_of("C"), "C-orphan");
  EXPECT_EQ(world_.things.size(), 3u);
}

TEST_F(Stacks, a_rollback_cut_short_by_a_crash_goes_on) {
  world_.failing = {"create C"};
  world_.hanging = {"remove B"};
  act_until_stuck(create_stack, {{"StackName", "demo"}, {"TemplateBody", kChain}});
  EXPECT_EQ(status(), "ROLLBACK_IN_PROGRESS");
  crash();
  restart();
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_THAT(world_.things, IsEmpty());
}

TEST_F(Stacks, an_update_cut_short_anywhere_ends_the_same) {
  const std::string before =
      "Resources:\n  A: {Type: 'Test::Thing', Properties: {Fixed: '1'}}\n"
      "  B: {Type: 'Test::Thing', Properties: {Name: !Ref A}}\n  C: {Type: 'Test::Thing'}\n";
  const std::string after =
      "Resources:\n  A: {Type: 'Test::Thing', Properties: {Fixed: '2'}}\n"
      "  B: {Type: 'Test::Thing', Properties: {Name: !Ref A}}\n  D: {Type: 'Test::Thing', DependsOn: B}\n";
  for (const std::string point : {"create A", "update B", "create D", "remove A", "remove C"}) {
    for (const bool fails : {false, true}) {
      if (fails && (point == "remove A" || point == "remove C")) continue;
      world_.failing.clear();
      ASSERT_TRUE(create(before)) << point;
      world_.hanging = {point};
      if (fails) world_.failing = {"create D"};
      act_until_stuck(update_stack, {{"StackName", "demo"}, {"TemplateBody", after}});
      crash();
      restart();
      const bool rolls_back = fails;
      EXPECT_EQ(status_of("A"), "UPDATE_COMPLETE") << point;
      const auto found = stacks_->find("eu-west-1", "demo");
      ASSERT_TRUE(found);
      EXPECT_EQ(found->status, rolls_back ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE") << point;
      EXPECT_EQ(world_.things.size(), 3u) << point;
      const auto resources = stacks_->resources(*found);
      EXPECT_TRUE(resources.contains(rolls_back ? "C" : "D")) << point;
      EXPECT_EQ(text(world_.things[resources.at("B").now.state.physical_id], "Name"),
                resources.at("A").now.state.physical_id)
          << point;
      world_.failing.clear();
      ASSERT_TRUE(remove());
      EXPECT_THAT(world_.things, IsEmpty()) << point;
    }
  }
}

TEST_F(Stacks, a_deletion_cut_short_by_a_crash_goes_on) {
  ASSERT_TRUE(create(kChain));
  world_.hanging = {"remove B"};
  act_until_stuck(delete_stack, {{"StackName", "demo"}});
  crash();
  restart();
  EXPECT_EQ(status(), "DELETE_COMPLETE");
  EXPECT_THAT(world_.things, IsEmpty());
}

}  // namespace
}  // namespace ads::cloud::cloudformation
