#include "aws/signing_key.h"

#include <openssl/crypto.h>

#include <array>
#include <cstring>
#include <unordered_map>

namespace ads::aws {
namespace {

using Block = std::array<unsigned char, SHA256_CBLOCK>;
using Hash = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

constexpr std::size_t kCachedKeys = 1024;

struct HmacState {
  SHA256_CTX inner, outer;
};

// Keys here are at most 64 bytes, save an overlong secret, which HMAC hashes first.
HmacState hmac_state(std::string_view key) {
  Block block{};
  if (key.size() > block.size()) {
    SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), block.data());
  } else {
    std::memcpy(block.data(), key.data(), key.size());
  }
  Block pad;
  HmacState state;
  for (std::size_t i = 0; i < pad.size(); ++i) pad[i] = block[i] ^ 0x36;
  SHA256_Init(&state.inner);
  SHA256_Update(&state.inner, pad.data(), pad.size());
  for (std::size_t i = 0; i < pad.size(); ++i) pad[i] = block[i] ^ 0x5c;
  SHA256_Init(&state.outer);
  SHA256_Update(&state.outer, pad.data(), pad.size());
  OPENSSL_cleanse(block.data(), block.size());
  OPENSSL_cleanse(pad.data(), pad.size());
  return state;
}

Hash hmac(const SHA256_CTX& inner, const SHA256_CTX& outer, std::string_view text) {
  Hash hash;
  SHA256_CTX context = inner;
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(hash.data(), &context);
  context = outer;
  SHA256_Update(&context, hash.data(), hash.size());
  SHA256_Final(hash.data(), &context);
  return hash;
}

Hash hmac(std::string_view key, std::string_view text) {
  auto state = hmac_state(key);
  return hmac(state.inner, state.outer, text);
}

std::string_view view(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::string hex(const Hash& hash) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out(2 * hash.size(), '\0');
  for (std::size_t i = 0; i < hash.size(); ++i) {
    out[2 * i] = digits[hash[i] >> 4];
    out[2 * i + 1] = digits[hash[i] & 15];
  }
  return out;
}

}  // namespace

SigningKey::SigningKey(std::string_view secret, std::string_view date, const Scope& scope) {
  std::string first = "AWS4";
  first += secret;
  Hash key = hmac(first, date);
  OPENSSL_cleanse(first.data(), first.size());
  key = hmac(view(key), scope.region);
  key = hmac(view(key), scope.service);
  key = hmac(view(key), "aws4_request");
  auto state = hmac_state(view(key));
  inner_ = state.inner;
  outer_ = state.outer;
}

std::string SigningKey::sign(std::string_view text) const {
  return hex(hmac(inner_, outer_, text));
}

std::shared_ptr<const SigningKey> signing_key(std::string_view secret, std::string_view date, const Scope& scope) {
  thread_local std::unordered_map<std::string, std::shared_ptr<const SigningKey>> cache;
  std::string name;
  name.reserve(secret.size() + date.size() + scope.region.size() + scope.service.size() + 3);
  name.append(secret).append(1, '\n').append(date).append(1, '\n').append(scope.region).append(1, '\n');
  name.append(scope.service);
  if (auto found = cache.find(name); found != cache.end()) return found->second;
  // A day's keys are few; emptying the cache is the simplest bound that also forgets old days.
  if (cache.size() >= kCachedKeys) cache.clear();
  auto key = std::make_shared<const SigningKey>(secret, date, scope);
  cache.emplace(std::move(name), key);
  return key;
}

std::string sha256_hex(std::string_view bytes) {
  // Not SHA256(): in OpenSSL 3 that one looks its algorithm up at every call.
  Hash hash;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(hash.data(), &context);
  return hex(hash);
}

std::string credential_scope(std::string_view date, const Scope& scope) {
  std::string out;
  out.reserve(date.size() + scope.region.size() + scope.service.size() + 15);
  out.append(date).append(1, '/').append(scope.region).append(1, '/').append(scope.service).append("/aws4_request");
  return out;
}

bool is_s3(std::string_view service) {
  return service == "s3" || service == "s3express" || service == "s3-outposts" || service == "s3-object-lambda";
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace ads::aws
