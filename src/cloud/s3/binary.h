// Compact binary values for the store: numbers as LEB128 varints, text with its length in front.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ads::cloud::s3 {

class BinaryWriter {
 public:
  explicit BinaryWriter(std::string& out) : out_(out) {}
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
    out_ += static_cast<char>(value);
  }
  void text(std::string_view value) {
    number(value.size());
    out_ += value;
  }
  void pairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
    number(pairs.size());
    for (const auto& [name, value] : pairs) {
      text(name);
      text(value);
    }
  }

 private:
  std::string& out_;
};

// Reads what BinaryWriter wrote. A value that ends too early leaves ok() false and yields zeros and empty texts.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view in) : in_(in) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !in_.empty(); shift += 7) {
      auto byte = static_cast<unsigned char>(in_.front());
      in_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::string_view text() {
    auto length = number();
    if (length > in_.size()) {
      ok_ = false;
      return {};
    }
    auto value = in_.substr(0, length);
    in_.remove_prefix(length);
    return value;
  }
  std::vector<std::pair<std::string, std::string>> pairs() {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (auto left = number(); left > 0 && ok_; --left) {
      std::string name(text());
      pairs.emplace_back(std::move(name), text());
    }
    return pairs;
  }
  std::string_view rest() const { return in_; }
  bool ok() const { return ok_; }

 private:
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace ads::cloud::s3
