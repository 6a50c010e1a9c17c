#include "cli/stack_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/leftovers.h"
#include "cli/stack_act.h"

namespace ads::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// Events as CloudFormation tells them, a second apart.
struct Story {
  std::optional<Line> tell(std::string id, std::string status, std::string reason = "") {
    now += 1s;
    bool is_stack = id == "ads";
    return progress.take({"", "arn:ads", id, is_stack ? "arn:ads" : "physical",
                          is_stack ? "AWS::CloudFormation::Stack" : "AWS::X::" + id, std::move(status),
                          std::move(reason), now});
  }
  SystemTime now = *parse_iso8601("2026-11-22T12:00:00Z");
  StackProgress progress{"ads"};
};

TEST(StackProgress, TellsOneLinePerStatus) {
  Story story;
  EXPECT_EQ(story.tell("ads", "CREATE_IN_PROGRESS")->tone, Tone::plain);
  EXPECT_THAT(story.tell("Queue", "CREATE_IN_PROGRESS")->text,
              AllOf(HasSubstr("12:00:02  CREATE_IN_PROGRESS"), HasSubstr("Queue")));
  EXPECT_EQ(story.tell("Queue", "CREATE_IN_PROGRESS", "Resource creation Initiated"), std::nullopt);
  auto done = story.tell("Queue", "CREATE_COMPLETE");
  EXPECT_THAT(done->text, AllOf(HasSubstr("12:00:04"), HasSubstr("  2 s")));
  EXPECT_EQ(done->tone, Tone::good);
  EXPECT_EQ(story.progress.ending(), std::nullopt);
  story.tell("ads", "CREATE_COMPLETE");
  EXPECT_EQ(story.progress.ending(), "CREATE_COMPLETE");
}

TEST(StackProgress, ShowsWhatIsAtWorkAndForHowLong) {
  Story story;
  story.tell("Queue", "CREATE_IN_PROGRESS");
  story.tell("Table", "CREATE_IN_PROGRESS");
  story.tell("Queue", "CREATE_COMPLETE");
  auto live = story.progress.live(story.now + 70s);
  ASSERT_EQ(live.size(), 1u);
  EXPECT_THAT(live[0].text, AllOf(HasSubstr("1 min 11 s"), HasSubstr("Table")));
}

TEST(StackProgress, ACleaningUpdateIsNotAtItsEnd) {
  Story story;
  story.tell("ads", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
  EXPECT_EQ(story.progress.ending(), std::nullopt);
  story.tell("ads", "UPDATE_COMPLETE");
  EXPECT_EQ(story.progress.ending(), "UPDATE_COMPLETE");
  story.tell("ads", "DELETE_IN_PROGRESS");
  EXPECT_EQ(story.progress.ending(), std::nullopt) << "the next work has begun";
}

TEST(StackProgress, TheCauseComesFirstAndWhatWasOnlyCancelledNotAtAll) {
  Story story;
  story.tell("Table", "CREATE_IN_PROGRESS");
  auto failed = story.tell("Queue", "CREATE_FAILED", "Queue ads already exists");
  EXPECT_EQ(failed->tone, Tone::danger);
  EXPECT_THAT(failed->text, HasSubstr("\n      Queue ads already exists"));
  story.tell("Table", "CREATE_FAILED", "Resource creation cancelled");
  story.tell("ads", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Queue, Table].");
  story.tell("Role", "DELETE_FAILED", "is not authorized to perform: iam:DeleteRole");
  story.tell("ads", "ROLLBACK_FAILED");
  EXPECT_EQ(story.progress.ending(), "ROLLBACK_FAILED");
  auto sentences = describe_failures(story.progress.failures());
  EXPECT_THAT(sentences, ElementsAre(AllOf(HasSubstr("Queue (AWS::X::Queue): Queue ads already exists"),
                                           HasSubstr("-> the name is taken")),
                                     HasSubstr("lacks that permission")));
}

TEST(StackProgress, ManyFailuresAreCutShort) {
  std::vector<StackFailure> failures;
  for (int i = 0; i < 8; ++i) failures.push_back({"R" + std::to_string(i), "AWS::X::Y", "DELETE_FAILED", ""});
  auto sentences = describe_failures(failures);
  ASSERT_EQ(sentences.size(), 6u);
  EXPECT_EQ(sentences.front(), "R0 (AWS::X::Y): DELETE_FAILED");
  EXPECT_EQ(sentences.back(), "... and 3 more");
}

TEST(StackAct, EveryStatusHasItsAct) {
  struct Case {
    std::optional<std::string> status;
    StackAct deploy, destroy;
  };
  for (const Case& c : {
           Case{std::nullopt, StackAct::create, StackAct::refuse},
           Case{"DELETE_COMPLETE", StackAct::create, StackAct::refuse},
           Case{"REVIEW_IN_PROGRESS", StackAct::create, StackAct::remove_first},
           Case{"CREATE_IN_PROGRESS", StackAct::wait, StackAct::wait},
           Case{"CREATE_COMPLETE", StackAct::update, StackAct::remove_first},
           Case{"CREATE_FAILED", StackAct::refuse, StackAct::remove_first},
           Case{"ROLLBACK_IN_PROGRESS", StackAct::wait, StackAct::wait},
           Case{"ROLLBACK_COMPLETE", StackAct::remove_first, StackAct::remove_first},
           Case{"ROLLBACK_FAILED", StackAct::refuse, StackAct::remove_first},
           Case{"UPDATE_IN_PROGRESS", StackAct::wait, StackAct::wait},
           Case{"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", StackAct::wait, StackAct::wait},
           Case{"UPDATE_COMPLETE", StackAct::update, StackAct::remove_first},
           Case{"UPDATE_FAILED", StackAct::update, StackAct::remove_first},
           Case{"UPDATE_ROLLBACK_IN_PROGRESS", StackAct::wait, StackAct::wait},
           Case{"UPDATE_ROLLBACK_FAILED", StackAct::refuse, StackAct::remove_first},
           Case{"UPDATE_ROLLBACK_COMPLETE", StackAct::update, StackAct::remove_first},
           Case{"DELETE_IN_PROGRESS", StackAct::wait, StackAct::wait},
           Case{"DELETE_FAILED", StackAct::refuse, StackAct::remove_first},
           Case{"IMPORT_COMPLETE", StackAct::update, StackAct::remove_first},
           Case{"IMPORT_ROLLBACK_FAILED", StackAct::refuse, StackAct::remove_first},
       }) {
    auto deploy = decide_deploy(c.status, "ads"), destroy = decide_destroy(c.status, "ads");
    EXPECT_EQ(deploy.act, c.deploy) << c.status.value_or("none");
    EXPECT_EQ(destroy.act, c.destroy) << c.status.value_or("none");
    if (deploy.act == StackAct::refuse)
      EXPECT_THAT(deploy.why, AllOf(HasSubstr(*c.status), HasSubstr("--stack-name ads")));
  }
}

TEST(Leftovers, AreWhatTheTemplateRetainsAndTheStackHas) {
  auto document = parse_json_object(R"({"Resources": {
      "Users": {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain"},
      "Batch": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "RetainExceptOnCreate"},
      "Queue": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Delete"},
      "Never": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain"},
      "Role": {"Type": "AWS::IAM::Role"}}})");
  auto left = leftovers(*document, {{"Users", "users-1", "AWS::DynamoDB::Table", "CREATE_COMPLETE", "", {}},
                                    {"Batch", "batch-1", "AWS::S3::Bucket", "UPDATE_COMPLETE", "", {}},
                                    {"Queue", "http://q", "AWS::SQS::Queue", "CREATE_COMPLETE", "", {}},
                                    {"Never", "", "AWS::SQS::Queue", "CREATE_FAILED", "", {}},
                                    {"Role", "r", "AWS::IAM::Role", "CREATE_COMPLETE", "", {}}});
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].logical_id, "Users");
  EXPECT_THAT(left[0].how, HasSubstr("delete-table --table-name users-1"));
  EXPECT_THAT(left[1].how, HasSubstr("delete-bucket --bucket batch-1"));
  EXPECT_EQ(removal_command("AWS::IAM::Role", "r"), "");
}

}  // namespace
}  // namespace ads::cli
