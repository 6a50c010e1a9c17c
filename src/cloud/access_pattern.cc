#include "cloud/access_pattern.h"

#include <algorithm>

namespace ads::cloud::access {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool matches_wildcards(std::string_view pattern, std::string_view text) {
  // Greedy with one point to return to: linear in practice.
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    const char c = p == pattern.size()              ? '\0'
                   : pattern[p] == kLiteralStar     ? '*'
                   : pattern[p] == kLiteralQuestion ? '?'
                                                    : pattern[p];
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] != '*' && c == text[t]))) {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// Each of the six parts by itself. What has fewer is no ARN, and "*" in its last part must not swallow the rest of one;
// only a "*" alone stands for all.
bool matches_arn(std::string_view pattern, std::string_view arn) {
  if (pattern == "*") return true;
  for (int part = 0; part < 5; ++part) {
    const auto a = pattern.find(':'), b = arn.find(':');
    if (a == std::string_view::npos || b == std::string_view::npos) return false;
    if (!matches_wildcards(pattern.substr(0, a), arn.substr(0, b))) return false;
    pattern.remove_prefix(a + 1);
    arn.remove_prefix(b + 1);
  }
  return matches_wildcards(pattern, arn);
}

Pattern::Pattern(std::string text, Variables variables) : text_(std::move(text)) {
  const auto first = text_.find_first_of("*?");
  if (variables == Variables::replaced && text_.find("${") != std::string::npos) {
    shape_ = Shape::variables;
  } else if (text_ == "*") {
    shape_ = Shape::anything;
  } else if (first == std::string::npos) {
    shape_ = Shape::exact;
  } else if (first == text_.size() - 1 && text_.back() == '*') {
    shape_ = Shape::prefix;
  } else {
    shape_ = Shape::wildcards;
  }
}

bool Pattern::matches(std::string_view text, const Facts& facts) const {
  switch (shape_) {
    case Shape::anything:
      return true;
    case Shape::exact:
      return text == text_;
    case Shape::prefix:
      return text.starts_with(std::string_view(text_).substr(0, text_.size() - 1));
    case Shape::wildcards:
      return matches_wildcards(text_, text);
    case Shape::variables:
      break;
  }
  const auto pattern = fill(facts, Use::pattern);
  return pattern && matches_wildcards(*pattern, text);
}

bool Pattern::matches_arn(std::string_view arn, const Facts& facts) const {
  if (shape_ != Shape::variables) return access::matches_arn(text_, arn);
  const auto pattern = fill(facts, Use::pattern);
  return pattern && access::matches_arn(*pattern, arn);
}

std::optional<std::string> Pattern::filled(const Facts& facts) const {
  if (shape_ != Shape::variables) return text_;
  return fill(facts, Use::text);
}

// "${aws:username}" becomes the request's value, "${aws:PrincipalTag/team, 'none'}" has a default, "${*}", "${?}" and
// "${$}" are those characters.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
std::optional<std::string> Pattern::fill(const Facts& facts, Use use) const {
  std::string out;
  const auto append = [&](std::string_view text) {
    for (const char c : text) {
      const bool is_wild = use == Use::pattern && (c == '*' || c == '?');
      out.push_back(!is_wild ? c : c == '*' ? kLiteralStar : kLiteralQuestion);
    }
  };
  std::string_view rest = text_;
  for (;;) {
    const auto start = rest.find("${");
    const auto end = start == std::string_view::npos ? start : rest.find('}', start);
    if (end == std::string_view::npos) break;
    out.append(rest.substr(0, start));
    auto name = rest.substr(start + 2, end - start - 2);
    rest.remove_prefix(end + 1);
    if (name == "*" || name == "?" || name == "$") {
      append(name);
      continue;
    }
    std::optional<std::string_view> fallback;
    if (const auto comma = name.find(','); comma != std::string_view::npos) {
      fallback = trimmed(name.substr(comma + 1));
      if (fallback->size() >= 2 && fallback->front() == '\'' && fallback->back() == '\'') {
        fallback = fallback->substr(1, fallback->size() - 2);
      }
      name = name.substr(0, comma);
    }
    const auto found = facts.find(to_lower(trimmed(name)));
    if (found && found->size() == 1) {
      append(found->front());
    } else if (fallback) {
      append(*fallback);
    } else {
      return std::nullopt;
    }
  }
  out.append(rest);
  return out;
}

}  // namespace ads::cloud::access
