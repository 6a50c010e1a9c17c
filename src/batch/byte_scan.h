// Where a run of bytes of one kind ends, looked for sixteen bytes at a time.
//
// None of these functions is given an end: each stops at a line end at the latest, and reads up to kReadAhead bytes
// from where it stops. The caller sees to it that both are there.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ads::batch {

inline constexpr std::size_t kReadAhead = 16;

// SSE2's and NEON's registers, by the extension that GCC and clang share.
using Block = unsigned char __attribute__((vector_size(kReadAhead)));

inline Block load_block(const char* p) {
  Block block;
  std::memcpy(&block, p, sizeof block);
  return block;
}

inline Block fill_block(char c) {
  return Block{} + static_cast<unsigned char>(c);
}

// `stops` gives 0xff for each byte of a block that ends the run, 0 for the others; a line end has to be one. The next
// block's address does not depend on this one's bytes: a processor looks at several at once.
template <class Stops>
const char* skip_until(const char* p, Stops stops) {
  for (;; p += kReadAhead) {
    Block found = stops(load_block(p));
    static_assert(std::endian::native == std::endian::little);
    auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(found);
    if (halves[0] != 0) return p + std::countr_zero(halves[0]) / 8;
    if (halves[1] != 0) return p + 8 + std::countr_zero(halves[1]) / 8;
  }
}

// The first byte that a service UUID may not contain: letters, digits, '-', '_', '.', ':'.
inline const char* find_id_end(const char* p) {
  return skip_until(p, [](Block c) {
    Block letter = (c | fill_block(0x20)) - fill_block('a');
    Block other = c - fill_block('-');  // "-./0123456789:"
    auto is_id =
        (letter < fill_block(26)) | ((other < fill_block(14)) & (c != fill_block('/'))) | (c == fill_block('_'));
    return std::bit_cast<Block>(~is_id);
  });
}

// The first byte that ends the plain part of a JSON string: a quote, a backslash, a control character.
inline const char* find_string_end(const char* p) {
  return skip_until(p, [](Block c) {
    return std::bit_cast<Block>((c == fill_block('"')) | (c == fill_block('\\')) | (c < fill_block(0x20)));
  });
}

// The first `a`, or the line end where that comes first.
inline const char* find_in_line(const char* p, char a, char line_end) {
  return skip_until(p,
                    [=](Block c) { return std::bit_cast<Block>((c == fill_block(a)) | (c == fill_block(line_end))); });
}

}  // namespace ads::batch
