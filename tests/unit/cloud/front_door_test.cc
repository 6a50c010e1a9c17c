#include "cloud/front_door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "aws/sigv4.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "cloud/access_decision.h"
#include "run_task.h"
#include "temporary_directory.h"

namespace ads::cloud {
namespace {

using ::testing::HasSubstr;

// Remembers what reached it, and answers "welcome".
struct FakeService : Service {
  std::vector<std::string> bodies;
  Caller caller;
  std::string region, account;
  std::set<std::string> request_ids;
  bool has_chunk_signer = false;

  Task<http::Reply> answer(Call& call) override {
    auto body = co_await call.request.body.read_all(1u << 20);
    bodies.push_back(body ? *body : "unreadable");
    caller = call.caller;
    region = call.region;
    account = call.account;
    request_ids.insert(call.request_id);
    has_chunk_signer = call.chunk_signer.has_value();
    co_return http::Reply{200, {}, "welcome"};
  }
};

struct FakeIdentities : IdentityPort {
  std::map<std::string, Identity> known;
  Outcome<Identity> find_key(const std::string& id) override {
    auto found = known.find(id);
    if (found == known.end()) return refuse(403, "InvalidClientTokenId", "unknown");
    return found->second;
  }
  Outcome<PrincipalPointer> role(const std::string&, const std::string&) override {
    return refuse(not_implemented("role"));
  }
  Task<Outcome<SessionCredentials>> assume(std::string, std::string, Source, std::chrono::seconds) override {
    co_return refuse(not_implemented("assume"));
  }
};

struct MemoryBody : http::IncomingBody {
  explicit MemoryBody(std::string t) : text(std::move(t)) {}
  Task<Result<std::size_t>> read_some(char* buffer, std::size_t capacity) override {
    std::size_t count = std::min(capacity, text.size() - used);
    text.copy(buffer, count, used);
    used += count;
    co_return count;
  }
  std::optional<std::uint64_t> declared_length() const override { return text.size(); }
  std::string text;
  std::size_t used = 0;
};

const aws::Credentials kRoot{"AKIDROOT", "root secret"};

class FrontDoorTest : public ::testing::Test {
 protected:
  FrontDoorTest() {
    identities.known["AKIDROOT"] = {"root secret", "", "arn:aws:iam::000000000000:root", "000000000000"};
    identities.known["AKIDROOT"].principal =
        std::make_shared<access::Principal>(access::Principal{.kind = access::Principal::Kind::root});
    identities.known["ASIDROLE"] = {"role secret", "token", "arn:aws:sts::000000000000:assumed-role/R/s", "AROA:s",
                                    clock.now() + std::chrono::hours(1)};
    environment.identities = &identities;
  }

  // A request as an honest client signs it.
  http::Request signed_request(const std::string& service, http::Request request,
                               const aws::Credentials& credentials = kRoot, const std::string& region = "eu-west-1") {
    request.headers.set("Host", "127.0.0.1:4566");
    aws::sign(request, credentials, {region, service}, clock.now());
    return request;
  }
  http::Request query(const std::string& service, const std::string& action = "Anything") {
    return signed_request(service, form("Action=" + action));
  }
  static http::Request form(std::string body) {
    return {"POST", "/", {{"Content-Type", "application/x-www-form-urlencoded"}}, std::move(body)};
  }
  static http::Request target(const std::string& name) {
    return {"POST", "/", {{"Content-Type", "application/x-amz-json-1.0"}, {"X-Amz-Target", name}}, "{}"};
  }

  http::Reply knock(http::Request request, Authentication authentication = Authentication::verify) {
    if (!door || authentication != authentication_) {
      authentication_ = authentication;
      door = std::make_unique<FrontDoor>(
          environment,
          Services{
              {"s3", &s3}, {"sqs", &sqs}, {"sns", &sns}, {"dynamodb", &dynamodb}, {"ses", &ses}, {"lambda", &lambda}},
          Admission{.authentication = authentication, .console_token = "token"});
    }
    if (!request.headers.has("Host")) request.headers.set("Host", "127.0.0.1:4566");
    MemoryBody body(std::move(request.body));
    http::IncomingRequest incoming{std::move(request), body, "127.0.0.1:1"};
    return ads::testing::run(io, door->answer(incoming));
  }
  static std::string text(const http::Reply& reply) { return std::get<std::string>(reply.body); }

  ads::testing::TemporaryDirectory directory;
  asio::io_context io{1};
  ManualClock clock{SystemTime(std::chrono::seconds(1'795'000'000))};
  std::unique_ptr<Store> store = *Store::open(io.get_executor(), directory.path() / "data", Durability::ephemeral);
  Environment environment{io.get_executor(), *store, clock};
  FakeIdentities identities;
  FakeService s3, sqs, sns, dynamodb, ses, lambda;
  std::unique_ptr<FrontDoor> door;
  Authentication authentication_ = Authentication::verify;
};

TEST_F(FrontDoorTest, OnlyWithAuthenticationOffNoPolicyIsAsked) {
  knock(query("sns"));
  EXPECT_EQ(sns.caller.enforcement, Enforcement::on);
  knock(query("sns"), Authentication::off);
  EXPECT_EQ(sns.caller.enforcement, Enforcement::off);
}

TEST_F(FrontDoorTest, LeadsToTheServiceThatTheSignatureNames) {
  EXPECT_EQ(knock(query("sqs")).status, 200);
  EXPECT_EQ(knock(query("sns")).status, 200);
  EXPECT_EQ(knock(signed_request("dynamodb", target("DynamoDB_20120810.ListTables"))).status, 200);
  EXPECT_EQ(knock(signed_request("s3", {"GET", "/bucket/key"})).status, 200);
  EXPECT_EQ(knock(signed_request("lambda", {"GET", "/2015-03-31/functions/"})).status, 200);
  EXPECT_EQ(knock(signed_request("ses", {"GET", "/v2/email/identities"})).status, 200);
  for (const auto* service : {&sqs, &sns, &dynamodb, &s3, &lambda, &ses}) EXPECT_EQ(service->bodies.size(), 1u);
}

TEST_F(FrontDoorTest, TellsTheServiceWhoAsksAndFromWhere) {
  knock(query("sqs"));
  EXPECT_EQ(sqs.caller.arn, "arn:aws:iam::000000000000:root");
  EXPECT_EQ(sqs.caller.access_key_id, "AKIDROOT");
  EXPECT_EQ(sqs.region, "eu-west-1");
  EXPECT_EQ(sqs.account, "000000000000");
  EXPECT_EQ(sqs.bodies.front(), "Action=Anything") << "the body it read to verify is the service's to read again";
  knock(signed_request("sns", form("Action=X"), {"ASIDROLE", "role secret", "token"}, "ap-south-1"));
  EXPECT_EQ(sns.caller.arn, "arn:aws:sts::000000000000:assumed-role/R/s");
  EXPECT_EQ(sns.caller.user_id, "AROA:s");
  EXPECT_EQ(sns.region, "ap-south-1");
}

TEST_F(FrontDoorTest, GivesEveryRequestAnIdOfItsOwn) {
  for (int i = 0; i < 1000; ++i) knock(query("sqs"));
  EXPECT_EQ(sqs.request_ids.size(), 1000u);
  EXPECT_EQ(sqs.request_ids.begin()->size(), 36u);
  door.reset();  // as after a restart: the numbers start again, the ids do not
  for (int i = 0; i < 1000; ++i) knock(query("sqs"));
  EXPECT_EQ(sqs.request_ids.size(), 2000u);
}

TEST_F(FrontDoorTest, TurnsABodyAwayThatIsNotTheSignedOne) {
  auto request = query("sqs");
  request.body = "Action=DeleteQueue";
  auto reply = knock(request);
  EXPECT_EQ(reply.status, 403);
  EXPECT_THAT(text(reply), HasSubstr("<Code>SignatureDoesNotMatch</Code>"));
  EXPECT_TRUE(sqs.bodies.empty()) << "the service never saw it";
}

TEST_F(FrontDoorTest, TurnsABodyAwayThatIsNotTheDeclaredOne) {
  auto request = form("Action=A");
  request.headers.set("X-Amz-Content-Sha256", to_hex(sha256("Action=A")));
  request = signed_request("sqs", request);
  EXPECT_EQ(knock(request).status, 200);
  request.body = "Action=B";
  EXPECT_EQ(knock(request).status, 403);
  EXPECT_EQ(sqs.bodies.size(), 1u);
}

TEST_F(FrontDoorTest, LeavesAnObjectsBodyToS3) {
  http::Request put{"PUT", "/bucket/key", {}, "bytes"};
  put = signed_request("s3", put);
  put.body = "other";
  EXPECT_EQ(knock(put).status, 200) << "S3 compares the declared hash while it stores";
  EXPECT_EQ(s3.bodies.front(), "other");
}

TEST_F(FrontDoorTest, RefusesAnObjectWhoseHashIsNotDeclared) {
  http::Request put{"PUT", "/bucket/key", {}, ""};
  put = signed_request("s3", put);
  put.headers.remove("X-Amz-Content-Sha256");
  put.body = "whatever";
  EXPECT_NE(knock(put).status, 200);
  EXPECT_TRUE(s3.bodies.empty());
}

TEST_F(FrontDoorTest, HandsTheChunkSignerOverForSignedChunksAlone) {
  http::Request put{"PUT", "/bucket/key", {{"X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}}, ""};
  EXPECT_EQ(knock(signed_request("s3", put)).status, 200);
  EXPECT_TRUE(s3.has_chunk_signer);
  put.headers.set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
  EXPECT_EQ(knock(signed_request("s3", put)).status, 200);
  EXPECT_FALSE(s3.has_chunk_signer);
}

TEST_F(FrontDoorTest, RefusesInTheWordsOfEachProtocol) {
  const aws::Credentials stranger{"AKIDNOBODY", "x"}, forger{"AKIDROOT", "guessed"};
  const aws::Credentials wrong_token{"ASIDROLE", "role secret", "stolen"}, no_token{"ASIDROLE", "role secret"};
  struct Case {
    const char* name;
    std::string service;
    http::Request request;
    aws::Credentials who;
    int status;
    std::string words;
  };
  auto list = target("DynamoDB_20120810.ListTables"), queues = target("AmazonSQS.ListQueues");
  http::Request functions{"GET", "/2015-03-31/functions/"}, buckets{"GET", "/"};
  for (const auto& c : {
           Case{"query, stranger", "sns", form("A=1"), stranger, 403, "<Code>InvalidClientTokenId</Code>"},
           Case{"query, forger", "sns", form("A=1"), forger, 403, "<Code>SignatureDoesNotMatch</Code>"},
           Case{"query, wrong token", "sns", form("A=1"), wrong_token, 403, "<Code>InvalidClientTokenId</Code>"},
           Case{"json, stranger", "dynamodb", list, stranger, 400, "#UnrecognizedClientException\""},
           Case{"json, forger", "dynamodb", list, forger, 400, "#InvalidSignatureException\""},
           Case{"json, no token", "dynamodb", list, no_token, 400, "#UnrecognizedClientException\""},
           Case{"sqs in json, stranger", "sqs", queues, stranger, 403, "#InvalidClientTokenId\""},
           Case{"sqs in json, forger", "sqs", queues, forger, 403, "#SignatureDoesNotMatch\""},
           Case{"rest json, stranger", "lambda", functions, stranger, 403, "security token included"},
           Case{"rest json, forger", "lambda", functions, forger, 403, "signature we calculated"},
           Case{"s3, stranger", "s3", buckets, stranger, 403, "<Code>InvalidAccessKeyId</Code>"},
           Case{"s3, forger", "s3", buckets, forger, 403, "<Code>SignatureDoesNotMatch</Code>"},
           Case{"s3, wrong token", "s3", buckets, wrong_token, 400, "<Code>InvalidToken</Code>"},
       }) {
    auto reply = knock(signed_request(c.service, c.request, c.who));
    EXPECT_EQ(reply.status, c.status) << c.name;
    EXPECT_THAT(text(reply), HasSubstr(c.words)) << c.name;
  }
}

TEST_F(FrontDoorTest, SaysWhenASessionHasEnded) {
  const aws::Credentials role{"ASIDROLE", "role secret", "token"};
  EXPECT_EQ(knock(signed_request("sns", form("A=1"), role)).status, 200);
  clock.advance(std::chrono::hours(2));
  auto in_query = knock(signed_request("sns", form("A=1"), role));
  EXPECT_EQ(in_query.status, 403);
  EXPECT_THAT(text(in_query), HasSubstr("<Code>ExpiredToken</Code>"));
  auto in_json = knock(signed_request("dynamodb", target("DynamoDB_20120810.ListTables"), role));
  EXPECT_EQ(in_json.status, 400);
  EXPECT_THAT(text(in_json), HasSubstr("ExpiredTokenException"));
  auto in_s3 = knock(signed_request("s3", {"GET", "/"}, role));
  EXPECT_EQ(in_s3.status, 400);
  EXPECT_THAT(text(in_s3), HasSubstr("<Code>ExpiredToken</Code>"));
}

TEST_F(FrontDoorTest, AsksTheUnsignedForAToken) {
  struct Case {
    const char* name;
    http::Request request;
    int status;
    const char* words;
  };
  for (const Case& c :
       {Case{"s3", {"GET", "/bucket"}, 403, "<Code>AccessDenied</Code>"},
        Case{"json", target("DynamoDB_20120810.ListTables"), 400, "MissingAuthenticationTokenException"},
        Case{"rest json", {"GET", "/2015-03-31/functions/"}, 403, "missing Authentication Token"},
        Case{"query", form("Action=ListTopics&Version=2010-03-31"), 403, "<Code>MissingAuthenticationToken</Code>"},
        Case{"a form of nobody", form("a=b"), 403, "<Code>MissingAuthenticationToken</Code>"}}) {
    auto reply = knock(c.request);
    EXPECT_EQ(reply.status, c.status) << c.name;
    EXPECT_THAT(text(reply), HasSubstr(c.words)) << c.name;
  }
}

TEST_F(FrontDoorTest, LetsEverybodyInWhereNobodyAsks) {
  EXPECT_EQ(knock(form("Action=ListTopics&Version=2010-03-31"), Authentication::off).status, 200);
  EXPECT_EQ(sns.bodies.front(), "Action=ListTopics&Version=2010-03-31");
  EXPECT_EQ(sns.caller.arn, "arn:aws:iam::000000000000:root");
  EXPECT_EQ(sns.region, "us-east-1");
  EXPECT_EQ(
      knock(signed_request("dynamodb", target("DynamoDB_20120810.ListTables"), {"any", "thing"}), Authentication::off)
          .status,
      200);
  EXPECT_EQ(dynamodb.region, "eu-west-1") << "the signature still says where";
  EXPECT_EQ(knock({"GET", "/bucket/key"}, Authentication::off).status, 200);
  EXPECT_EQ(s3.bodies.size(), 1u);
}

TEST_F(FrontDoorTest, SaysWhichServiceIsNotThere) {
  auto reply = knock(query("ec2"));
  EXPECT_EQ(reply.status, 501);
  EXPECT_THAT(text(reply), HasSubstr("ec2"));
}

TEST_F(FrontDoorTest, RefusesABodyPastTheLimit) {
  auto request = query("sqs");
  request.body = std::string(21u << 20, 'x');
  auto reply = knock(request);
  EXPECT_EQ(reply.status, 413);
  EXPECT_THAT(text(reply), HasSubstr("<Code>RequestEntityTooLarge</Code>"));
}

TEST_F(FrontDoorTest, ShowsPagesOfItsOwnToASignatureOrTheToken) {
  for (const auto* page : {"/_ads/health", "/_aws/ses", "/_ads/nothing"}) EXPECT_EQ(knock({"GET", page}).status, 403);
  EXPECT_EQ(knock({"DELETE", "/_aws/ses"}).status, 403);
  EXPECT_EQ(knock({"GET", "/_aws/ses", {{"X-Ads-Token", "another"}}}).status, 403);
  EXPECT_TRUE(ses.bodies.empty());
  EXPECT_EQ(knock({"GET", "/_aws/ses", {{"X-Ads-Token", "token"}}}).status, 200);
  EXPECT_EQ(knock(signed_request("ses", {"GET", "/_aws/ses"})).status, 200);
  EXPECT_EQ(ses.bodies.size(), 2u);
  EXPECT_THAT(text(knock(signed_request("s3", {"GET", "/_ads/health"}))), HasSubstr("running"));
  EXPECT_EQ(knock(signed_request("s3", {"GET", "/_ads/nothing"})).status, 404);
  EXPECT_EQ(knock({"GET", "/_ads/health"}, Authentication::off).status, 200);
}

TEST_F(FrontDoorTest, RefusesStrangersFirst) {
  auto rebound = query("sns");
  rebound.headers.set("Host", "evil.org:4566");
  EXPECT_EQ(knock(rebound).status, 403);
  EXPECT_EQ(knock(rebound, Authentication::off).status, 403);
  auto page = query("sns");
  page.headers.set("Origin", "https://evil.org");
  EXPECT_EQ(knock(page, Authentication::off).status, 403);
  EXPECT_TRUE(sns.bodies.empty());
}

}  // namespace
}  // namespace ads::cloud
