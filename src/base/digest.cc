#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace ads {
namespace {

const EVP_MD* algorithm_of(Digest::Algorithm algorithm) {
  // Fetched once: looking a provider's algorithm up costs more than hashing a short string.
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  static EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  switch (algorithm) {
    case Digest::sha256:
      return sha256;
    case Digest::sha1:
      return sha1;
    case Digest::md5:
      return md5;
  }
  return sha256;
}

std::string digest(Digest::Algorithm algorithm, std::string_view bytes) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &length, algorithm_of(algorithm),
             nullptr);
  out.resize(length);
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  return digest(Digest::sha256, bytes);
}
std::string sha1(std::string_view bytes) {
  return digest(Digest::sha1, bytes);
}
std::string md5(std::string_view bytes) {
  return digest(Digest::md5, bytes);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string out(32, '\0');
  unsigned length = 0;
  HMAC(algorithm_of(Digest::sha256), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), reinterpret_cast<unsigned char*>(out.data()),
       &length);
  return out;
}

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest(Algorithm algorithm) : state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context, algorithm_of(algorithm), nullptr);
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::update(std::string_view bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Digest::finish() {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  EVP_DigestFinal_ex(state_->context, reinterpret_cast<unsigned char*>(out.data()), &length);
  out.resize(length);
  return out;
}

}  // namespace ads
