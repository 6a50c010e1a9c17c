#include "cli/mail_address.h"

#include <fmt/core.h>
#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <vector>

namespace ads::cli {
namespace {

constexpr std::size_t kLongestLocal = 64, kLongestAddress = 254, kLongestLabel = 63;

std::unexpected<Error> bad(std::string_view address, std::string_view why) {
  return fail(ErrorKind::invalid, "BadAddress", fmt::format("'{}' is not a mail address: {}", address, why));
}

// Nothing where the text is not UTF-8.
std::optional<std::vector<char32_t>> code_points(std::string_view text) {
  std::vector<char32_t> out;
  for (std::size_t at = 0; at < text.size();) {
    auto first = static_cast<unsigned char>(text[at]);
    int length = first < 0x80 ? 1 : (first >> 5) == 6 ? 2 : (first >> 4) == 14 ? 3 : (first >> 3) == 30 ? 4 : 0;
    if (length == 0 || at + static_cast<std::size_t>(length) > text.size()) return std::nullopt;
    char32_t point = length == 1 ? first : first & (0x7f >> length);
    for (int i = 1; i < length; ++i) {
      auto next = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
      if ((next & 0xc0) != 0x80) return std::nullopt;
      point = (point << 6) | (next & 0x3f);
    }
    out.push_back(point);
    at += static_cast<std::size_t>(length);
  }
  return out;
}

// Names are compared in lower case: an upper-case letter would become another name.
char32_t lower(char32_t point) {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (point < 0x80) return point >= 'A' && point <= 'Z' ? point + 32 : point;
  return locale ? static_cast<char32_t>(towlower_l(static_cast<wint_t>(point), locale)) : point;
}

bool is_combining(char32_t point) {
  return (point >= 0x300 && point <= 0x36f) || (point >= 0x1ab0 && point <= 0x1aff) ||
         (point >= 0x20d0 && point <= 0x20ff);
}

bool is_control_or_space(char32_t point) {
  return point <= 0x20 || (point >= 0x7f && point <= 0xa0) || (point >= 0x2000 && point <= 0x206f) || point == 0xfeff ||
         point == 0x3000 || point == 0xfffd;
}

// RFC 3492, section 6: parameters of Punycode for domain names.
constexpr std::uint32_t kBase = 36, kLeast = 1, kMost = 26, kSkew = 38, kDamp = 700, kFirstBias = 72, kFirst = 128;

std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool is_first) {
  delta = is_first ? delta / kDamp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > ((kBase - kLeast) * kMost) / 2; k += kBase) delta /= kBase - kLeast;
  return k + (kBase - kLeast + 1) * delta / (delta + kSkew);
}

char digit(std::uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

std::string punycode(const std::vector<char32_t>& points) {
  std::string out;
  for (char32_t point : points)
    if (point < kFirst) out += static_cast<char>(point);
  const auto basic = static_cast<std::uint32_t>(out.size());
  if (basic > 0) out += '-';
  std::uint32_t n = kFirst, delta = 0, bias = kFirstBias, handled = basic;
  while (handled < points.size()) {
    auto next = std::numeric_limits<std::uint32_t>::max();
    for (char32_t point : points)
      if (point >= n && point < next) next = point;
    delta += (next - n) * (handled + 1);  // a label has at most 63 letters: no overflow
    n = next;
    for (char32_t point : points) {
      if (point < n) ++delta;
      if (point != n) continue;
      std::uint32_t rest = delta;
      for (std::uint32_t k = kBase;; k += kBase) {
        std::uint32_t threshold = k <= bias ? kLeast : k >= bias + kMost ? kMost : k - bias;
        if (rest < threshold) break;
        out += digit(threshold + (rest - threshold) % (kBase - threshold));
        rest = (rest - threshold) / (kBase - threshold);
      }
      out += digit(rest);
      bias = adapt(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++n;
  }
  return out;
}

bool is_atom(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// The label as DNS has it, or what is wrong with it.
std::expected<std::string, std::string> ascii_label(std::string_view label) {
  auto points = code_points(label);
  if (!points) return std::unexpected(std::string("it is not UTF-8"));
  if (points->empty()) return std::unexpected(std::string("a part of its domain is empty"));
  if (points->size() > kLongestLabel)
    return std::unexpected(std::string("a part of its domain is longer than 63 characters"));
  bool is_ascii = true;
  for (char32_t& point : *points) {
    if (is_combining(point))
      return std::unexpected(
          std::string("its domain has an accent as a character of its own: write letter and accent as one"));
    if (is_control_or_space(point))
      return std::unexpected(std::string("its domain has a blank or a control character"));
    point = lower(point);
    is_ascii = is_ascii && point < 0x80;
    bool is_good = point >= 0x80 || (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9') || point == '-';
    if (!is_good) return std::unexpected(std::string(fmt::format("a domain has no '{}'", static_cast<char>(point))));
  }
  if (points->front() == '-' || points->back() == '-')
    return std::unexpected(std::string("a part of its domain begins or ends with '-'"));
  std::string out = is_ascii ? std::string(label) : "xn--" + punycode(*points);
  if (out.size() > kLongestLabel)
    return std::unexpected(std::string("a part of its domain is longer than 63 characters"));
  return out;
}

}  // namespace

Result<std::string> punycode_label(std::string_view label) {
  auto ascii = ascii_label(label);
  if (!ascii) return bad(label, ascii.error());
  return *ascii;
}

Result<std::string> sendable_address(std::string_view address) {
  auto at = address.rfind('@');
  if (at == address.npos) return bad(address, "it has no '@'");
  auto local = address.substr(0, at), domain = address.substr(at + 1);
  if (local.empty() || local.size() > kLongestLocal)
    return bad(address, "before the '@' there must be 1 to 64 characters");
  if (std::ranges::any_of(local, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    return bad(address, "SES takes only ASCII before the '@'");
  bool is_quoted = local.size() > 2 && local.front() == '"' && local.back() == '"';
  bool is_atoms = std::ranges::all_of(local, [](char c) { return c == '.' || is_atom(c); });
  if (!is_quoted && (!is_atoms || local.front() == '.' || local.back() == '.' || local.find("..") != local.npos))
    return bad(address, "what is before the '@' is not a name");
  std::string out = std::string(local) + "@";
  while (true) {
    auto dot = domain.find('.');
    auto label = ascii_label(domain.substr(0, dot));
    if (!label) return bad(address, label.error());
    out += *label;
    if (dot == domain.npos) break;
    out += '.';
    domain.remove_prefix(dot + 1);
  }
  if (out.size() > kLongestAddress) return bad(address, "it is longer than 254 characters");
  return out;
}

Result<std::string> sendable_addresses(std::string_view list) {
  std::string out, complaints;
  for (bool is_last = list.empty(); !is_last;) {
    auto comma = list.find(',');
    is_last = comma == list.npos;
    auto address = list.substr(0, comma);
    if (!is_last) list.remove_prefix(comma + 1);
    while (address.starts_with(' ') || address.starts_with('\t')) address.remove_prefix(1);
    while (address.ends_with(' ') || address.ends_with('\t')) address.remove_suffix(1);
    auto sendable = sendable_address(address);
    if (sendable)
      out += (out.empty() ? "" : ",") + *sendable;
    else
      complaints += (complaints.empty() ? "" : "; ") + sendable.error().message;
  }
  if (!complaints.empty()) return fail(ErrorKind::invalid, "BadAddress", complaints);
  return out;
}

}  // namespace ads::cli
