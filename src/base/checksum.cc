#include "base/checksum.h"

#include <array>

namespace ads {
namespace {

// Slicing by eight: table k advances a byte that stands k places before the end of an eight-byte step.
template <class Word, Word Polynomial>
struct Tables {
  std::array<std::array<Word, 256>, 8> rows{};
  constexpr Tables() {
    for (unsigned i = 0; i < 256; ++i) {
      Word word = i;
      for (int bit = 0; bit < 8; ++bit) word = (word >> 1) ^ ((word & 1) ? Polynomial : 0);
      rows[0][i] = word;
    }
    for (unsigned i = 0; i < 256; ++i)
      for (unsigned k = 1; k < 8; ++k) rows[k][i] = (rows[k - 1][i] >> 8) ^ rows[0][rows[k - 1][i] & 255];
  }
};

template <class Word, Word Polynomial>
Word crc(std::string_view bytes, Word seed) {
  static constexpr Tables<Word, Polynomial> tables;
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  Word value = ~seed;
  for (; left >= 8; left -= 8, p += 8) {
    std::uint64_t step = 0;
    for (unsigned i = 0; i < 8; ++i) step |= std::uint64_t{p[i]} << (8 * i);
    step ^= value;
    Word next = 0;
    for (unsigned i = 0; i < 8; ++i) next ^= tables.rows[7 - i][(step >> (8 * i)) & 255];
    value = next;
  }
  for (; left; --left, ++p) value = (value >> 8) ^ tables.rows[0][(value ^ *p) & 255];
  return ~value;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t seed) {
  return crc<std::uint32_t, 0xEDB88320u>(bytes, seed);
}
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) {
  return crc<std::uint32_t, 0x82F63B78u>(bytes, seed);
}
std::uint64_t crc64nvme(std::string_view bytes, std::uint64_t seed) {
  return crc<std::uint64_t, 0x9A6C9329AC4BC9B5ull>(bytes, seed);
}

}  // namespace ads
