// Keys, sessions and roles, through the port and the stack's resource types.
#include <gtest/gtest.h>

#include "cloud/iam/service.h"
#include "run_task.h"
#include "temporary_directory.h"

namespace ads::cloud::iam {
namespace {

constexpr std::string_view kTrust =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}})";

class Identities : public ::testing::Test {
 protected:
  Identities() { open(); }
  void open() {
    iam_.reset();
    environment_.reset();
    store_.reset();
    store_ = Store::open(io_.get_executor(), directory_.path(), Durability::durable).value();
    environment_ = std::make_unique<Environment>(Environment{io_.get_executor(), *store_, clock_});
    iam_ = std::make_unique<Iam>(*environment_);
  }
  ResourceType& type(std::string_view name) {
    if (types_.empty()) types_ = iam_->resource_types();
    return **std::ranges::find(types_, name, [](const auto& t) { return t->name(); });
  }
  ResourceContext context(std::string token = "op-1") {
    return {.account = "000000000000",
            .region = "eu-west-1",
            .stack_name = "s",
            .stack_id = "arn:s",
            .logical_id = "Role",
            .client_token = std::move(token),
            .tags = {}};
  }
  json::object role(std::string name) {
    return {{"RoleName", name}, {"AssumeRolePolicyDocument", parse_json(kTrust).value()}};
  }

  asio::io_context io_{1};
  testing::TemporaryDirectory directory_;
  ManualClock clock_{parse_iso8601("2026-11-22T10:00:00Z").value()};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Environment> environment_;
  std::unique_ptr<Iam> iam_;
  ResourceTypes types_;
};

TEST_F(Identities, the_root_key_is_made_once_and_survives) {
  const auto first = iam_->root_key().value();
  EXPECT_EQ(first.id.size(), 20u);
  EXPECT_EQ(iam_->root_key()->id, first.id);
  open();
  EXPECT_EQ(iam_->root_key()->id, first.id);
  EXPECT_EQ(iam_->root_key()->secret, first.secret);
  const auto found = iam_->find_key(first.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->arn, "arn:aws:iam::000000000000:root");
}

TEST_F(Identities, an_unknown_key_is_refused) {
  EXPECT_EQ(iam_->find_key("AKIAUNKNOWN").error().code, "InvalidClientTokenId");
}

TEST_F(Identities, a_service_becomes_a_role_that_trusts_it) {
  ASSERT_TRUE(testing::run(io_, type("AWS::IAM::Role").create(context(), role("worker"))));
  const auto session = testing::run(io_, iam_->assume("arn:aws:iam::000000000000:role/worker", "f",
                                                      {"lambda.amazonaws.com", ""}, std::chrono::hours(1)));
  ASSERT_TRUE(session) << session.error().message;
  const auto found = iam_->find_key(session->access_key_id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->arn, "arn:aws:sts::000000000000:assumed-role/worker/f");
  EXPECT_EQ(found->session_token, session->session_token);
  EXPECT_EQ(found->expires, clock_.now() + std::chrono::hours(1));
}

TEST_F(Identities, a_service_that_is_not_trusted_is_denied) {
  ASSERT_TRUE(testing::run(io_, type("AWS::IAM::Role").create(context(), role("worker"))));
  const auto refused = testing::run(
      io_, iam_->assume("arn:aws:iam::000000000000:role/worker", "f", {"s3.amazonaws.com", ""}, std::chrono::hours(1)));
  EXPECT_EQ(refused.error().code, "AccessDenied");
}

TEST_F(Identities, sessions_are_forgotten_a_day_after_their_end) {
  ASSERT_TRUE(testing::run(io_, type("AWS::IAM::Role").create(context(), role("worker"))));
  const auto assume = [&] {
    return testing::run(io_, iam_->assume("arn:aws:iam::000000000000:role/worker", "f", {"lambda.amazonaws.com", ""},
                                          std::chrono::hours(1)))
        .value()
        .access_key_id;
  };
  const auto old = assume();
  clock_.advance(std::chrono::hours(2));
  assume();
  EXPECT_TRUE(iam_->find_key(old)) << "its holder is to hear ExpiredToken";
  clock_.advance(std::chrono::hours(48));
  assume();
  EXPECT_FALSE(iam_->find_key(old));
}

TEST_F(Identities, a_repeated_create_of_one_operation_finds_itself_and_another_is_refused) {
  ASSERT_TRUE(testing::run(io_, type("AWS::IAM::Role").create(context("op-1"), role("worker"))));
  EXPECT_TRUE(testing::run(io_, type("AWS::IAM::Role").create(context("op-1"), role("worker"))));
  const auto other = testing::run(io_, type("AWS::IAM::Role").create(context("op-2"), role("worker")));
  EXPECT_EQ(other.error().code, "EntityAlreadyExists");
}

TEST_F(Identities, an_inline_policy_goes_into_the_role_and_out_of_it) {
  ASSERT_TRUE(testing::run(io_, type("AWS::IAM::Role").create(context(), role("worker"))));
  const json::object policy{
      {"PolicyName", "p"},
      {"Roles", json::array{"worker"}},
      {"PolicyDocument", parse_json(R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})").value()}};
  auto made = testing::run(io_, type("AWS::IAM::Policy").create(context(), policy));
  ASSERT_TRUE(made) << made.error().message;
  const auto kept = testing::run(io_, type("AWS::IAM::Role").remove(context(), "worker", role("worker")));
  EXPECT_EQ(kept.error().code, "DeleteConflict");
  EXPECT_TRUE(testing::run(io_, type("AWS::IAM::Policy").remove(context(), made->physical_id, policy)));
  EXPECT_TRUE(testing::run(io_, type("AWS::IAM::Role").remove(context(), "worker", role("worker"))));
}

}  // namespace
}  // namespace ads::cloud::iam
