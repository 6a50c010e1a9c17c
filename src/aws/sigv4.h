// AWS Signature Version 4 (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html): the
// client signs and the local cloud verifies over one and the same canonical request.
#pragma once
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"
#include "http/message.h"

namespace ads::aws {

// What a signature is valid for, besides the day.
struct Scope {
  std::string region;   // "eu-west-1"
  std::string service;  // the signing name: "s3", "dynamodb", "sqs", "sns", "ses", "lambda", ...
  auto operator<=>(const Scope&) const = default;
};

inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

// The values of x-amz-content-sha256 that are no hash: the body is then signed chunk by chunk, or not at all.
bool is_payload_keyword(std::string_view content_sha256);  // UNSIGNED-PAYLOAD, STREAMING-*

// ---- signing ----

// Sets X-Amz-Date, X-Amz-Security-Token (with a session token), X-Amz-Content-Sha256 (S3 only) and Authorization.
// The request must bear Host. The payload hash is that of `request.body`, unless x-amz-content-sha256 is set already.
// Every header is signed except those that proxies and transports change (botocore's list).
void sign(http::Request& request, const Credentials& credentials, const Scope& scope, SystemTime now);

// Appends X-Amz-Algorithm, -Credential, -Date, -Expires, -Security-Token, -SignedHeaders and -Signature to the target.
// S3's payload is unsigned, any other service's is that of `request.body`. The request must bear Host.
void presign(http::Request& request, const Credentials& credentials, const Scope& scope, SystemTime now,
             std::chrono::seconds expires);

// ---- verifying ----

// A request's own claim about who signed it.
struct Authorization {
  enum class Place { header, query };
  Place place = Place::header;
  std::string access_key_id;
  std::string date;  // "20261122"
  Scope scope;
  std::vector<std::string> signed_headers;  // lower case, in the order given
  std::string signature;                    // 64 hex digits
  std::string signed_at;                    // "20261122T162005Z"
  std::chrono::seconds expires{0};          // query only
  std::string session_token;                // empty where none was sent
};

// Why a request is refused. The front door turns each into its service's code and status.
enum class Refusal {
  missing_token,       // no signature at all          MissingAuthenticationToken(Exception); S3: AccessDenied
  incomplete,          // Authorization unreadable     IncompleteSignature(Exception); S3: AuthorizationHeaderMalformed
  incomplete_query,    // presigned query unreadable   IncompleteSignature; S3: AuthorizationQueryParametersError
  unsupported_scheme,  // SigV2, Bearer, ...           IncompleteSignature(Exception); S3: InvalidRequest
  unknown_key,         // no such access key           InvalidClientTokenId, UnrecognizedClientException; S3:
                       // InvalidAccessKeyId
  invalid_token,  // wrong session token          InvalidClientTokenId, UnrecognizedClientException; S3: InvalidToken
  expired_token,  // session credentials expired  ExpiredToken(Exception)
  mismatch,       // another key or content       SignatureDoesNotMatch, InvalidSignatureException
  headers_not_signed,  // host or an x-amz-* header    as mismatch; S3: AccessDenied
  time_skewed,  // clock more than 15 min off   SignatureDoesNotMatch "Signature expired", InvalidSignatureException;
                // S3: RequestTimeTooSkewed
  request_expired,  // presigned URL too old        RequestExpired; S3: AccessDenied "Request has expired"
};

struct Refused {
  Refusal reason;
  std::string message;            // AWS's words where known
  std::string canonical_request;  // mismatch only: what was computed, as S3 shows it
  std::string string_to_sign;     // mismatch only
};

// Reads the Authorization header or the X-Amz-* query. Refusals: missing_token, incomplete, incomplete_query.
std::expected<Authorization, Refused> parse_authorization(const http::Request& head);

// The payload hash that the signature covers, as far as the head says it: x-amz-content-sha256, or UNSIGNED-PAYLOAD for
// a presigned S3 request. Nothing: it is the SHA-256 of the body in hex, which the caller then computes.
// Where a real hash was declared, the caller checks the body against it (S3: XAmzContentSHA256Mismatch).
std::optional<std::string> declared_payload_hash(const http::Request& head, const Authorization& authorization);

// What the verifier must know of an access key.
struct KnownKey {
  std::string secret_access_key;
  std::string session_token = {};  // must be sent exactly where not empty
  std::optional<SystemTime> expires = std::nullopt;
};
using KeyLookup = std::function<std::optional<KnownKey>(std::string_view access_key_id)>;

class SigningKey;

// Chunk signatures of aws-chunked bodies (docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). Each call
// returns the signature expected next, in order: all chunks with the last empty one, then the trailer where there is
// one.
class ChunkSigner {
 public:
  // `seed` is the signature of the request's head.
  ChunkSigner(std::shared_ptr<const SigningKey> key, Scope scope, std::string signed_at, std::string seed);
  std::string chunk(std::string_view bytes_sha256_hex);
  // Trailer headers as signed: "x-amz-checksum-crc32c:sOO8/Q==\n", lower-case names, one line each, in the order sent.
  std::string trailer(std::string_view canonical_trailer_headers);

 private:
  std::string next(std::string_view algorithm, std::string_view rest);
  std::shared_ptr<const SigningKey> key_;
  std::string prefix_;  // "20261122T162005Z\n20261122/region/s3/aws4_request\n"
  std::string previous_;
};

// Checks signatures; keeps derived signing keys, the expensive part, in a bounded cache. One thread, no locks.
class Verifier {
 public:
  explicit Verifier(KeyLookup lookup);
  ~Verifier();

  // Order of checks as AWS's: key known, time, signed headers, token, signature. `payload_hash` as
  // declared_payload_hash().
  std::expected<void, Refused> verify(const http::Request& head, const Authorization& authorization,
                                      std::string_view payload_hash, SystemTime now);

  // For a verified request with STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER). Nothing where the key is unknown.
  std::optional<ChunkSigner> chunk_signer(const Authorization& authorization);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// True where both have the same length and content, in time that depends on the length alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// ---- the pieces, for tests and for messages ----

// `target` normalised (S3: kept as sent; others: dots and double slashes resolved, then encoded once more), the query
// sorted, the named headers trimmed and folded. X-Amz-Signature is left out of the query.
std::string canonical_request(const http::Request& head, const std::vector<std::string>& signed_headers,
                              std::string_view service, std::string_view payload_hash);

}  // namespace ads::aws
