// SigV4's derived key, ready to sign: HMAC-SHA256 with the two key blocks already hashed.
#pragma once
// OpenSSL 3's EVP_MAC and HMAC() cost more than a microsecond per call in look-ups and allocations; the deprecated
// SHA256_* functions are plain calls over a copyable state, which is what a per-request signature wants.
#ifndef OPENSSL_SUPPRESS_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED
#endif
#include <openssl/sha.h>

#include <memory>
#include <string>
#include <string_view>

#include "aws/sigv4.h"

namespace ads::aws {

class SigningKey {
 public:
  // kSecret -> date -> region -> service -> "aws4_request".
  SigningKey(std::string_view secret, std::string_view date, const Scope& scope);
  // 64 hex digits.
  std::string sign(std::string_view text) const;

 private:
  SHA256_CTX inner_, outer_;
};

// The key from this thread's cache, derived where it is not there yet.
std::shared_ptr<const SigningKey> signing_key(std::string_view secret, std::string_view date, const Scope& scope);

// As sha256() of base/digest.h, in hex, without the EVP overhead.
std::string sha256_hex(std::string_view bytes);

// "20261122/eu-west-1/s3/aws4_request"
std::string credential_scope(std::string_view date, const Scope& scope);

bool is_s3(std::string_view service);

}  // namespace ads::aws
