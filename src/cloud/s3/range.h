// The Range header of GET and HEAD, and x-amz-copy-source-range.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::s3 {

struct ByteRange {
  std::uint64_t first = 0, last = 0;  // inclusive
  std::uint64_t length() const { return last - first + 1; }
  bool operator==(const ByteRange&) const = default;
};

// "bytes=0-9", "bytes=5-", "bytes=-3". Nothing where the header is to be ignored: another unit, several ranges,
// nonsense. Errors: InvalidRange where no byte of `size` is covered.
Outcome<std::optional<ByteRange>> parse_range(std::string_view header, std::uint64_t size);

// x-amz-copy-source-range: "bytes=first-last", both required and inside. Errors: InvalidArgument, InvalidRange.
Outcome<ByteRange> parse_copy_range(std::string_view header, std::uint64_t size);

}  // namespace ads::cloud::s3
