// What policy documents may say, and what they decide.
#include "cloud/iam/policy.h"

#include <gtest/gtest.h>

namespace ads::cloud::iam {
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

Verdict decide(std::string_view document, AccessRequest request, PolicyKind kind = PolicyKind::identity) {
  const auto policy = parse_policy(document, kind);
  if (!policy) ADD_FAILURE() << policy.error().message;
  return policy ? evaluate(*policy, request) : Verdict::not_mentioned;
}

const std::string kQueue = "arn:aws:sqs:eu-west-1:000000000000:jobs";

TEST(Evaluate, actions_and_resources_match_by_wildcard_and_actions_without_case) {
  const auto allow = R"({"Statement":{"Effect":"Allow","Action":"SQS:send*","Resource":"arn:aws:sqs:*:*:job?"}})";
  EXPECT_EQ(decide(allow, {.action = "sqs:SendMessage", .resource = kQueue}), Verdict::allowed);
  EXPECT_EQ(decide(allow, {.action = "sqs:ReceiveMessage", .resource = kQueue}), Verdict::not_mentioned);
  EXPECT_EQ(decide(allow, {.action = "sqs:SendMessage", .resource = kQueue + "2"}), Verdict::not_mentioned);
}

TEST(Evaluate, a_deny_beats_every_allow) {
  const auto both = R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
                                     {"Effect":"Deny","Action":"sqs:Delete*","Resource":"*"}]})";
  EXPECT_EQ(decide(both, {.action = "sqs:DeleteMessage", .resource = kQueue}), Verdict::denied);
  EXPECT_EQ(decide(both, {.action = "sqs:SendMessage", .resource = kQueue}), Verdict::allowed);
}

TEST(Evaluate, not_action_and_not_resource_turn_the_match_round) {
  const auto all_but = R"({"Statement":{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::secret/*"}})";
  EXPECT_EQ(decide(all_but, {.action = "s3:GetObject", .resource = "arn:aws:s3:::open/a"}), Verdict::allowed);
  EXPECT_EQ(decide(all_but, {.action = "s3:GetObject", .resource = "arn:aws:s3:::secret/a"}), Verdict::not_mentioned);
  EXPECT_EQ(decide(all_but, {.action = "iam:GetRole", .resource = "arn:aws:s3:::open/a"}), Verdict::not_mentioned);
}

struct ConditionCase {
  std::string name, condition;
  std::map<std::string, std::vector<std::string>> context;
  bool holds;
};

TEST(Evaluate, conditions) {
  const std::vector<ConditionCase> cases = {
      {"equals", R"({"StringEquals":{"aws:SourceAccount":"1"}})", {{"aws:sourceaccount", {"1"}}}, true},
      {"any of several", R"({"StringEquals":{"a":["1","2"]}})", {{"a", {"2"}}}, true},
      {"equals, absent", R"({"StringEquals":{"a":"1"}})", {}, false},
      {"equals if exists, absent", R"({"StringEqualsIfExists":{"a":"1"}})", {}, true},
      {"equals if exists, other", R"({"StringEqualsIfExists":{"a":"1"}})", {{"a", {"2"}}}, false},
      {"not equals, absent", R"({"StringNotEquals":{"a":"1"}})", {}, true},
      {"not equals, same", R"({"StringNotEquals":{"a":"1"}})", {{"a", {"1"}}}, false},
      {"like", R"({"StringLike":{"a":"x*z"}})", {{"a", {"xyz"}}}, true},
      {"equals knows no wildcard", R"({"StringEquals":{"a":"x*"}})", {{"a", {"xyz"}}}, false},
      {"without case", R"({"StringEqualsIgnoreCase":{"a":"ABC"}})", {{"a", {"abc"}}}, true},
      {"numbers", R"({"NumericLessThanEquals":{"a":"10"}})", {{"a", {"9.5"}}}, true},
      {"no number", R"({"NumericEquals":{"a":"10"}})", {{"a", {"ten"}}}, false},
      {"dates", R"({"DateGreaterThan":{"a":"2026-01-01T00:00:00Z"}})", {{"a", {"2026-02-01T00:00:00Z"}}}, true},
      {"bool", R"({"Bool":{"aws:SecureTransport":"true"}})", {{"aws:securetransport", {"true"}}}, true},
      {"null, absent", R"({"Null":{"a":"true"}})", {}, true},
      {"null, present", R"({"Null":{"a":"true"}})", {{"a", {"x"}}}, false},
      {"address", R"({"IpAddress":{"a":"10.1.0.0/16"}})", {{"a", {"10.1.2.3"}}}, true},
      {"other address", R"({"IpAddress":{"a":"10.1.0.0/16"}})", {{"a", {"10.2.2.3"}}}, false},
      {"not address", R"({"NotIpAddress":{"a":"10.1.0.0/16"}})", {{"a", {"10.2.2.3"}}}, true},
      {"arn", R"({"ArnLike":{"a":"arn:aws:s3:::b*"}})", {{"a", {"arn:aws:s3:::bucket"}}}, true},
      {"arn parts do not run over", R"({"ArnLike":{"a":"arn:aws:sqs:*:q"}})", {{"a", {"arn:aws:sqs:r:1:q"}}}, false},
      {"all values", R"({"ForAllValues:StringEquals":{"a":["1","2"]}})", {{"a", {"1", "3"}}}, false},
      {"any value", R"({"ForAnyValue:StringEquals":{"a":["1","2"]}})", {{"a", {"1", "3"}}}, true},
      {"both keys must hold", R"({"StringEquals":{"a":"1","b":"2"}})", {{"a", {"1"}}, {"b", {"3"}}}, false},
  };
  for (const auto& c : cases) {
    const auto document = fmt::format(
        R"({{"Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{}}}}})", c.condition);
    AccessRequest request{.action = "s3:GetObject", .resource = "arn:aws:s3:::b/k"};
    request.context = c.context;
    EXPECT_EQ(decide(document, request) == Verdict::allowed, c.holds) << c.name;
  }
}

TEST(Evaluate, a_variable_is_replaced_and_never_a_wildcard) {
  const auto own = R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*"}})";
  AccessRequest request{.action = "s3:GetObject", .resource = "arn:aws:s3:::b/ann/x"};
  request.context["aws:username"] = {"ann"};
  EXPECT_EQ(decide(own, request), Verdict::allowed);
  request.context["aws:username"] = {"*"};
  EXPECT_EQ(decide(own, request), Verdict::not_mentioned);
}

TEST(Evaluate, principals_of_a_trust_policy) {
  const auto trust = [](std::string_view principal) {
    return fmt::format(R"({{"Statement":{{"Effect":"Allow","Principal":{},"Action":"sts:AssumeRole"}}}})", principal);
  };
  const AccessRequest lambda{.principal_service = "lambda.amazonaws.com", .action = "sts:AssumeRole"};
  const AccessRequest user{.principal_arn = "arn:aws:iam::000000000000:user/a", .action = "sts:AssumeRole"};
  const AccessRequest session{.principal_arn = "arn:aws:sts::000000000000:assumed-role/R/s",
                              .action = "sts:AssumeRole"};
  EXPECT_EQ(decide(trust(R"({"Service":"lambda.amazonaws.com"})"), lambda, PolicyKind::trust), Verdict::allowed);
  EXPECT_EQ(decide(trust(R"({"Service":"s3.amazonaws.com"})"), lambda, PolicyKind::trust), Verdict::not_mentioned);
  EXPECT_EQ(decide(trust(R"({"AWS":"000000000000"})"), user, PolicyKind::trust), Verdict::allowed_by_account);
  EXPECT_EQ(decide(trust(R"({"AWS":"111111111111"})"), user, PolicyKind::trust), Verdict::not_mentioned);
  EXPECT_EQ(decide(trust(R"({"AWS":"arn:aws:iam::000000000000:user/a"})"), user, PolicyKind::trust), Verdict::allowed);
  EXPECT_EQ(decide(trust(R"({"AWS":"arn:aws:iam::000000000000:role/p/R"})"), session, PolicyKind::trust),
            Verdict::allowed);
  EXPECT_EQ(decide(trust(R"("*")"), user, PolicyKind::trust), Verdict::allowed);
}

TEST(MatchesPattern, many_stars_end_in_good_time) {
  EXPECT_FALSE(matches_pattern(std::string(200, '*') + "b", std::string(20'000, 'a')));
  EXPECT_TRUE(matches_pattern("a*?c", "abbc"));
  EXPECT_FALSE(matches_pattern("a?c", "ac"));
}

}  // namespace
}  // namespace ads::cloud::iam
