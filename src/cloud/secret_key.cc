#include "cloud/secret_key.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/encoding.h"
#include "base/ids.h"

namespace ads::cloud {
namespace {

constexpr std::size_t kKeyBytes = 32, kNonceBytes = 12, kTagBytes = 16;
constexpr char kFormat = 1;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::unexpected<Error> cannot(std::string_view what, const std::filesystem::path& file) {
  return fail(ErrorKind::unavailable, "NoSecretKey",
              "cannot " + std::string(what) + " " + file.string() + ": " + std::strerror(errno));
}

// Made under another name, synced, and linked into place: a key that sealed something is never lost to a crash, and a
// key that exists is never replaced.
Result<void> make(const std::filesystem::path& file) {
  const std::string text = random_hex(2 * kKeyBytes) + "\n", temporary = file.string() + ".new";
  ::unlink(temporary.c_str());
  const int out = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (out < 0) return cannot("make", temporary);
  const bool is_written =
      ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(out) == 0;
  ::close(out);
  if (!is_written || ::link(temporary.c_str(), file.c_str()) != 0) return cannot("write", file);
  ::unlink(temporary.c_str());
  const int directory = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    ::fsync(directory);
    ::close(directory);
  }
  return {};
}

}  // namespace

Result<SecretKey> SecretKey::load_or_make(const std::filesystem::path& file) {
  int in = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (in < 0 && errno == ENOENT) {
    if (auto made = make(file); !made) return fail(made.error());
    in = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  }
  if (in < 0) return cannot("open", file);
  std::string text(2 * kKeyBytes + 2, '\0');
  const auto got = ::read(in, text.data(), text.size());
  ::fchmod(in, 0600);
  ::close(in);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  while (text.ends_with('\n')) text.pop_back();
  auto key = from_hex(text);
  if (!key || key->size() != kKeyBytes)
    return fail(ErrorKind::corrupt, "BadSecretKey",
                file.string() + " is not a key of 64 hex digits: put the right one back from a copy");
  return SecretKey(*std::move(key));
}

SecretKey SecretKey::of(const Store& store) {
  auto key = load_or_make(store.blob_directory().parent_path() / "secret.key");
  if (!key) throw std::runtime_error(key.error().message);
  return *std::move(key);
}

std::string SecretKey::unseal_stored(std::string_view sealed, std::string_view context) const {
  auto secret = unseal(sealed, context);
  if (!secret) throw std::runtime_error(secret.error().message);
  return *std::move(secret);
}

std::string SecretKey::open_record(std::string_view stored, std::string_view key) const {
  return stored.starts_with('{') ? std::string(stored) : unseal_stored(stored, key);
}

void SecretKey::seal_records(const Store& store, Batch& batch, std::string_view prefix) const {
  for (auto cursor = store.scan_prefix(prefix); cursor.valid(); cursor.next())
    if (cursor.value().starts_with('{')) batch.put(cursor.key(), seal(cursor.value(), cursor.key()));
}

std::string SecretKey::seal(std::string_view secret, std::string_view context) const {
  std::string out(1, kFormat);
  const std::string nonce = random_bytes(kNonceBytes);
  out += nonce;
  std::string text(secret.size(), '\0'), tag(kTagBytes, '\0');
  Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  const bool is_sealed =
      cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key_), bytes(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), bytes(text), &length, bytes(secret), static_cast<int>(secret.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), bytes(tag), &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  if (!is_sealed) throw std::runtime_error("AES-256-GCM is not there: a secret cannot be sealed");
  return to_base64(out + text + tag);
}

Result<std::string> SecretKey::unseal(std::string_view sealed, std::string_view context) const {
  const auto bad = [] {
    return fail(ErrorKind::corrupt, "SecretNotReadable",
                "a stored secret is damaged, or was sealed under another key than secret.key");
  };
  auto raw = from_base64(sealed);
  if (!raw || raw->size() < 1 + kNonceBytes + kTagBytes || raw->front() != kFormat) return bad();
  const std::string_view all = *raw;
  const auto nonce = all.substr(1, kNonceBytes);
  const auto text = all.substr(1 + kNonceBytes, all.size() - 1 - kNonceBytes - kTagBytes);
  std::string tag(all.substr(all.size() - kTagBytes)), out(text.size(), '\0');
  Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  const bool is_read =
      cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key_), bytes(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), bytes(out), &length, bytes(text), static_cast<int>(text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), bytes(tag), &length) == 1;
  if (!is_read) return bad();
  return out;
}

}  // namespace ads::cloud
