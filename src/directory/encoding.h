// Text in the encodings that directories and spreadsheets export, as UTF-8.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ads::directory {

enum class Encoding {
  detect,  // by the byte-order mark, else by where the zeros are; else UTF-8
  utf8,
  utf16le,  // these also take ASCII at the beginning for UTF-8
  utf16be,
  windows_1252,  // what Latin-1 means in practice
};
// "utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252", "latin1" and their usual other spellings.
std::optional<Encoding> parse_encoding(std::string_view name);

class TextDecoder {
 public:
  explicit TextDecoder(Encoding encoding) : encoding_(encoding) {}

  // Appends to `out` what the bytes say, without a byte-order mark. Bytes of UTF-8 are passed on as they are; a
  // surrogate of UTF-16 that has no other half becomes the byte 0xFF, which is UTF-8 nowhere.
  void decode(std::string_view bytes, std::string& out);
  void finish(std::string& out);

 private:
  void begin();
  void decode_pending(std::string& out);
  void append_utf16(unsigned unit, std::string& out);

  Encoding encoding_;
  bool has_begun_ = false;
  std::string pending_;  // bytes not decoded yet: the beginning, or half a unit
  unsigned high_surrogate_ = 0;
};

}  // namespace ads::directory
