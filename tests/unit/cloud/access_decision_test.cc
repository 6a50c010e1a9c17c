// Who may do what: one row per rule of AWS's evaluation logic.
#include "cloud/access_decision.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace ads::cloud::access {
namespace {

using Keys = std::map<std::string, Values, std::less<>>;

class GivenFacts : public Facts {
 public:
  explicit GivenFacts(Keys keys) : keys_(std::move(keys)) {}
  std::optional<Values> find(std::string_view key) const override {
    const auto found = keys_.find(key);
    return found == keys_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  Keys keys_;
};

constexpr std::string_view kAccount = "000000000000";
const std::string kQueue = "arn:aws:sqs:eu-west-1:000000000000:jobs";

PolicyPointer policy(std::string name, std::string_view statements, PolicyKind kind = PolicyKind::identity) {
  if (statements.empty()) return nullptr;
  auto parsed = parse_policy(fmt::format(R"({{"Version":"2012-10-17","Statement":[{}]}})", statements), kind);
  if (!parsed) ADD_FAILURE() << name << ": " << parsed.error().message;
  return std::make_shared<NamedPolicy>(NamedPolicy{std::move(name), parsed ? *parsed : Policy{}});
}

Principal user(std::string_view statements = "") {
  Principal out{.kind = Principal::Kind::user,
                .arn = "arn:aws:iam::000000000000:user/ann",
                .entity_arn = "arn:aws:iam::000000000000:user/ann",
                .account = std::string(kAccount),
                .name = "ann"};
  if (auto p = policy("inline policy own of user ann", statements)) out.policies.push_back(p);
  return out;
}
Principal role(std::string_view statements = "") {
  Principal out{.kind = Principal::Kind::role,
                .arn = "arn:aws:sts::000000000000:assumed-role/R/s",
                .entity_arn = "arn:aws:iam::000000000000:role/app/R",
                .account = std::string(kAccount)};
  if (auto p = policy("inline policy own of role R", statements)) out.policies.push_back(p);
  return out;
}
Principal service(std::string name) {
  return {.kind = Principal::Kind::service, .arn = std::move(name)};
}
Principal root() {
  return {.kind = Principal::Kind::root,
          .arn = "arn:aws:iam::000000000000:root",
          .entity_arn = "arn:aws:iam::000000000000:root",
          .account = std::string(kAccount)};
}

// Statements of a queue's policy for one principal.
std::string by_queue(std::string_view principal, std::string_view effect = "Allow", std::string_view condition = "{}") {
  return fmt::format(R"({{"Effect":"{}","Principal":{},"Action":"sqs:*","Resource":"*","Condition":{}}})", effect,
                     principal, condition);
}

const std::string kSend = R"({"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"})";
const std::string kAll = R"({"Effect":"Allow","Action":"*","Resource":"*"})";
const std::string kNoSend = R"({"Sid":"NoSend","Effect":"Deny","Action":"sqs:Send*","Resource":"*"})";
const std::string kReceive = R"({"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*"})";

struct LayerCase {
  std::string name;
  Principal principal;
  std::string resource, boundary, session;  // statements
  std::string words;                        // what the refusal says; empty: allowed
};

TEST(Decide, layers_of_policies_as_AWS_weighs_them) {
  const std::string user_arn = R"({"AWS":"arn:aws:iam::000000000000:user/ann"})";
  const std::string role_arn = R"({"AWS":"arn:aws:iam::000000000000:role/app/R"})";
  const std::string session_arn = R"({"AWS":"arn:aws:sts::000000000000:assumed-role/R/s"})";
  const std::string account = R"({"AWS":"000000000000"})";
  const std::string sns = R"({"Service":"sns.amazonaws.com"})";
  const LayerCase cases[] = {
      {"nothing said", user(), "", "", "", "because no identity-based policy allows the sqs:SendMessage action"},
      {"own policy allows", user(kSend), "", "", "", ""},
      {"another action is allowed", user(kReceive), "", "", "", "because no identity-based policy allows"},
      {"own policy denies what it allows", user(kAll + "," + kNoSend), "", "", "",
       "with an explicit deny in an identity-based policy: inline policy own of user ann, statement NoSend"},
      {"queue names the user", user(), by_queue(user_arn), "", "", ""},
      {"queue names the role", role(), by_queue(role_arn), "", "", ""},
      {"queue names the session", role(), by_queue(session_arn), "", "", ""},
      {"queue names anybody", user(), by_queue(R"("*")"), "", "", ""},
      {"queue names another user", user(), by_queue(R"({"AWS":"arn:aws:iam::000000000000:user/bob"})"), "", "",
       "because no identity-based policy allows"},
      {"queue names the account, own policy is silent", user(), by_queue(account), "", "",
       "because no identity-based policy allows"},
      {"queue names the account, own policy allows", user(kSend), by_queue(account), "", "", ""},
      {"queue denies", user(kAll), by_queue(R"("*")", "Deny"), "", "",
       "with an explicit deny in a resource-based policy: policy of jobs, statement 1"},
      {"queue denies another", user(kAll), by_queue(R"({"AWS":"arn:aws:iam::000000000000:user/bob"})", "Deny"), "", "",
       ""},
      {"queue denies the whole account", user(kAll), by_queue(account, "Deny"), "", "", "with an explicit deny"},
      {"boundary allows too", user(kAll), "", kSend, "", ""},
      {"boundary is silent", user(kAll), "", kReceive, "", "because no permissions boundary allows"},
      {"boundary alone allows nothing", user(), "", kAll, "", "because no identity-based policy allows"},
      {"boundary denies", user(kAll), "", kAll + "," + kNoSend, "", "with an explicit deny in a permissions boundary"},
      {"queue names the user, boundary is silent", user(), by_queue(user_arn), kReceive, "", ""},
      {"queue names the role, boundary is silent", role(), by_queue(role_arn), kReceive, "",
       "because no permissions boundary allows"},
      {"session policy allows too", role(kAll), "", "", kSend, ""},
      {"session policy is silent", role(kAll), "", "", kReceive, "because no session policy allows"},
      {"session policy denies", role(kAll), "", "", kAll + "," + kNoSend, "with an explicit deny in a session policy"},
      {"queue names the session, session policy is silent", role(), by_queue(session_arn), "", kReceive, ""},
      {"queue names the role, session policy is silent", role(), by_queue(role_arn), "", kReceive,
       "because no session policy allows"},
      {"root without a word", root(), "", "", "", ""},
      {"root where the queue denies everybody", root(), by_queue(R"("*")", "Deny"), "", "", "with an explicit deny"},
      {"a service that the queue names", service("sns.amazonaws.com"), by_queue(sns), "", "", ""},
      {"a service that the queue does not name", service("s3.amazonaws.com"), by_queue(sns), "", "",
       "because no resource-based policy allows"},
      {"a service and a queue without policy", service("sns.amazonaws.com"), "", "", "",
       "because no resource-based policy allows"},
      {"a service where anybody may", service("s3.amazonaws.com"), by_queue(R"("*")"), "", "", ""},
  };
  for (const auto& c : cases) {
    auto principal = c.principal;
    principal.boundary = policy("boundary", c.boundary);
    principal.session = policy("session policy", c.session);
    const auto resource = policy("policy of jobs", c.resource, PolicyKind::resource);
    const Question question{"sqs:SendMessage", kQueue};
    const auto decision = decide(principal, question, GivenFacts({}), resource.get());
    EXPECT_EQ(decision.is_allowed(), c.words.empty()) << c.name;
    if (c.words.empty() || decision.is_allowed()) continue;
    const auto said = words(principal, question, decision);
    EXPECT_NE(said.find(c.words), std::string::npos) << c.name << ": " << said;
    EXPECT_TRUE(said.starts_with(
        fmt::format("User: {} is not authorized to perform: sqs:SendMessage on resource: {} ", principal.arn, kQueue)))
        << said;
  }
}

struct NotPrincipalCase {
  std::string name;
  Principal principal;
  bool is_allowed;
};

TEST(Decide, a_deny_for_all_but_some) {
  const auto all_but = policy("policy of jobs",
                              R"({"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::000000000000:user/ann",
                                 "arn:aws:iam::000000000000:role/app/R"]},"Action":"*","Resource":"*"})",
                              PolicyKind::resource);
  auto bob = user(kAll);
  bob.arn = bob.entity_arn = "arn:aws:iam::000000000000:user/bob";
  const NotPrincipalCase cases[] = {
      {"ann", user(kAll), true}, {"a session of R", role(kAll), true}, {"bob", bob, false}};
  for (const auto& c : cases) {
    EXPECT_EQ(decide(c.principal, {"sqs:SendMessage", kQueue}, GivenFacts({}), all_but.get()).is_allowed(),
              c.is_allowed)
        << c.name;
  }
}

struct TrustCase {
  std::string name, principal_element, own;
  Principal principal;
  bool is_allowed;
};

TEST(Decide, a_trust_policy_must_let_in_and_an_account_only_delegates) {
  const std::string assume = R"({"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"})";
  const TrustCase cases[] = {
      {"the service it names", R"({"Service":"lambda.amazonaws.com"})", "", service("lambda.amazonaws.com"), true},
      {"another service", R"({"Service":"s3.amazonaws.com"})", "", service("lambda.amazonaws.com"), false},
      {"the user it names", R"({"AWS":"arn:aws:iam::000000000000:user/ann"})", "", user(), true},
      {"its account, and the user may", R"({"AWS":"000000000000"})", assume, user(assume), true},
      {"its account, and the user may not", R"({"AWS":"000000000000"})", "", user(), false},
      {"nobody of ours, though the user may", R"({"AWS":"111111111111"})", assume, user(assume), false},
      {"a role by another", R"({"AWS":"arn:aws:iam::000000000000:role/app/R"})", "", role(), true},
      {"root of the account", R"({"AWS":"000000000000"})", "", root(), true},
      {"root where only a service is named", R"({"Service":"s3.amazonaws.com"})", "", root(), false},
  };
  for (const auto& c : cases) {
    const auto trust =
        policy("trust policy",
               fmt::format(R"({{"Effect":"Allow","Principal":{},"Action":"sts:AssumeRole"}})", c.principal_element),
               PolicyKind::trust);
    EXPECT_EQ(decide(c.principal, {"sts:AssumeRole", "arn:aws:iam::000000000000:role/T"}, GivenFacts({}), trust.get(),
                     ResourcePolicy::required)
                  .is_allowed(),
              c.is_allowed)
        << c.name;
  }
}

struct ElementCase {
  std::string name, statement, action, resource;
  bool is_allowed;
};

TEST(Evaluate, actions_and_resources) {
  const ElementCase cases[] = {
      {"without case", R"("Action":"SQS:sendmessage","Resource":"*")", "sqs:SendMessage", kQueue, true},
      {"by wildcard", R"("Action":"sqs:Send*","Resource":"arn:aws:sqs:*:*:job?")", "sqs:SendMessage", kQueue, true},
      {"wildcard in the middle", R"("Action":"sqs:*Message","Resource":"*")", "sqs:SendMessage", kQueue, true},
      {"another action", R"("Action":"sqs:Send*","Resource":"*")", "sqs:ReceiveMessage", kQueue, false},
      {"a longer name", R"("Action":"*","Resource":"arn:aws:sqs:*:*:job?")", "sqs:SendMessage", kQueue + "2", false},
      {"one of several", R"("Action":["s3:*","sqs:*"],"Resource":["arn:aws:s3:::b","arn:aws:sqs:*"])",
       "sqs:SendMessage", kQueue, true},
      {"a bucket is not its objects", R"("Action":"*","Resource":"arn:aws:s3:::b")", "s3:GetObject", "arn:aws:s3:::b/k",
       false},
      {"objects are not their bucket", R"("Action":"*","Resource":"arn:aws:s3:::b/*")", "s3:ListBucket",
       "arn:aws:s3:::b", false},
      {"all actions but", R"("NotAction":"iam:*","Resource":"*")", "s3:GetObject", "arn:aws:s3:::b/k", true},
      {"not these actions", R"("NotAction":["iam:*","s3:*"],"Resource":"*")", "s3:GetObject", "arn:aws:s3:::b/k",
       false},
      {"all resources but", R"("Action":"*","NotResource":"arn:aws:s3:::secret/*")", "s3:GetObject", "arn:aws:s3:::b/k",
       true},
      {"not these resources", R"("Action":"*","NotResource":"arn:aws:s3:::secret/*")", "s3:GetObject",
       "arn:aws:s3:::secret/k", false},
      {"own name", R"("Action":"*","Resource":"arn:aws:s3:::b/${aws:username}/*")", "s3:GetObject",
       "arn:aws:s3:::b/ann/x", true},
      {"another's name", R"("Action":"*","Resource":"arn:aws:s3:::b/${aws:username}/*")", "s3:GetObject",
       "arn:aws:s3:::b/bob/x", false},
      {"a tag", R"("Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/team}/*")", "s3:GetObject",
       "arn:aws:s3:::blue/x", true},
      {"a missing variable matches nothing", R"("Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/none}*")",
       "s3:GetObject", "arn:aws:s3:::x", false},
      {"a default", R"("Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/none, 'x'}")", "s3:ListBucket",
       "arn:aws:s3:::x", true},
      {"a star that is one", R"("Action":"*","Resource":"arn:aws:s3:::b/${*}")", "s3:GetObject", "arn:aws:s3:::b/k",
       false},
      {"a value is no wildcard", R"("Action":"*","Resource":"arn:aws:s3:::b/${sly}")", "s3:GetObject",
       "arn:aws:s3:::b/anything", false},
  };
  const GivenFacts facts({{"aws:username", {"ann"}}, {"aws:principaltag/team", {"blue"}}, {"sly", {"*"}}});
  for (const auto& c : cases) {
    const auto one = policy(c.name, fmt::format(R"({{"Effect":"Allow",{}}})", c.statement));
    const auto verdict = evaluate(one->policy, user(), {c.action, c.resource}, facts);
    EXPECT_EQ(verdict.allowed != Grant::none, c.is_allowed) << c.name;
  }
}

TEST(Evaluate, an_old_version_knows_no_variables) {
  const auto old = parse_policy(R"({"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*",
                                    "Resource":"arn:aws:s3:::b/${aws:username}"}})",
                                PolicyKind::identity);
  ASSERT_TRUE(old);
  const GivenFacts facts({{"aws:username", {"ann"}}});
  EXPECT_EQ(evaluate(*old, user(), {"s3:GetObject", "arn:aws:s3:::b/ann"}, facts).allowed, Grant::none);
  EXPECT_NE(evaluate(*old, user(), {"s3:GetObject", "arn:aws:s3:::b/${aws:username}"}, facts).allowed, Grant::none);
}

struct ConditionCase {
  std::string name, condition;
  Keys keys;
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
      {"not equals, one of two", R"({"StringNotEquals":{"a":["1","2"]}})", {{"a", {"2"}}}, false},
      {"not like", R"({"StringNotLike":{"a":"x*"}})", {{"a", {"yes"}}}, true},
      {"like", R"({"StringLike":{"a":"x*z"}})", {{"a", {"xyz"}}}, true},
      {"like its own name",
       R"({"StringLike":{"a":"home/${aws:username}/*"}})",
       {{"a", {"home/ann/x"}}, {"aws:username", {"ann"}}},
       true},
      {"equals a variable",
       R"({"StringEquals":{"a":"${aws:username}"}})",
       {{"a", {"ann"}}, {"aws:username", {"ann"}}},
       true},
      {"equals knows no wildcard", R"({"StringEquals":{"a":"x*"}})", {{"a", {"xyz"}}}, false},
      {"without case", R"({"StringEqualsIgnoreCase":{"a":"ABC"}})", {{"a", {"abc"}}}, true},
      {"not without case", R"({"StringNotEqualsIgnoreCase":{"a":"ABC"}})", {{"a", {"abc"}}}, false},
      {"numbers", R"({"NumericLessThanEquals":{"a":"10"}})", {{"a", {"9.5"}}}, true},
      {"a number in the document", R"({"NumericGreaterThan":{"a":10}})", {{"a", {"10"}}}, false},
      {"no number", R"({"NumericEquals":{"a":"10"}})", {{"a", {"ten"}}}, false},
      {"not this number", R"({"NumericNotEquals":{"a":"10"}})", {{"a", {"11"}}}, true},
      {"dates", R"({"DateGreaterThan":{"a":"2026-01-01T00:00:00Z"}})", {{"a", {"2026-02-01T00:00:00Z"}}}, true},
      {"a date and seconds", R"({"DateLessThan":{"a":"2026-01-01T00:00:00Z"}})", {{"a", {"1767225599"}}}, true},
      {"bool", R"({"Bool":{"aws:SecureTransport":"true"}})", {{"aws:securetransport", {"true"}}}, true},
      {"bool in the document", R"({"Bool":{"aws:SecureTransport":false}})", {{"aws:securetransport", {"true"}}}, false},
      {"null, absent", R"({"Null":{"a":"true"}})", {}, true},
      {"null, present", R"({"Null":{"a":"true"}})", {{"a", {"x"}}}, false},
      {"not null, present", R"({"Null":{"a":false}})", {{"a", {"x"}}}, true},
      {"address", R"({"IpAddress":{"a":"10.1.0.0/16"}})", {{"a", {"10.1.2.3"}}}, true},
      {"other address", R"({"IpAddress":{"a":"10.1.0.0/16"}})", {{"a", {"10.2.2.3"}}}, false},
      {"an odd mask", R"({"IpAddress":{"a":"10.1.128.0/17"}})", {{"a", {"10.1.127.255"}}}, false},
      {"one address", R"({"IpAddress":{"a":"127.0.0.1"}})", {{"a", {"127.0.0.1"}}}, true},
      {"address of the new kind", R"({"IpAddress":{"a":"2001:db8::/32"}})", {{"a", {"2001:db8:1::7"}}}, true},
      {"not address", R"({"NotIpAddress":{"a":"10.1.0.0/16"}})", {{"a", {"10.2.2.3"}}}, true},
      {"bytes", R"({"BinaryEquals":{"a":"QmluYXJ5"}})", {{"a", {"QmluYXJ5"}}}, true},
      {"arn", R"({"ArnLike":{"a":"arn:aws:s3:::b*"}})", {{"a", {"arn:aws:s3:::bucket"}}}, true},
      {"arn equals knows wildcards",
       R"({"ArnEquals":{"a":"arn:aws:s3:::b*"}})",
       {{"a", {"arn:aws:s3:::bucket"}}},
       true},
      {"arn pattern of four parts", R"({"ArnLike":{"a":"arn:aws:sqs:*"}})", {{"a", {"arn:aws:sqs:r:1:q"}}}, false},
      {"arn pattern of five parts", R"({"ArnLike":{"a":"arn:aws:sqs:r:*"}})", {{"a", {"arn:aws:sqs:r:1:q"}}}, false},
      {"what is no arn", R"({"ArnLike":{"a":"arn:*:*:*:*:*"}})", {{"a", {"arn:aws:sqs"}}}, false},
      {"any arn", R"({"ArnLike":{"a":"*"}})", {{"a", {"arn:aws:sqs:r:1:q"}}}, true},
      {"arn parts do not run over", R"({"ArnLike":{"a":"arn:aws:sqs:*:q"}})", {{"a", {"arn:aws:sqs:r:1:q"}}}, false},
      {"not arn", R"({"ArnNotLike":{"a":"arn:aws:s3:::b*"}})", {{"a", {"arn:aws:s3:::other"}}}, true},
      {"all values", R"({"ForAllValues:StringEquals":{"a":["1","2"]}})", {{"a", {"1", "3"}}}, false},
      {"all values, absent", R"({"ForAllValues:StringEquals":{"a":["1","2"]}})", {}, true},
      {"any value", R"({"ForAnyValue:StringEquals":{"a":["1","2"]}})", {{"a", {"1", "3"}}}, true},
      {"any value, absent", R"({"ForAnyValue:StringEquals":{"a":["1","2"]}})", {}, false},
      {"any value that is not", R"({"ForAnyValue:StringNotEquals":{"a":["1"]}})", {{"a", {"1", "3"}}}, true},
      {"all like",
       R"({"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["ann-*"]}})",
       {{"dynamodb:leadingkeys", {"ann-1", "ann-2"}}},
       true},
      {"both keys must hold", R"({"StringEquals":{"a":"1","b":"2"}})", {{"a", {"1"}}, {"b", {"3"}}}, false},
      {"both operators must hold", R"({"StringEquals":{"a":"1"},"Bool":{"b":"true"}})", {{"a", {"1"}}}, false},
  };
  for (const auto& c : cases) {
    const auto one = policy(
        c.name, fmt::format(R"({{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{}}})", c.condition));
    const auto verdict = evaluate(one->policy, user(), {"s3:GetObject", "arn:aws:s3:::b/k"}, GivenFacts(c.keys));
    EXPECT_EQ(verdict.allowed != Grant::none, c.holds) << c.name;
  }
}

TEST(MatchesWildcards, many_stars_end_in_good_time) {
  EXPECT_FALSE(matches_wildcards(std::string(200, '*') + "b", std::string(20'000, 'a')));
  EXPECT_TRUE(matches_wildcards("a*?c", "abbc"));
  EXPECT_FALSE(matches_wildcards("a?c", "ac"));
}

}  // namespace
}  // namespace ads::cloud::access
