// Message digests, whole and streaming. Results are raw bytes; see base/encoding.h for text forms.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace ads {

std::string sha256(std::string_view bytes);  // 32 bytes
std::string sha1(std::string_view bytes);    // 20 bytes
std::string md5(std::string_view bytes);     // 16 bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// A digest fed in pieces: `Digest d(Digest::sha256); d.update(a); d.update(b); d.finish()`. finish() may be called
// once.
class Digest {
 public:
  enum Algorithm { sha256, sha1, md5 };
  explicit Digest(Algorithm algorithm);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  void update(std::string_view bytes);
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads
