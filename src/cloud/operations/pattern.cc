#include "cloud/operations/pattern.h"

#include <boost/regex.hpp>
#include <string>

namespace ads::cloud::operations {

struct Pattern::Compiled {
  boost::regex expression;
};

namespace {

// Java takes a hyphen that cannot begin a range as itself: [\\w-_], [A-Z-_]. Here it is escaped.
std::string for_boost(std::string_view java) {
  std::string out;
  bool is_in_brackets = false, is_range_impossible = false;
  for (std::size_t i = 0; i < java.size(); ++i) {
    const char c = java[i];
    if (c == '\\' && i + 1 < java.size()) {
      const char escaped = java[++i];
      is_range_impossible = std::string_view("wWdDsS").find(escaped) != std::string_view::npos;
      out += c;
      out += escaped;
      continue;
    }
    if (!is_in_brackets) {
      is_in_brackets = c == '[';
      is_range_impossible = true;
      out += c;
      continue;
    }
    if (c == ']') is_in_brackets = false;
    if (c == '-' && is_range_impossible) {
      out += "\\-";
      continue;
    }
    out += c;
    if (c == '-' && i + 1 < java.size() && java[i + 1] != ']') {
      out += java[++i];
      if (java[i] == '\\' && i + 1 < java.size()) out += java[++i];
      is_range_impossible = true;
    } else {
      is_range_impossible = c == '^' && java[i - 1] == '[';
    }
  }
  return out;
}

}  // namespace

// Boost throws for an expression that it does not read, and for one that would take too long: caught where it is
// called.
Pattern::Pattern(std::string_view expression) {
  try {
    compiled_ = std::make_unique<Compiled>(boost::regex(for_boost(expression)));
  } catch (const std::runtime_error&) {
    compiled_ = nullptr;
  }
}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;

bool Pattern::matches(std::string_view value) const {
  if (!compiled_) return true;
  try {
    return boost::regex_match(value.begin(), value.end(), compiled_->expression);
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace ads::cloud::operations
