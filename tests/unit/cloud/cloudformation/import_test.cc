// Change sets with ImportExistingResources.
#include <gmock/gmock.h>

#include "stacks.h"

namespace ads::cloud::cloudformation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kTemplate = R"(
Resources:
  Kept: {Type: 'Test::Thing', DeletionPolicy: RetainExceptOnCreate, Properties: {ThingName: kept, Name: new}}
  Gone: {Type: 'Test::Thing', Properties: {ThingName: gone}}
  User: {Type: 'Test::Thing', Properties: {Name: !Ref Kept}}
Outputs:
  Arn: {Value: !GetAtt Kept.Arn}
)";

class Import : public Stacks {
 protected:
  void SetUp() override { world_.things["old-1"] = {{"ThingName", "kept"}, {"Name", "old"}}; }

  Outcome<std::string> make(std::string_view body, json::object more = {}) {
    json::object input{{"StackName", "demo"},
                       {"ChangeSetName", "c1"},
                       {"ChangeSetType", "CREATE"},
                       {"TemplateBody", body},
                       {"ImportExistingResources", "true"}};
    for (const auto& [name, value] : more) input[name] = value;
    return act(create_change_set, std::move(input));
  }
  Outcome<std::string> describe(std::string_view stack_name = "demo") {
    return act(describe_change_set, {{"StackName", stack_name}, {"ChangeSetName", "c1"}});
  }
  Outcome<std::string> execute(std::string_view stack_name = "demo") {
    return act(execute_change_set, {{"StackName", stack_name}, {"ChangeSetName", "c1"}});
  }
};

TEST_F(Import, takes_up_what_has_the_name_and_changes_nothing_of_it) {
  ASSERT_TRUE(make(kTemplate));
  auto described = describe();
  ASSERT_TRUE(described);
  EXPECT_THAT(*described, HasSubstr("<Action>Import</Action><LogicalResourceId>Kept</LogicalResourceId>"));
  EXPECT_THAT(*described, HasSubstr("<PhysicalResourceId>old-1</PhysicalResourceId>"));
  EXPECT_THAT(*described, HasSubstr("<ImportExistingResources>true</ImportExistingResources>"));
  ASSERT_TRUE(execute());
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_EQ(id_of("Kept"), "old-1");
  EXPECT_EQ(status_of("Kept"), "IMPORT_COMPLETE");
  EXPECT_EQ(output("Arn"), "arn:old-1");
  EXPECT_THAT(world_.calls, Not(Contains("create Kept")));
  EXPECT_EQ(text(world_.things["old-1"], "Name"), "old");
  EXPECT_THAT(events(), Contains("Kept IMPORT_IN_PROGRESS"));
  // From now on it is the stack's: an update changes it, a deletion keeps it.
  EXPECT_EQ(text(world_.things[id_of("User")], "Name"), "old-1");
  ASSERT_TRUE(remove());
  EXPECT_TRUE(world_.things.contains("old-1"));
  EXPECT_EQ(world_.things.size(), 1u);
}

TEST_F(Import, what_the_template_would_delete_is_not_taken_up) {
  world_.things["old-2"] = {{"ThingName", "gone"}};
  ASSERT_TRUE(make(kTemplate));
  EXPECT_THAT(*describe(), HasSubstr("<Action>Add</Action><LogicalResourceId>Gone</LogicalResourceId>"));
}

TEST_F(Import, without_the_option_a_new_one_is_made) {
  ASSERT_TRUE(make(kTemplate, {{"ImportExistingResources", "false"}}));
  EXPECT_THAT(*describe(), Not(HasSubstr("Import")));
  ASSERT_TRUE(execute());
  EXPECT_THAT(world_.calls, Contains("create Kept"));
}

TEST_F(Import, a_failed_creation_leaves_it_where_it_was) {
  world_.failing = {"create User"};
  ASSERT_TRUE(make(kTemplate));
  ASSERT_TRUE(execute());
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_TRUE(world_.things.contains("old-1"));
  EXPECT_EQ(world_.things.size(), 1u);
  EXPECT_THAT(world_.calls, Not(Contains("remove Kept")));
  EXPECT_EQ(status_of("Kept"), "DELETE_SKIPPED");
}

TEST_F(Import, a_failed_update_leaves_it_where_it_was) {
  ASSERT_TRUE(create("Resources: {A: {Type: 'Test::Thing'}}"));
  world_.failing = {"create User"};
  ASSERT_TRUE(make(kTemplate, {{"ChangeSetType", "UPDATE"}}));
  ASSERT_TRUE(execute());
  EXPECT_EQ(status(), "UPDATE_ROLLBACK_COMPLETE");
  EXPECT_TRUE(world_.things.contains("old-1"));
  EXPECT_THAT(world_.calls, Not(Contains("remove Kept")));
}

TEST_F(Import, fails_where_another_stack_has_it) {
  ASSERT_TRUE(make(kTemplate, {{"StackName", "other"}}));
  ASSERT_TRUE(execute("other"));
  ASSERT_TRUE(make(kTemplate));
  auto described = describe();
  EXPECT_THAT(*described, HasSubstr("<Status>FAILED</Status>"));
  EXPECT_THAT(*described, HasSubstr("already belongs to the stack arn:"));
  EXPECT_FALSE(execute());
}

TEST_F(Import, fails_where_it_went_between_the_change_set_and_its_execution) {
  ASSERT_TRUE(make(kTemplate));
  world_.things.clear();
  ASSERT_TRUE(execute());
  EXPECT_EQ(status(), "ROLLBACK_COMPLETE");
  EXPECT_THAT(events(), Contains("Kept IMPORT_FAILED"));
}

TEST_F(Import, survives_a_crash) {
  world_.hanging = {"create Gone"};
  ASSERT_TRUE(make(kTemplate));
  act_until_stuck(execute_change_set, {{"StackName", "demo"}, {"ChangeSetName", "c1"}});
  crash();
  restart();
  EXPECT_EQ(status(), "CREATE_COMPLETE");
  EXPECT_EQ(id_of("Kept"), "old-1");
}

}  // namespace
}  // namespace ads::cloud::cloudformation
