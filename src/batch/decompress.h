// What packs a batch file (gzip, zstd, bzip2, xz, zip, and UTF-16), recognized by its first bytes and read as a stream:
// memory does not depend on the sizes.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "batch/file_kind.h"

namespace ads::batch {

enum class Compression { none, gzip, zstd, bzip2, xz, zip, utf16 };
inline constexpr std::array kAllCompressions{Compression::none,  Compression::gzip, Compression::zstd,
                                             Compression::bzip2, Compression::xz,   Compression::zip,
                                             Compression::utf16};
std::string_view to_string(Compression compression);  // "none", "gzip", ..., "utf-16"; stored by name
std::optional<Compression> parse_compression(std::string_view name);

// Looks at up to kKindBytes of the content's beginning; fewer are taken as the whole content.
Compression detect_compression(std::string_view beginning);

// Bytes of content that a byte of the file may give: what real files need is below 20; gzip can reach 1,032, zstd much
// more. The first kAlwaysExpanded bytes are not judged: a small file may be one line again and again.
inline constexpr std::uint64_t kMaxExpansion = 1000;
inline constexpr std::uint64_t kAlwaysExpanded = std::uint64_t{16} << 20;

// Usage:
//   stream.feed(piece);                                // `piece` must stay alive until next() gives an empty view
//   while (content = *stream.next(), !content.empty()) use(content);
// and after the last piece stream.finish(), then next() until empty. Uncompressed content passes through, not copied.
// Several gzip members, zstd frames, bzip2 or xz streams, one after the other, are one content. What is inside may be
// packed once more (UTF-16 in gzip, gzip in zip).
class Decompressor {
 public:
  explicit Decompressor(std::uint64_t max_expansion = kMaxExpansion);  // decides by the first bytes fed
  ~Decompressor();
  Decompressor(Decompressor&&) noexcept;
  Decompressor& operator=(Decompressor&&) noexcept;

  void feed(std::string_view piece);
  void finish();
  // At most 64 KiB of a compressed content at once; empty: feed again, or (after finish) the end. The view lives until
  // the next call. Errors, which stay: corrupt / "CorruptGzip" and so on for a file that is damaged or cut off; invalid
  // / kUnreadableFile with a sentence for what is whole but cannot be read: another kind of file, too much memory or
  // expansion, a dictionary, an archive of several files.
  Result<std::string_view> next();

  // `none` until the first bytes have been seen.
  Compression compression() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::batch
