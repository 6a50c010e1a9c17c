#include "cloud/access.h"

#include <gtest/gtest.h>

#include "temporary_directory.h"
#include "unit/cloud/every_role.h"

namespace ads::cloud::access {
namespace {

struct NoBody : http::IncomingBody {
  Task<Result<std::size_t>> read_some(char*, std::size_t) override { co_return std::size_t{0}; }
  std::optional<std::uint64_t> declared_length() const override { return 0; }
};

const Need kNeed{"sqs:SendMessage", "arn:aws:sqs:eu-west-1:000000000000:q"};
const Source kByRole{"scheduler.amazonaws.com", "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/s",
                     "arn:aws:iam::000000000000:role/r"};

class AccessTest : public ::testing::Test {
 protected:
  Call call(Caller caller) { return {request, std::move(caller), "000000000000", "eu-west-1", "r", clock.now()}; }

  testing::TemporaryDirectory directory;
  asio::io_context io{1};
  ManualClock clock{SystemTime(std::chrono::seconds(1'795'000'000))};
  std::unique_ptr<Store> store = *Store::open(io.get_executor(), directory.path() / "data", Durability::ephemeral);
  Environment environment{io.get_executor(), *store, clock};
  NoBody body;
  http::IncomingRequest request{{}, body, "127.0.0.1:1"};
};

TEST_F(AccessTest, ACallerWithoutAnIdentityMayNothing) {
  const auto allowed = authorize(call({}), kNeed);
  ASSERT_FALSE(allowed);
  EXPECT_EQ(allowed.error().code, "AccessDenied");
  EXPECT_FALSE(may(call({}), kNeed));
}

TEST_F(AccessTest, ACallerOfACloudWithoutAuthenticationMayEverything) {
  Caller caller;
  caller.enforcement = Enforcement::off;
  EXPECT_TRUE(authorize(call(caller), kNeed));
  EXPECT_TRUE(may(call(caller), kNeed));
}

TEST_F(AccessTest, ARoleMayNothingWhereNoIdentityServiceKnowsIt) {
  const auto allowed = authorize(environment, kByRole, kNeed);
  ASSERT_FALSE(allowed);
  EXPECT_EQ(allowed.error().code, "AccessDenied");
  environment.enforcement = Enforcement::off;
  EXPECT_TRUE(authorize(environment, kByRole, kNeed));
}

TEST_F(AccessTest, ARoleThatIsFoundIsAskedFor) {
  EveryRole roles;
  environment.identities = &roles;
  EXPECT_TRUE(authorize(environment, kByRole, kNeed));
}

TEST_F(AccessTest, ARoleWithoutAPrincipalMayNothing) {
  struct NoPrincipal : EveryRole {
    Outcome<PrincipalPointer> role(const std::string&, const std::string&) override { return PrincipalPointer(); }
  } roles;
  environment.identities = &roles;
  EXPECT_FALSE(authorize(environment, kByRole, kNeed));
}

}  // namespace
}  // namespace ads::cloud::access
