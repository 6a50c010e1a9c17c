// What each packed form of a batch file has in common: bytes of the file in, bytes of its content out.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "batch/decompress.h"

namespace ads::batch {

class ContentStream {
 public:
  virtual ~ContentStream() = default;
  // Gives how many bytes of `out` were written (at least 16 fit); takes what it used off the front of `in`. Nothing
  // written: more is needed. Called without input, it gives what it still holds.
  virtual Result<std::size_t> run(std::string_view& in, std::span<char> out) = 0;
  // True when the input may end here.
  virtual bool is_complete() const = 0;
};

// corrupt / "CorruptGzip" and so on: "the gzip file is damaged: WHY. Compress it again and upload it again."
std::unexpected<Error> corrupt_content(Compression compression, std::string_view why);

std::unique_ptr<ContentStream> gzip_stream();
// Windows up to 128 MiB, what `zstd` itself unpacks without further options; beyond, and with a dictionary, unreadable.
std::unique_ptr<ContentStream> zstd_stream();
std::unique_ptr<ContentStream> bzip2_stream();
// Dictionaries up to 64 MiB (`xz -9`); beyond, unreadable.
std::unique_ptr<ContentStream> xz_stream();
// Exactly one member, stored or deflated, beside folders and what macOS adds; anything else is unreadable.
std::unique_ptr<ContentStream> zip_stream();
// To UTF-8, without the byte-order mark that has to be in front. A surrogate without its partner becomes U+FFFD.
std::unique_ptr<ContentStream> utf16_stream();

}  // namespace ads::batch
