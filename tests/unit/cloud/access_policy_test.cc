// What policy documents may say.
#include "cloud/access_policy.h"

#include <gtest/gtest.h>

namespace ads::cloud::access {
namespace {

struct Malformed {
  std::string name, document;
  PolicyKind kind;
  std::string words;
};

TEST(ParsePolicy, refuses_what_AWS_refuses) {
  const std::vector<Malformed> cases = {
      {"not JSON", "{", PolicyKind::identity, "This policy contains invalid Json"},
      {"a list", "[]", PolicyKind::identity, "Syntax errors in policy."},
      {"a wrong version", R"({"Version":"2012-10-18","Statement":[]})", PolicyKind::identity,
       "The policy must contain a valid version string"},
      {"no statement", R"({"Version":"2012-10-17"})", PolicyKind::identity, "Statement is missing"},
      {"no effect", R"({"Statement":{"Action":"s3:*","Resource":"*"}})", PolicyKind::identity,
       "Missing required field Effect"},
      {"a wrong effect", R"({"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}})", PolicyKind::identity,
       "Effect is Allow or Deny"},
      {"no action", R"({"Statement":{"Effect":"Allow","Resource":"*"}})", PolicyKind::identity,
       "Policy statement must contain actions."},
      {"no resource", R"({"Statement":{"Effect":"Allow","Action":"s3:*"}})", PolicyKind::identity,
       "Policy statement must contain resources."},
      {"an action without vendor", R"({"Statement":{"Effect":"Allow","Action":"GetObject","Resource":"*"}})",
       PolicyKind::identity, "must be prefaced by a vendor"},
      {"a resource that is no ARN", R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}})",
       PolicyKind::identity, "Resource bucket must be in ARN format"},
      {"a principal in an identity policy",
       R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}})", PolicyKind::identity,
       "should not specify a principal"},
      {"a resource in a trust policy",
       R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}})",
       PolicyKind::trust, "Has prohibited field Resource"},
      {"no principal in a trust policy", R"({"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}})",
       PolicyKind::trust, "Missing required field Principal"},
      {"a service that is none",
       R"({"Statement":{"Effect":"Allow","Principal":{"Service":"lambda"},"Action":"sts:AssumeRole"}})",
       PolicyKind::trust, "Invalid principal in policy"},
      {"an unknown condition",
       R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringIs":{"a":"b"}}}})",
       PolicyKind::identity, "Invalid Condition type : StringIs"},
      {"a misspelt field", R"({"Statement":{"Effect":"Allow","Actions":"s3:*","Resource":"*"}})", PolicyKind::identity,
       "unknown field Actions"},
      {"the same Sid twice",
       R"({"Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},
                        {"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"}]})",
       PolicyKind::identity, "must be unique"},
  };
  for (const auto& c : cases) {
    const auto parsed = parse_policy(c.document, c.kind);
    ASSERT_FALSE(parsed) << c.name;
    EXPECT_EQ(parsed.error().code, "MalformedPolicyDocument") << c.name;
    EXPECT_NE(parsed.error().message.find(c.words), std::string::npos) << c.name << ": " << parsed.error().message;
  }
}

}  // namespace
}  // namespace ads::cloud::access
