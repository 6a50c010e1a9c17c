#include "directory/encoding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ads::directory {
namespace {

constexpr char kInvalid = '\xff';

void append_utf8(unsigned c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// 0x80 to 0x9F; those that Windows-1252 leaves open are the C1 controls of Latin-1
// (www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT).
constexpr std::array<unsigned, 32> kWindows1252{0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

}  // namespace

std::optional<Encoding> parse_encoding(std::string_view name) {
  std::string folded;
  for (char c : name)
    if (c != '-' && c != '_' && c != ' ') folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  constexpr std::array<std::pair<std::string_view, Encoding>, 12> names{{{"detect", Encoding::detect},
                                                                         {"utf8", Encoding::utf8},
                                                                         {"utf16", Encoding::utf16le},
                                                                         {"utf16le", Encoding::utf16le},
                                                                         {"utf16be", Encoding::utf16be},
                                                                         {"unicode", Encoding::utf16le},
                                                                         {"windows1252", Encoding::windows_1252},
                                                                         {"cp1252", Encoding::windows_1252},
                                                                         {"latin1", Encoding::windows_1252},
                                                                         {"iso88591", Encoding::windows_1252},
                                                                         {"iso885915", Encoding::windows_1252},
                                                                         {"ansi", Encoding::windows_1252}}};
  for (auto [known, encoding] : names)
    if (known == folded) return encoding;
  return std::nullopt;
}

void TextDecoder::begin() {
  has_begun_ = true;
  std::string_view bytes = pending_;
  auto skip = [&](std::size_t count) { pending_.erase(0, count); };
  bool is_open = encoding_ == Encoding::detect;
  if ((is_open || encoding_ == Encoding::utf8) && bytes.starts_with("\xef\xbb\xbf")) {
    encoding_ = Encoding::utf8;
    return skip(3);
  }
  bool may_be_utf16 = is_open || encoding_ == Encoding::utf16le || encoding_ == Encoding::utf16be;
  if (may_be_utf16 && bytes.starts_with("\xff\xfe")) {
    encoding_ = Encoding::utf16le;
    return skip(2);
  }
  if (may_be_utf16 && bytes.starts_with("\xfe\xff")) {
    encoding_ = Encoding::utf16be;
    return skip(2);
  }
  // UTF-16 with a mark may be decoded already, as a compression is (batch/decompress.h).
  bool is_ascii = bytes.size() >= 4 && std::ranges::all_of(bytes.substr(0, 4), [](char c) { return c > 0; });
  if (may_be_utf16 && !is_open && is_ascii) encoding_ = Encoding::utf8;
  if (!is_open) return;
  bool has_units = bytes.size() >= 4;
  if (has_units && bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0)
    encoding_ = Encoding::utf16le;
  else if (has_units && bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0 && bytes[3] != 0)
    encoding_ = Encoding::utf16be;
  else
    encoding_ = Encoding::utf8;
}

void TextDecoder::decode(std::string_view bytes, std::string& out) {
  if (has_begun_ && encoding_ == Encoding::utf8) {
    out += bytes;
    return;
  }
  pending_ += bytes;
  if (!has_begun_) {
    if (pending_.size() < 4) return;
    begin();
  }
  decode_pending(out);
}

void TextDecoder::finish(std::string& out) {
  if (!has_begun_) begin();
  decode_pending(out);
  if (!pending_.empty() || high_surrogate_ != 0) out += kInvalid;
  pending_.clear();
  high_surrogate_ = 0;
}

void TextDecoder::decode_pending(std::string& out) {
  if (encoding_ == Encoding::utf8) {
    out += pending_;
    pending_.clear();
    return;
  }
  if (encoding_ == Encoding::windows_1252) {
    for (char c : pending_) {
      auto byte = static_cast<unsigned char>(c);
      append_utf8(byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80u] : byte, out);
    }
    pending_.clear();
    return;
  }
  std::size_t at = 0;
  for (; at + 1 < pending_.size(); at += 2) {
    unsigned first = static_cast<unsigned char>(pending_[at]), second = static_cast<unsigned char>(pending_[at + 1]);
    append_utf16(encoding_ == Encoding::utf16le ? second << 8 | first : first << 8 | second, out);
  }
  pending_.erase(0, at);
}

void TextDecoder::append_utf16(unsigned unit, std::string& out) {
  bool is_high = unit >= 0xD800 && unit < 0xDC00, is_low = unit >= 0xDC00 && unit < 0xE000;
  if (high_surrogate_ != 0 && is_low) {
    append_utf8(0x10000 + ((high_surrogate_ - 0xD800) << 10) + (unit - 0xDC00), out);
    high_surrogate_ = 0;
    return;
  }
  if (high_surrogate_ != 0) out += kInvalid;
  high_surrogate_ = is_high ? unit : 0;
  if (is_high) return;
  if (is_low)
    out += kInvalid;
  else
    append_utf8(unit, out);
}

}  // namespace ads::directory
