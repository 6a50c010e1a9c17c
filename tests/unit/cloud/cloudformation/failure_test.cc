// Stacks whose operations fail, are stopped, or are told not to turn back.
#include <gmock/gmock.h>

#include "stacks.h"

namespace ads::cloud::cloudformation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const json::object kNoRollback{{"DisableRollback", "true"}};

constexpr std::string_view kBefore = R"(
Resources:
  A: {Type: 'Test::Thing', Properties: {Name: a}}
  R: {Type: 'Test::Thing', Properties: {Fixed: '1'}}
)";
// A changes, R is replaced, New is made after both.
constexpr std::string_view kAfter = R"(
Resources:
  A: {Type: 'Test::Thing', Properties: {Name: b}}
  R: {Type: 'Test::Thing', Properties: {Fixed: '2'}}
  New: {Type: 'Test::Thing', DependsOn: [A, R]}
)";
// The same, but R once more anew.
constexpr std::string_view kLater = R"(
Resources:
  A: {Type: 'Test::Thing', Properties: {Name: c}}
  R: {Type: 'Test::Thing', Properties: {Fixed: '3'}}
  New: {Type: 'Test::Thing', DependsOn: [A, R]}
)";

class FailedUpdate : public Stacks {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create(kBefore));
    things_ = world_.things;
    world_.failing = {"create New"};
    ASSERT_TRUE(update(kAfter, kNoRollback));
    ASSERT_EQ(status(), "UPDATE_FAILED");
    world_.failing.clear();
    take_calls();
  }
  std::map<std::string, json::object> things_;  // as they were before the update
};

TEST_F(FailedUpdate, without_rollback_everything_stays_as_it_is) {
  EXPECT_EQ(text(world_.things["A-1"], "Name"), "b");
  EXPECT_EQ(id_of("R"), "R-3");
  EXPECT_TRUE(world_.things.contains("R-2")) << "what was replaced goes only once the update is over";
  EXPECT_EQ(status_of("New"), "CREATE_FAILED");
  EXPECT_EQ(stack().reason, "The following resource(s) failed to update: [New].");
}

TEST_F(FailedUpdate, the_same_template_again_goes_on_from_there) {
  ASSERT_TRUE(update(kAfter));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_THAT(take_calls(), ElementsAre("create New", "remove R"));
  EXPECT_FALSE(world_.things.contains("R-2"));
  EXPECT_EQ(world_.things.size(), 3u);
  EXPECT_EQ(update(kAfter).error().message, "No updates are to be performed.");
}

TEST_F(FailedUpdate, a_rollback_goes_back_to_what_was) {
  ASSERT_TRUE(act(rollback_stack, {{"StackName", "demo"}}));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(world_.things, things_);
  EXPECT_EQ(id_of("R"), "R-2");
  EXPECT_EQ(stack().definition.template_text, kBefore);
}

TEST_F(FailedUpdate, a_second_failure_goes_back_to_what_was_before_the_first) {
  world_.failing = {"create New"};
  ASSERT_TRUE(update(kLater));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(world_.things, things_);
  EXPECT_EQ(stack().definition.template_text, kBefore);
  EXPECT_EQ(stacks_->resources(stack()).size(), 2u);
}

TEST_F(FailedUpdate, what_was_made_anew_twice_goes_twice) {
  ASSERT_TRUE(update(kLater));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.things.size(), 3u) << "neither the first nor the second R is left";
  EXPECT_EQ(text(world_.things[id_of("R")], "Fixed"), "3");
}

TEST_F(FailedUpdate, a_template_without_what_failed_is_fine_too) {
  ASSERT_TRUE(update(kBefore));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.things.size(), 2u);
  EXPECT_EQ(text(world_.things["A-1"], "Name"), "a");
}

TEST_F(FailedUpdate, a_deletion_takes_everything) {
  ASSERT_TRUE(remove());
  EXPECT_EQ(status(), "DELETE_COMPLETE");
  EXPECT_THAT(world_.things, IsEmpty());
}

TEST_F(FailedUpdate, everything_survives_a_crash) {
  crash();
  restart();
  ASSERT_TRUE(act(rollback_stack, {{"StackName", "demo"}}));
  EXPECT_EQ(world_.things, things_);
}

TEST_F(Stacks, a_failed_change_is_made_again_although_the_template_is_the_same) {
  ASSERT_TRUE(create(kBefore));
  world_.failing = {"update A"};
  const std::string changed =
      "Resources:\n  A: {Type: 'Test::Thing', Properties: {Name: b}}\n"
      "  R: {Type: 'Test::Thing', Properties: {Fixed: '1'}}\n";
  ASSERT_TRUE(update(changed, kNoRollback));
  EXPECT_EQ(text(world_.things["A-1"], "Name"), "a");
  world_.failing.clear();
  ASSERT_TRUE(update(changed));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(text(world_.things["A-1"], "Name"), "b");
}

TEST_F(Stacks, a_creation_that_failed_can_be_mended_or_rolled_back) {
  world_.failing = {"create New"};
  ASSERT_TRUE(create(kAfter, {{"DisableRollback", "true"}}));
  EXPECT_EQ(status(), "CREATE_FAILED");
  EXPECT_EQ(world_.things.size(), 2u);
  ASSERT_TRUE(update(kLater));
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE") << "there is nothing that it could go back to";
  EXPECT_THAT(world_.things, IsEmpty());
  ASSERT_TRUE(remove());

  ASSERT_TRUE(create(kAfter, {{"DisableRollback", "true"}}));
  world_.failing.clear();
  ASSERT_TRUE(update(kAfter));
  EXPECT_EQ(status(), "UPDATE_COMPLETE");
  EXPECT_EQ(world_.things.size(), 3u);
  ASSERT_TRUE(remove());

  world_.failing = {"create New"};
  ASSERT_TRUE(create(kAfter, {{"OnFailure", "DO_NOTHING"}}));
  ASSERT_TRUE(act(rollback_stack, {{"StackName", "demo"}}));
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_THAT(world_.things, IsEmpty());
}

TEST_F(Stacks, without_rollback_what_needs_nothing_that_failed_is_made) {
  world_.failing = {"create A"};
  ASSERT_TRUE(
      create("Resources:\n  A: {Type: 'Test::Thing'}\n  B: {Type: 'Test::Thing', DependsOn: A}\n"
             "  C: {Type: 'Test::Thing'}\n  D: {Type: 'Test::Thing', DependsOn: C}\n",
             {{"DisableRollback", "true"}}));
  EXPECT_THAT(take_calls(), Contains("create D"));
  EXPECT_EQ(status(), "CREATE_FAILED");
}

TEST_F(Stacks, a_rollback_that_failed_can_go_on) {
  ASSERT_TRUE(create(kBefore));
  const auto things = world_.things;
  world_.failing = {"create New"};
  world_.hanging = {"create New"};
  act_until_stuck(update_stack, {{"StackName", "demo"}, {"TemplateBody", kAfter}});
  world_.failing.insert("update A");
  type_->release();
  testing::run(*io_, settle_all());
  ASSERT_EQ(status(), "UPDATE_ROLLBACK_FAILED");
  EXPECT_EQ(status_of("A"), "UPDATE_FAILED");
  EXPECT_THAT(update(kAfter).error().message, HasSubstr("is in UPDATE_ROLLBACK_FAILED state and can not be updated."));
  ASSERT_TRUE(act(continue_update_rollback, {{"StackName", "demo"}}));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_FAILED") << "the reason is still there";
  EXPECT_THAT(
      act(continue_update_rollback, {{"StackName", "demo"}, {"ResourcesToSkip", json::array{"R"}}}).error().message,
      HasSubstr("ResourcesToSkip: [R]"));
  world_.failing.clear();
  ASSERT_TRUE(act(continue_update_rollback, {{"StackName", "demo"}}));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(world_.things, things);
  EXPECT_THAT(act(continue_update_rollback, {{"StackName", "demo"}}).error().message,
              HasSubstr("can not continue update rollback"));
}

TEST_F(Stacks, a_rollback_can_leave_out_what_fails) {
  ASSERT_TRUE(create(kBefore));
  world_.failing = {"create New"};
  world_.hanging = {"create New"};
  act_until_stuck(update_stack, {{"StackName", "demo"}, {"TemplateBody", kAfter}});
  world_.failing.insert("update A");
  type_->release();
  testing::run(*io_, settle_all());
  ASSERT_TRUE(act(continue_update_rollback, {{"StackName", "demo"}, {"ResourcesToSkip", json::array{"A"}}}));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(status_of("A"), "UPDATE_COMPLETE");
  EXPECT_EQ(id_of("R"), "R-2");
}

TEST_F(Stacks, a_cancelled_update_turns_back) {
  ASSERT_TRUE(create(kBefore));
  const auto things = world_.things;
  EXPECT_EQ(act(cancel_update_stack, {{"StackName", "demo"}}).error().message,
            "CancelUpdateStack cannot be called from current stack status");
  world_.hanging = {"create R"};
  act_until_stuck(update_stack, {{"StackName", "demo"}, {"TemplateBody", kAfter}});
  ASSERT_TRUE(act_while_stuck(cancel_update_stack, {{"StackName", "demo"}}));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(world_.things, things);
  EXPECT_THAT(take_calls(), Not(Contains("create New")));
}

TEST_F(Stacks, a_cancelled_update_turns_back_after_a_crash_too) {
  ASSERT_TRUE(create(kBefore));
  const auto things = world_.things;
  world_.hanging = {"create R"};
  act_until_stuck(update_stack, {{"StackName", "demo"}, {"TemplateBody", kAfter}});
  asio::co_spawn(*io_, perform(cancel_update_stack, {{"StackName", "demo"}}), asio::detached);
  while (status() == "UPDATE_IN_PROGRESS") io_->run_one();
  crash();
  restart();
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_EQ(world_.things, things) << "the R that was being made is known and gone";
}

TEST_F(Stacks, a_stack_can_be_deleted_while_it_is_made) {
  world_.hanging = {"create A"};
  act_until_stuck(create_stack, {{"StackName", "demo"}, {"TemplateBody", kAfter}});
  ASSERT_TRUE(act_while_stuck(delete_stack, {{"StackName", "demo"}}));
  EXPECT_EQ(status(), "DELETE_COMPLETE");
  EXPECT_THAT(world_.things, IsEmpty());
  EXPECT_THAT(take_calls(), Not(Contains("create New")));
}

// A sibling fails while B is being made and the process dies: B's end must be known, or nobody ever takes it back.
TEST_F(Stacks, what_was_being_made_when_a_sibling_failed_is_taken_back_after_a_crash) {
  world_.failing = {"create A"};
  world_.hanging = {"create B"};
  const std::string body = "Resources:\n  A: {Type: 'Test::Thing'}\n  B: {Type: 'Test::Thing'}\n";
  act_until_stuck(create_stack, {{"StackName", "demo"}, {"TemplateBody", body}});
  while (status_of("A") != "CREATE_FAILED") io_->run_one();
  world_.made_by[fmt::format("{}-B-create", stacks_->operations().front().id)] = "B-orphan";
  world_.things["B-orphan"] = {};
  crash();
  restart();
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_THAT(world_.things, IsEmpty());
}

TEST_F(Stacks, a_rollback_may_take_what_is_to_be_retained) {
  world_.failing = {"create B"};
  const std::string body =
      "Resources:\n  A: {Type: 'Test::Thing', DeletionPolicy: Retain}\n"
      "  B: {Type: 'Test::Thing', DependsOn: A}\n";
  ASSERT_TRUE(create(body));
  EXPECT_EQ(world_.things.size(), 1u);
  ASSERT_TRUE(remove());
  ASSERT_TRUE(create(body, {{"RetainExceptOnCreate", "true"}}));
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_EQ(world_.things.size(), 1u) << "the second A is gone";
}

TEST_F(Stacks, a_replacement_that_must_keep_its_name_is_refused) {
  const auto with = [](std::string_view fixed) {
    return fmt::format("Resources:\n  A: {{Type: 'Test::Thing', Properties: {{ThingName: mine, Fixed: '{}'}}}}\n",
                       fixed);
  };
  ASSERT_TRUE(create(with("1")));
  ASSERT_TRUE(update(with("2")));
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  std::string reason;
  for (const auto& [_, event] : stacks_->events(stack(), 0, 100)) {
    if (text(event, "ResourceStatus") == "UPDATE_FAILED") reason = text(event, "ResourceStatusReason");
  }
  EXPECT_EQ(reason,
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and "
            "update the stack again.");
  EXPECT_EQ(text(world_.things["A-1"], "Fixed"), "1");
}

TEST_F(Stacks, a_token_is_for_one_action) {
  ASSERT_TRUE(create(kBefore, {{"ClientRequestToken", "t"}}));
  EXPECT_EQ(update(kAfter, {{"ClientRequestToken", "t"}}).error().code, "TokenAlreadyExistsException");
  ASSERT_TRUE(update(kAfter, {{"ClientRequestToken", "u"}}));
  take_calls();
  EXPECT_TRUE(update(kAfter, {{"ClientRequestToken", "u"}}));
  EXPECT_THAT(take_calls(), IsEmpty());
}

}  // namespace
}  // namespace ads::cloud::cloudformation
