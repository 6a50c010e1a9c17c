#include "aws/sigv4.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "aws/signing_key.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/json.h"

namespace ads::aws {
namespace {

constexpr std::string_view kKey = "AKIDEXAMPLE";
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SystemTime kNow = *parse_iso8601_basic("20261122T162005Z");

struct Vector {
  std::string name, canonical, authorization, presigned;
  Scope scope;
  Credentials credentials;
  http::Request request;
};

void PrintTo(const Vector& vector, std::ostream* out) {
  *out << vector.name;
}

std::vector<Vector> vectors() {
  std::ifstream file(ADS_SOURCE_DIR "/tests/unit/aws/sigv4_vectors.json");
  std::stringstream text;
  text << file.rdbuf();
  auto top = parse_json_object(text.str()).value();
  std::vector<Vector> out;
  for (auto& entry : *get_array(top, "vectors")) {
    auto& object = entry.as_object();
    auto field = [&](const char* name) { return std::string(get_string(object, name).value_or("")); };
    Vector vector{field("name"), field("canonical"), field("authorization"), field("presigned"), {}, {}, {}};
    vector.scope = {field("region"), field("service")};
    vector.credentials = {std::string(kKey), std::string(kSecret), field("token")};
    vector.request = {field("method"), field("target"), {}, field("body")};
    for (auto& pair : object.at("headers").as_array())
      vector.request.headers.add(pair.at(0).as_string(), std::string(pair.at(1).as_string()));
    out.push_back(std::move(vector));
  }
  return out;
}

std::string payload_hash(const http::Request& request, const Authorization& authorization) {
  return declared_payload_hash(request, authorization).value_or(to_hex(sha256(request.body)));
}

Verifier verifier_of(Credentials credentials) {
  return Verifier([credentials](std::string_view id) -> std::optional<KnownKey> {
    if (id != credentials.access_key_id) return std::nullopt;
    return KnownKey{credentials.secret_access_key, credentials.session_token, credentials.expires};
  });
}

class Botocore : public testing::TestWithParam<Vector> {};

TEST_P(Botocore, signs_alike_and_is_verified) {
  Vector vector = GetParam();
  auto sent = vector.request;
  if (!vector.presigned.empty()) {
    presign(sent, vector.credentials, vector.scope, kNow, std::chrono::seconds(900));
    EXPECT_EQ(sent.target, vector.presigned);
  } else {
    sign(sent, vector.credentials, vector.scope, kNow);
    EXPECT_EQ(sent.headers.get_or("Authorization", ""), vector.authorization);
  }
  auto authorization = parse_authorization(sent);
  ASSERT_TRUE(authorization) << authorization.error().message;
  EXPECT_EQ(authorization->scope, vector.scope);
  if (vector.presigned.empty()) {
    EXPECT_EQ(canonical_request(sent, authorization->signed_headers, vector.scope.service,
                                payload_hash(sent, *authorization)),
              vector.canonical);
  }
  auto verified =
      verifier_of(vector.credentials).verify(sent, *authorization, payload_hash(sent, *authorization), kNow);
  EXPECT_TRUE(verified) << verified.error().message;
}

INSTANTIATE_TEST_SUITE_P(vectors, Botocore, testing::ValuesIn(vectors()), [](auto& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

// A signed request that the test then spoils.
class Refusals : public testing::Test {
 protected:
  Refusals() {
    request.method = "PUT";
    request.target = "/bucket/key?partNumber=1&uploadId=u";
    request.headers = {{"Host", "s3.eu-west-1.amazonaws.com"}, {"x-amz-meta-a", "b"}};
    request.body = "content";
  }
  void sign_it(SystemTime at = kNow) { sign(request, credentials, scope, at); }
  void presign_it(std::chrono::seconds expires) { presign(request, credentials, scope, kNow, expires); }
  std::optional<Refusal> verdict(SystemTime now = kNow) {
    auto authorization = parse_authorization(request);
    if (!authorization) return authorization.error().reason;
    auto verified = verifier_of(known).verify(request, *authorization, payload_hash(request, *authorization), now);
    if (verified) return std::nullopt;
    return verified.error().reason;
  }
  void edit_authorization(std::string_view from, std::string_view to) {
    std::string text(*request.headers.get("Authorization"));
    auto at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    request.headers.set("Authorization", text.replace(at, from.size(), to));
  }

  http::Request request;
  Credentials credentials{std::string(kKey), std::string(kSecret)};
  Credentials known = credentials;
  Scope scope{"eu-west-1", "s3"};
};

constexpr std::optional<Refusal> kAccepted = std::nullopt;

TEST_F(Refusals, accepts_what_nobody_touched) {
  sign_it();
  EXPECT_EQ(verdict(), kAccepted);
}

TEST_F(Refusals, unsigned_request) {
  EXPECT_EQ(verdict(), Refusal::missing_token);
}

TEST_F(Refusals, another_target_method_header_or_payload) {
  auto spoil = [&](auto change) {
    auto keep = request;
    sign_it();
    change();
    auto result = verdict();
    request = keep;
    return result;
  };
  EXPECT_EQ(spoil([&] { request.target = "/bucket/other?partNumber=1&uploadId=u"; }), Refusal::mismatch);
  EXPECT_EQ(spoil([&] { request.target += "&x=1"; }), Refusal::mismatch);
  EXPECT_EQ(spoil([&] { request.method = "DELETE"; }), Refusal::mismatch);
  EXPECT_EQ(spoil([&] { request.headers.set("x-amz-meta-a", "c"); }), Refusal::mismatch);
  EXPECT_EQ(spoil([&] { request.headers.remove("x-amz-meta-a"); }), Refusal::mismatch);
  EXPECT_EQ(spoil([&] { request.headers.set("X-Amz-Content-Sha256", std::string(64, '0')); }), Refusal::mismatch);
  EXPECT_EQ(spoil([&] { request.headers.set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"); }), Refusal::mismatch);
  EXPECT_EQ(spoil([&] { request.headers.add("x-amz-acl", "public-read"); }), Refusal::headers_not_signed);
  EXPECT_EQ(spoil([&] { edit_authorization("host;", ""); }), Refusal::headers_not_signed);
}

TEST_F(Refusals, another_body_where_the_hash_is_not_declared) {
  scope.service = "sqs";
  sign_it();
  request.body = "contents";
  EXPECT_EQ(verdict(), Refusal::mismatch);
}

TEST_F(Refusals, another_secret_and_an_unknown_key) {
  sign_it();
  known.secret_access_key = "other";
  EXPECT_EQ(verdict(), Refusal::mismatch);
  known.access_key_id = "AKIDOTHER";
  EXPECT_EQ(verdict(), Refusal::unknown_key);
}

TEST_F(Refusals, clock_skew_of_fifteen_minutes) {
  using std::chrono::minutes, std::chrono::seconds;
  sign_it();
  EXPECT_EQ(verdict(kNow + minutes(15)), kAccepted);
  EXPECT_EQ(verdict(kNow - minutes(15)), kAccepted);
  EXPECT_EQ(verdict(kNow + minutes(15) + seconds(1)), Refusal::time_skewed);
  EXPECT_EQ(verdict(kNow - minutes(15) - seconds(1)), Refusal::time_skewed);
}

TEST_F(Refusals, presigned_urls_expire) {
  using std::chrono::minutes, std::chrono::seconds;
  presign_it(seconds(3600));
  EXPECT_EQ(verdict(kNow + minutes(59)), kAccepted);
  EXPECT_EQ(verdict(kNow + minutes(61)), Refusal::request_expired);
  EXPECT_EQ(verdict(kNow - minutes(16)), Refusal::time_skewed);
}

TEST_F(Refusals, presigned_url_with_another_parameter) {
  presign_it(std::chrono::seconds(60));
  request.target += "&versionId=1";
  EXPECT_EQ(verdict(), Refusal::mismatch);
}

TEST_F(Refusals, presigned_for_longer_than_a_week) {
  presign_it(std::chrono::hours(24 * 7 + 1));
  EXPECT_EQ(verdict(), Refusal::incomplete_query);
}

TEST_F(Refusals, presigned_query_incomplete) {
  for (auto target : {"/a?X-Amz-Signature=abc", "/a?X-Amz-Algorithm=AWS4-HMAC-SHA256",
                      "/a?X-Amz-Algorithm=AWS4-HMAC-SHA1&X-Amz-Credential=A/20261122/r/s3/aws4_request&X-Amz-Date="
                      "20261122T162005Z&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature=a",
                      "/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A/20261122/r/s3/aws4_request&X-Amz-Date="
                      "20261122T162005Z&X-Amz-Expires=-1&X-Amz-SignedHeaders=host&X-Amz-Signature=a",
                      "/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A/20261122/r/s3&X-Amz-Date="
                      "20261122T162005Z&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature=a"}) {
    request.target = target;
    EXPECT_EQ(verdict(), Refusal::incomplete_query) << target;
  }
}

TEST_F(Refusals, headers_that_make_no_sense) {
  struct Case {
    const char* header;
    Refusal reason;
  };
  const Case cases[] = {
      {"AWS AKID:signature", Refusal::unsupported_scheme},
      {"Bearer abc", Refusal::unsupported_scheme},
      {"AWS4-HMAC-SHA256-OTHER Credential=a", Refusal::unsupported_scheme},
      {"", Refusal::unsupported_scheme},
      {"AWS4-HMAC-SHA256", Refusal::incomplete},
      {"AWS4-HMAC-SHA256 Credential=A/20261122/r/s3/aws4_request, SignedHeaders=host", Refusal::incomplete},
      {"AWS4-HMAC-SHA256 Credential=A/20261122/r/s3, SignedHeaders=host, Signature=a", Refusal::incomplete},
      {"AWS4-HMAC-SHA256 Credential=A/20261122/r/s3/aws4_request/b, SignedHeaders=host, Signature=a",
       Refusal::incomplete},
      {"AWS4-HMAC-SHA256 Credential=A/20261122/r/s3/aws4, SignedHeaders=host, Signature=a", Refusal::incomplete},
      {"AWS4-HMAC-SHA256 Credential=////aws4_request, SignedHeaders=host, Signature=a", Refusal::incomplete},
      {"AWS4-HMAC-SHA256 Credential=A/20261121/r/s3/aws4_request, SignedHeaders=host, Signature=a", Refusal::mismatch},
      {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/r/s3/aws4_request, SignedHeaders=;;, Signature=a",
       Refusal::headers_not_signed},
  };
  sign_it();
  for (auto& [header, reason] : cases) {
    request.headers.set("Authorization", header);
    EXPECT_EQ(verdict(), reason) << header;
  }
}

TEST_F(Refusals, a_date_that_is_none) {
  sign_it();
  request.headers.set("X-Amz-Date", "yesterday");
  EXPECT_EQ(verdict(), Refusal::incomplete);
  request.headers.set("X-Amz-Date", "20261322T162005Z");
  EXPECT_EQ(verdict(), Refusal::mismatch);
  request.headers.remove("X-Amz-Date");
  EXPECT_EQ(verdict(), Refusal::incomplete);
}

TEST_F(Refusals, header_and_query_at_once) {
  sign_it();
  request.target += "&X-Amz-Algorithm=AWS4-HMAC-SHA256";
  EXPECT_EQ(verdict(), Refusal::incomplete);
}

TEST_F(Refusals, session_tokens) {
  credentials.session_token = "token";
  sign_it();
  EXPECT_EQ(verdict(), Refusal::invalid_token);  // the key has none
  known.session_token = "token";
  EXPECT_EQ(verdict(), kAccepted);
  known.expires = kNow + std::chrono::seconds(1);
  EXPECT_EQ(verdict(), kAccepted);
  EXPECT_EQ(verdict(kNow + std::chrono::seconds(1)), Refusal::expired_token);
  known.session_token = "newer";
  EXPECT_EQ(verdict(), Refusal::invalid_token);
}

TEST_F(Refusals, mismatch_shows_what_was_computed) {
  sign_it();
  request.method = "GET";
  auto authorization = parse_authorization(request);
  auto verified = verifier_of(known).verify(request, *authorization, payload_hash(request, *authorization), kNow);
  ASSERT_FALSE(verified);
  EXPECT_THAT(verified.error().canonical_request, testing::StartsWith("GET\n/bucket/key\npartNumber=1&uploadId=u\n"));
  EXPECT_THAT(verified.error().string_to_sign, testing::StartsWith("AWS4-HMAC-SHA256\n20261122T162005Z\n"));
}

TEST_F(Refusals, accepts_a_target_sent_less_encoded_than_signed) {
  request.target = "/bucket/a%20%28b%29?prefix=a%2Fb";
  sign_it();
  request.target = "/bucket/a%20(b)?prefix=a/b";
  EXPECT_EQ(verdict(), kAccepted);
}

// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, the example.
TEST(ChunkSignatures, equal_the_documented_example) {
  Scope scope{"us-east-1", "s3"};
  auto key = signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", scope);
  ChunkSigner signer(key, scope, "20130524T000000Z",
                     "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
  EXPECT_EQ(signer.chunk(to_hex(sha256(std::string(65536, 'a')))),
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
  EXPECT_EQ(signer.chunk(to_hex(sha256(std::string(1024, 'a')))),
            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
  EXPECT_EQ(signer.chunk(to_hex(sha256(""))), "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
}

// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html, the example.
TEST(ChunkSignatures, equal_the_documented_example_with_a_trailer) {
  Scope scope{"us-east-1", "s3"};
  auto key = signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", scope);
  ChunkSigner signer(key, scope, "20130524T000000Z",
                     "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
  EXPECT_EQ(signer.chunk(to_hex(sha256(std::string(65536, 'a')))),
            "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2");
  EXPECT_EQ(signer.chunk(to_hex(sha256(std::string(1024, 'a')))),
            "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7");
  EXPECT_EQ(signer.chunk(to_hex(sha256(""))), "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992");
  EXPECT_EQ(signer.trailer("x-amz-checksum-crc32c:sOO8/Q==\n"),
            "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435");
}

TEST(SigningKeys, hash_an_overlong_secret_as_hmac_does) {
  std::string secret(100, 's');
  Scope scope{"r", "s"};
  auto step = hmac_sha256("AWS4" + secret, "20261122");
  step = hmac_sha256(hmac_sha256(hmac_sha256(step, "r"), "s"), "aws4_request");
  EXPECT_EQ(SigningKey(secret, "20261122", scope).sign("text"), to_hex(hmac_sha256(step, "text")));
}

}  // namespace
}  // namespace ads::aws
