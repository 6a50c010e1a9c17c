#include <array>
#include <bit>
#include <cstring>

#include "batch/content_stream.h"

namespace ads::batch {
namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

// Eight units at once, by the vector extension that GCC and clang share.
using Units = std::uint16_t __attribute__((vector_size(16)));
using Bytes = unsigned char __attribute__((vector_size(8)));

bool is_high(std::uint32_t unit) {
  return unit >= 0xd800 && unit < 0xdc00;
}
bool is_low(std::uint32_t unit) {
  return unit >= 0xdc00 && unit < 0xe000;
}

class Utf16Stream : public ContentStream {
 public:
  Result<std::size_t> run(std::string_view& in, std::span<char> out) override {
    out_ = out.data();
    char* last = out.data() + out.size() - 6;  // a unit gives at most 6 bytes: U+FFFD for a lone one, and its own
    while (out_ <= last && !in.empty()) {
      if (is_marked_ && !has_first_ && high_ == 0) take_ascii(in, last);
      if (in.empty()) break;
      unsigned char byte = static_cast<unsigned char>(in.front());
      in.remove_prefix(1);
      has_first_ = !has_first_;
      if (has_first_) {
        first_ = byte;
        continue;
      }
      if (!is_marked_) {
        is_marked_ = true;
        is_big_ = first_ == 0xfe && byte == 0xff;
        continue;
      }
      take(is_big_ ? (std::uint32_t{first_} << 8 | byte) : (std::uint32_t{byte} << 8 | first_));
    }
    return static_cast<std::size_t>(out_ - out.data());
  }

  bool is_complete() const override { return !has_first_ && high_ == 0; }

 private:
  // What most files consist of; stops before the first eight units with another one. A unit gives a byte.
  void take_ascii(std::string_view& in, const char* last) {
    while (in.size() >= sizeof(Units) && last - out_ >= static_cast<std::ptrdiff_t>(sizeof(Bytes))) {
      Units units;
      std::memcpy(&units, in.data(), sizeof units);
      if (is_big_ == (std::endian::native == std::endian::little)) units = units << 8 | units >> 8;
      auto [low, high] = std::bit_cast<std::array<std::uint64_t, 2>>(units & static_cast<std::uint16_t>(0xff80));
      if ((low | high) != 0) return;
      Bytes bytes = __builtin_convertvector(units, Bytes);
      std::memcpy(out_, &bytes, sizeof bytes);
      out_ += sizeof bytes;
      in.remove_prefix(sizeof units);
    }
  }

  void take(std::uint32_t unit) {
    if (high_ != 0 && is_low(unit)) {
      write(0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00));
      high_ = 0;
      return;
    }
    if (high_ != 0) write(kReplacement);
    high_ = is_high(unit) ? unit : 0;
    if (high_ == 0) write(is_low(unit) ? kReplacement : unit);
  }

  void write(std::uint32_t point) {
    auto byte = [&](std::uint32_t value) { *out_++ = static_cast<char>(value); };
    if (point < 0x80) return byte(point);
    if (point < 0x800) {
      byte(0xc0 | point >> 6);
    } else if (point < 0x10000) {
      byte(0xe0 | point >> 12);
      byte(0x80 | (point >> 6 & 0x3f));
    } else {
      byte(0xf0 | point >> 18);
      byte(0x80 | (point >> 12 & 0x3f));
      byte(0x80 | (point >> 6 & 0x3f));
    }
    byte(0x80 | (point & 0x3f));
  }

  char* out_ = nullptr;
  bool is_marked_ = false, is_big_ = false;
  bool has_first_ = false;  // of a unit's two bytes
  unsigned char first_ = 0;
  std::uint32_t high_ = 0;  // a surrogate that waits for its partner
};

}  // namespace

std::unique_ptr<ContentStream> utf16_stream() {
  return std::make_unique<Utf16Stream>();
}

}  // namespace ads::batch
