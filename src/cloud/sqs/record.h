// A stored record's fields one after the other: fixed-width numbers (most significant byte first) and counted text.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace ads::cloud::sqs {

class RecordWriter {
 public:
  RecordWriter& byte(std::uint8_t value) {
    out_.push_back(static_cast<char>(value));
    return *this;
  }
  RecordWriter& number(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) out_.push_back(static_cast<char>(value >> shift));
    return *this;
  }
  RecordWriter& text(std::string_view value) {
    const auto size = static_cast<std::uint32_t>(value.size());
    for (int shift = 24; shift >= 0; shift -= 8) out_.push_back(static_cast<char>(size >> shift));
    out_.append(value);
    return *this;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads what a RecordWriter wrote. After a field that is not there every read gives zero, and ok() is false.
class RecordReader {
 public:
  explicit RecordReader(std::string_view in) : in_(in) {}

  std::uint8_t byte() {
    const auto bytes = take(1);
    return bytes.empty() ? 0 : static_cast<std::uint8_t>(bytes[0]);
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (const char c : take(8)) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
  }
  std::string text() {
    std::uint32_t size = 0;
    for (const char c : take(4)) size = size << 8 | static_cast<std::uint8_t>(c);
    return std::string(take(size));
  }
  bool ok() const { return is_ok_; }

 private:
  std::string_view take(std::size_t count) {
    if (!is_ok_ || in_.size() < count) {
      is_ok_ = false;
      return {};
    }
    const auto bytes = in_.substr(0, count);
    in_.remove_prefix(count);
    return bytes;
  }

  std::string_view in_;
  bool is_ok_ = true;
};

}  // namespace ads::cloud::sqs
