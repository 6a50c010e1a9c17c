#include "cloud/operations/cbor.h"

#include <bit>
#include <cmath>
#include <limits>

#include "cloud/operations/timestamp.h"

namespace ads::cloud::operations {
namespace {

constexpr int kDeepest = 32;

// RFC 8949, section 3: the initial byte's three bits of major type.
enum Major : std::uint8_t { kUnsigned, kNegative, kBytes, kText, kArray, kMap, kTag, kSimple };
constexpr std::uint8_t kBreak = 0xff, kIndefinite = 31;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::optional<json::value> item(int depth) {
    if (rest_.empty() || depth > kDeepest) return std::nullopt;
    const auto first = byte();
    const auto major = static_cast<Major>(first >> 5);
    const std::uint8_t info = first & 31;
    if (major == kSimple) return simple(info);
    if (info == kIndefinite) return indefinite(major, depth);
    const auto size = length(info);
    if (!size) return std::nullopt;
    switch (major) {
      case kUnsigned:
        return json::value(*size);
      case kNegative:
        if (*size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
        return json::value(-1 - static_cast<std::int64_t>(*size));
      case kBytes:
      case kText:
        return text(*size);
      case kTag:
        return item(depth + 1);  // of tag 1 the number of seconds
      case kArray: {
        json::array out;
        for (std::uint64_t i = 0; i < *size; ++i) {
          auto element = item(depth + 1);
          if (!element) return std::nullopt;
          out.push_back(*std::move(element));
        }
        return json::value(std::move(out));
      }
      case kMap: {
        json::object out;
        for (std::uint64_t i = 0; i < *size; ++i) {
          if (!member(out, depth)) return std::nullopt;
        }
        return json::value(std::move(out));
      }
      case kSimple:
        break;
    }
    return std::nullopt;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::uint8_t byte() {
    const auto out = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return out;
  }

  std::optional<std::uint64_t> number(std::size_t bytes) {
    if (rest_.size() < bytes) return std::nullopt;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < bytes; ++i) out = out << 8 | byte();
    return out;
  }

  std::optional<std::uint64_t> length(std::uint8_t info) {
    if (info < 24) return info;
    if (info > 27) return std::nullopt;
    return number(std::size_t{1} << (info - 24));
  }

  std::optional<json::value> text(std::uint64_t size) {
    if (rest_.size() < size) return std::nullopt;
    json::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return json::value(std::move(out));
  }

  bool member(json::object& out, int depth) {
    auto name = item(depth + 1);
    if (!name || !name->is_string()) return false;
    auto value = item(depth + 1);
    if (!value) return false;
    out[name->as_string()] = *std::move(value);
    return true;
  }

  bool take_break() {
    if (rest_.empty() || static_cast<std::uint8_t>(rest_.front()) != kBreak) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<json::value> indefinite(Major major, int depth) {
    json::array array;
    json::object object;
    json::string text;
    while (!take_break()) {
      if (rest_.empty()) return std::nullopt;
      if (major == kMap) {
        if (!member(object, depth)) return std::nullopt;
        continue;
      }
      auto element = item(depth + 1);
      if (!element) return std::nullopt;
      if (major == kArray) {
        array.push_back(*std::move(element));
      } else if ((major == kText || major == kBytes) && element->is_string()) {
        text.append(element->as_string());
      } else {
        return std::nullopt;
      }
    }
    if (major == kMap) return json::value(std::move(object));
    if (major == kArray) return json::value(std::move(array));
    return json::value(std::move(text));
  }

  std::optional<json::value> simple(std::uint8_t info) {
    switch (info) {
      case 20:
        return json::value(false);
      case 21:
        return json::value(true);
      case 22:
      case 23:
        return json::value(nullptr);
      case 25: {
        const auto bits = number(2);
        if (!bits) return std::nullopt;
        const int exponent = static_cast<int>(*bits >> 10 & 31);
        const double mantissa = static_cast<double>(*bits & 1023);
        double out = exponent == 0    ? std::ldexp(mantissa, -24)
                     : exponent != 31 ? std::ldexp(mantissa + 1024, exponent - 25)
                     : mantissa == 0  ? INFINITY
                                      : NAN;
        return json::value(*bits & 0x8000 ? -out : out);
      }
      case 26: {
        const auto bits = number(4);
        if (!bits) return std::nullopt;
        return json::value(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(*bits))));
      }
      case 27: {
        const auto bits = number(8);
        if (!bits) return std::nullopt;
        return json::value(std::bit_cast<double>(*bits));
      }
      default:
        return std::nullopt;
    }
  }

  std::string_view rest_;
};

void put_head(std::string& out, Major major, std::uint64_t size) {
  const auto top = static_cast<unsigned>(major << 5);
  const auto put = [&](std::uint8_t info, int bytes) {
    out += static_cast<char>(top | info);
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift);
  };
  if (size < 24) {
    out += static_cast<char>(top | size);
  } else if (size <= 0xff) {
    put(24, 1);
  } else if (size <= 0xffff) {
    put(25, 2);
  } else if (size <= 0xffffffff) {
    put(26, 4);
  } else {
    put(27, 8);
  }
}

void put_double(std::string& out, double number) {
  out += static_cast<char>(kSimple << 5 | 27);
  const auto bits = std::bit_cast<std::uint64_t>(number);
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
}

void put_text(std::string& out, std::string_view text) {
  put_head(out, kText, text.size());
  out += text;
}

void put(std::string& out, const json::value& value) {
  if (const auto* time = as_timestamp(value)) {
    put_head(out, kTag, 1);
    return put_double(out, static_cast<double>(time->as_int64()) / 1000.0);
  }
  switch (value.kind()) {
    case json::kind::null:
      out += '\xf6';
      break;
    case json::kind::bool_:
      out += value.as_bool() ? '\xf5' : '\xf4';
      break;
    case json::kind::int64:
      if (value.as_int64() >= 0) {
        put_head(out, kUnsigned, static_cast<std::uint64_t>(value.as_int64()));
      } else {
        put_head(out, kNegative, static_cast<std::uint64_t>(-1 - value.as_int64()));
      }
      break;
    case json::kind::uint64:
      put_head(out, kUnsigned, value.as_uint64());
      break;
    case json::kind::double_:
      put_double(out, value.as_double());
      break;
    case json::kind::string:
      put_text(out, value.as_string());
      break;
    case json::kind::array:
      put_head(out, kArray, value.as_array().size());
      for (const auto& element : value.as_array()) put(out, element);
      break;
    case json::kind::object:
      put_head(out, kMap, value.as_object().size());
      for (const auto& [name, member] : value.as_object()) {
        put_text(out, name);
        put(out, member);
      }
      break;
  }
}

}  // namespace

Result<json::value> read_cbor(std::string_view bytes) {
  Reader reader(bytes);
  auto out = reader.item(0);
  if (!out || !reader.at_end()) return fail(ErrorKind::invalid, "MalformedCbor", "The request body is not valid CBOR.");
  return *std::move(out);
}

std::string write_cbor(const json::value& value) {
  std::string out;
  put(out, value);
  return out;
}

}  // namespace ads::cloud::operations
