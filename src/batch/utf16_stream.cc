#include "batch/content_stream.h"

namespace ads::batch {
namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

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
