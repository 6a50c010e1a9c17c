// The key under which secrets stand in the store: AES-256-GCM, a random nonce each time.
// A sealed value is base64 of: format byte 1 | nonce, 12 bytes | ciphertext | tag, 16 bytes. Its context (what the
// secret is of) is authenticated with it: a sealed value that is moved to another place cannot be read there.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cloud/store.h"

namespace ads::cloud {

class SecretKey {
 public:
  // Reads the file: 64 hex digits, mode 0600, which it is given where it is not. Makes one where there is none.
  // Errors: unavailable, corrupt.
  static Result<SecretKey> load_or_make(const std::filesystem::path& file);

  // That of an open store's directory, which Store::open has made or checked.
  static SecretKey of(const Store& store);

  std::string seal(std::string_view secret, std::string_view context) const;
  // Errors: corrupt: damaged, of another context, or sealed under another key.
  Result<std::string> unseal(std::string_view sealed, std::string_view context) const;
  // The same, of what the store holds: throws where it cannot be read, as Store::get does.
  std::string unseal_stored(std::string_view sealed, std::string_view context) const;
  // A JSON record that is kept sealed under its key; one that an earlier version of this program wrote is as it was.
  std::string open_record(std::string_view stored, std::string_view key) const;
  // Seals what below `prefix` is not yet.
  void seal_records(const Store& store, Batch& batch, std::string_view prefix) const;

 private:
  explicit SecretKey(std::string key) : key_(std::move(key)) {}
  std::string key_;  // 32 bytes
};

}  // namespace ads::cloud
