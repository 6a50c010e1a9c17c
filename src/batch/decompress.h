// gzip and zstd, recognised by their first bytes, as a stream: memory does not depend on the sizes, so a bomb is only
// long.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace ads::batch {

enum class Compression { none, gzip, zstd };
std::string_view to_string(Compression compression);  // "none", "gzip", "zstd"

// Needs up to kMagicBytes of the content's beginning; fewer are taken as the whole content.
inline constexpr std::size_t kMagicBytes = 4;
Compression detect_compression(std::string_view beginning);

// Usage:
//   stream.feed(piece);                                // `piece` must stay alive until next() gives an empty view
//   while (content = *stream.next(), !content.empty()) use(content);
// and after the last piece stream.finish(), then next() until empty. Uncompressed content passes through, not copied.
// Several gzip members or zstd frames, one after the other, are one content.
class Decompressor {
 public:
  Decompressor();  // decides by the first bytes fed
  ~Decompressor();
  Decompressor(Decompressor&&) noexcept;
  Decompressor& operator=(Decompressor&&) noexcept;

  void feed(std::string_view piece);
  void finish();
  // At most 64 KiB of a compressed content at once; empty: feed again, or (after finish) the end. The view lives until
  // the next call. Errors: corrupt / "CorruptGzip", "CorruptZstd" (also for truncated input and for a zstd window above
  // 8 MiB); stays so.
  Result<std::string_view> next();

  // `none` until the first bytes have been seen.
  Compression compression() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::batch
