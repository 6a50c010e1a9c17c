#include <fmt/format.h>

#include <algorithm>

#include "aws/signing_key.h"
#include "aws/sigv4.h"
#include "base/encoding.h"

namespace ads::aws {
namespace {

using std::chrono::minutes;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr minutes kSkew{15};

std::unexpected<Refused> refused(Refusal reason, std::string message) {
  return std::unexpected(Refused{reason, std::move(message), {}, {}});
}

std::expected<void, Refused> check_time(const Authorization& authorization, SystemTime now) {
  auto signed_at = parse_iso8601_basic(authorization.signed_at);
  if (!signed_at) return refused(Refusal::incomplete, signed_at.error().message);
  if (*signed_at > now + kSkew)
    return refused(Refusal::time_skewed,
                   fmt::format("Signature not yet current: {} is still later than {} ({} + 15 min.)",
                               authorization.signed_at, iso8601_basic(now + kSkew), iso8601_basic(now)));
  if (authorization.place == Authorization::Place::query) {
    if (now > *signed_at + authorization.expires) return refused(Refusal::request_expired, "Request has expired");
  } else if (*signed_at < now - kSkew) {
    return refused(Refusal::time_skewed,
                   fmt::format("Signature expired: {} is now earlier than {} ({} - 15 min.)", authorization.signed_at,
                               iso8601_basic(now - kSkew), iso8601_basic(now)));
  }
  return {};
}

std::expected<void, Refused> check_signed_headers(const http::Request& head, const Authorization& authorization) {
  auto is_signed = [&](std::string_view name) {
    return std::any_of(authorization.signed_headers.begin(), authorization.signed_headers.end(), [&](auto& known) {
      return known.size() == name.size() && std::equal(known.begin(), known.end(), name.begin(), [](char a, char b) {
               return a == (b >= 'A' && b <= 'Z' ? char(b + 32) : b);
             });
    });
  };
  if (!is_signed("host"))
    return refused(Refusal::headers_not_signed,
                   "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  if (!is_s3(authorization.scope.service)) return {};
  for (auto& [name, value] : head.headers) {
    bool amazon = name.size() > 6 && (name[0] | 32) == 'x' && name[1] == '-' && (name[2] | 32) == 'a' &&
                  (name[3] | 32) == 'm' && (name[4] | 32) == 'z' && name[5] == '-';
    if (amazon && !is_signed(name))
      return refused(Refusal::headers_not_signed, "There were headers present in the request which were not signed");
  }
  return {};
}

std::expected<void, Refused> check_token(const KnownKey& key, const Authorization& authorization, SystemTime now) {
  if (!equal_in_constant_time(key.session_token, authorization.session_token))
    return refused(Refusal::invalid_token, "The security token included in the request is invalid.");
  if (key.expires && now >= *key.expires)
    return refused(Refusal::expired_token, "The security token included in the request is expired");
  return {};
}

// Paths and queries that a client sent less encoded than it signed them: everything decoded and encoded anew.
std::string reencoded(std::string_view target) {
  auto [path, query] = http::split_target(target);
  std::string out = percent_encode_path(percent_decode(path));
  char separator = '?';
  for (auto& [name, value] : http::parse_query(query)) {
    out.append(1, separator).append(percent_encode(name)).append(1, '=').append(percent_encode(value));
    separator = '&';
  }
  return out;
}

}  // namespace

struct Verifier::State {
  KeyLookup lookup;
};

Verifier::Verifier(KeyLookup lookup) : state_(new State{std::move(lookup)}) {}
Verifier::~Verifier() = default;

std::expected<void, Refused> Verifier::verify(const http::Request& head, const Authorization& authorization,
                                              std::string_view payload_hash, SystemTime now) {
  auto key = state_->lookup(authorization.access_key_id);
  if (!key) return refused(Refusal::unknown_key, "The security token included in the request is invalid.");
  if (auto good = check_time(authorization, now); !good) return good;
  if (auto good = check_signed_headers(head, authorization); !good) return good;
  if (auto good = check_token(*key, authorization, now); !good) return good;

  auto& service = authorization.scope.service;
  auto signer = signing_key(key->secret_access_key, authorization.date, authorization.scope);
  auto prefix = std::string(kAlgorithm);
  prefix.append(1, '\n').append(authorization.signed_at).append(1, '\n');
  prefix.append(credential_scope(authorization.date, authorization.scope)).append(1, '\n');

  auto canonical = canonical_request(head, authorization.signed_headers, service, payload_hash);
  auto text = prefix + sha256_hex(canonical);
  if (equal_in_constant_time(signer->sign(text), authorization.signature)) return {};

  if (auto other = reencoded(head.target); other != head.target) {
    http::Request again{head.method, std::move(other), head.headers, {}};
    auto second = prefix + sha256_hex(canonical_request(again, authorization.signed_headers, service, payload_hash));
    if (equal_in_constant_time(signer->sign(second), authorization.signature)) return {};
  }
  return std::unexpected(Refused{Refusal::mismatch,
                                 "The request signature we calculated does not match the signature you provided. Check "
                                 "your AWS Secret Access Key and signing method. Consult the service documentation for "
                                 "details.",
                                 std::move(canonical), std::move(text)});
}

std::optional<ChunkSigner> Verifier::chunk_signer(const Authorization& authorization) {
  auto key = state_->lookup(authorization.access_key_id);
  if (!key) return std::nullopt;
  return ChunkSigner(signing_key(key->secret_access_key, authorization.date, authorization.scope), authorization.scope,
                     authorization.signed_at, authorization.signature);
}

ChunkSigner::ChunkSigner(std::shared_ptr<const SigningKey> key, Scope scope, std::string signed_at, std::string seed)
    : key_(std::move(key)),
      prefix_(fmt::format("{}\n{}\n", signed_at, credential_scope(std::string_view(signed_at).substr(0, 8), scope))),
      previous_(std::move(seed)) {}

// AWS4-HMAC-SHA256-PAYLOAD \n time \n scope \n previous signature \n SHA256("") \n SHA256(chunk)
std::string ChunkSigner::chunk(std::string_view bytes_sha256_hex) {
  static const std::string kEmpty = sha256_hex("");
  return next("AWS4-HMAC-SHA256-PAYLOAD", fmt::format("{}\n{}", kEmpty, bytes_sha256_hex));
}

// AWS4-HMAC-SHA256-TRAILER \n time \n scope \n previous signature \n SHA256(trailer headers)
std::string ChunkSigner::trailer(std::string_view canonical_trailer_headers) {
  return next("AWS4-HMAC-SHA256-TRAILER", sha256_hex(canonical_trailer_headers));
}

std::string ChunkSigner::next(std::string_view algorithm, std::string_view rest) {
  previous_ = key_->sign(fmt::format("{}\n{}{}\n{}", algorithm, prefix_, previous_, rest));
  return previous_;
}

}  // namespace ads::aws
