#include "base/encoding.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace ads {
namespace {

constexpr std::string_view kHexLower = "0123456789abcdef";
constexpr std::string_view kHexUpper = "0123456789ABCDEF";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Which bytes stay as they are.
using Kept = std::array<bool, 256>;

constexpr Kept kept(std::string_view more) {
  Kept table{};
  for (char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"))
    table[static_cast<unsigned char>(c)] = true;
  for (char c : more) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr Kept kUnreserved = kept("");
constexpr Kept kPath = kept("/");

std::string encode(std::string_view text, const Kept& kept) {
  std::string out(text.size() * 3, '\0');
  char* at = out.data();
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (kept[byte]) {
      *at++ = c;
    } else {
      *at++ = '%';
      *at++ = kHexUpper[byte >> 4];
      *at++ = kHexUpper[byte & 15];
    }
  }
  out.resize(static_cast<std::size_t>(at - out.data()));
  return out;
}

std::string decode(std::string_view text, char plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    int high, low;
    if (text[i] == '%' && i + 2 < text.size() && (high = hex_value(text[i + 1])) >= 0 &&
        (low = hex_value(text[i + 2])) >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? plus : text[i];
    }
  }
  return out;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (unsigned char c : bytes) {
    out += kHexLower[c >> 4];
    out += kHexLower[c & 15];
  }
  return out;
}

Result<std::string> from_hex(std::string_view text) {
  std::string out;
  if (text.size() % 2) return fail(ErrorKind::invalid, "InvalidHex", "a hex string has an odd length");
  for (std::size_t i = 0; i < text.size(); i += 2) {
    int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return fail(ErrorKind::invalid, "InvalidHex", fmt::format("'{}' is not hex", text));
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                               reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

Result<std::string> from_base64(std::string_view text) {
  auto invalid = [] { return fail(ErrorKind::invalid, "InvalidBase64", "the text is not base64"); };
  if (text.size() % 4) return invalid();
  if (text.empty()) return std::string{};
  std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  for (char c : text.substr(0, text.size() - padding))
    if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/')) return invalid();
  std::string out(text.size() / 4 * 3, '\0');
  int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                               reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) return invalid();
  out.resize(static_cast<std::size_t>(length) - padding);
  return out;
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  unsigned buffer = 0;
  int bits = 0;
  for (unsigned char c : bytes) {
    buffer = (buffer << 8) | c;
    bits += 8;
    while (bits >= 5) {
      out += alphabet[(buffer >> (bits - 5)) & 31];
      bits -= 5;
    }
    buffer &= (1u << bits) - 1;
  }
  if (bits) out += alphabet[(buffer << (5 - bits)) & 31];
  return out;
}

std::string percent_encode(std::string_view text) {
  return encode(text, kUnreserved);
}
std::string percent_encode_path(std::string_view text) {
  return encode(text, kPath);
}
std::string percent_decode(std::string_view text) {
  return decode(text, '+');
}
std::string form_decode(std::string_view text) {
  return decode(text, ' ');
}

}  // namespace ads
