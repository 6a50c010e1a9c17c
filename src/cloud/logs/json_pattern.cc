#include "cloud/logs/json_pattern.h"

#include <charconv>
#include <cmath>

#include "cloud/logs/errors.h"

namespace ads::cloud::logs {

namespace {

// "*" stands for any run of characters.
bool matches_wildcard(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

using Path = std::vector<std::variant<std::string, std::size_t>>;

const json::value* follow(const json::value& top, const Path& path) {
  const json::value* at = &top;
  for (auto& step : path) {
    if (auto* name = std::get_if<std::string>(&step)) {
      if (!at->is_object()) return nullptr;
      at = at->as_object().if_contains(*name);
    } else {
      if (!at->is_array() || std::get<std::size_t>(step) >= at->as_array().size()) return nullptr;
      at = &at->as_array()[std::get<std::size_t>(step)];
    }
    if (!at) return nullptr;
  }
  return at;
}

std::optional<double> number_of(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  return {};
}

// Recursive descent: or := and {"||" and}; and := unit {"&&" unit}; unit := "(" or ")" | comparison.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Outcome<JsonFilter> parse() {
    auto filter = parse_or(0);
    if (!filter) return filter;
    skip();
    if (!rest_.empty()) return stop("an operator");
    return filter;
  }

 private:
  std::unexpected<WireError> stop(std::string_view wanted) {
    return refuse(
        invalid_parameter(fmt::format("Invalid filter pattern: expected {} at '{}'", wanted, rest_.substr(0, 40))));
  }
  void skip() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_[0]))) rest_.remove_prefix(1);
  }
  bool take(std::string_view token) {
    skip();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool take_word(std::string_view word) {
    skip();
    if (rest_.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
      if (std::toupper(static_cast<unsigned char>(rest_[i])) != word[i]) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  Outcome<JsonFilter> parse_or(int depth) {
    auto left = parse_and(depth);
    while (left && take("||")) {
      auto right = parse_and(depth);
      if (!right) return right;
      left = JsonFilter([a = *left, b = *right](const json::value& v) { return a(v) || b(v); });
    }
    return left;
  }
  Outcome<JsonFilter> parse_and(int depth) {
    auto left = parse_unit(depth);
    while (left && take("&&")) {
      auto right = parse_unit(depth);
      if (!right) return right;
      left = JsonFilter([a = *left, b = *right](const json::value& v) { return a(v) && b(v); });
    }
    return left;
  }
  Outcome<JsonFilter> parse_unit(int depth) {
    if (depth > 16) return stop("fewer parentheses");
    if (take("(")) {
      auto inner = parse_or(depth + 1);
      if (inner && !take(")")) return stop("')'");
      return inner;
    }
    return parse_comparison();
  }

  Outcome<Path> parse_path() {
    if (!take("$")) return stop("a selector that starts with '$.'");
    Path path;
    for (;;) {
      if (rest_.starts_with(".")) {
        rest_.remove_prefix(1);
        std::size_t end = 0;
        while (end < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[end])) || rest_[end] == '_' ||
                                      rest_[end] == '-' || rest_[end] == '@' || rest_[end] == ':'))
          ++end;
        if (end == 0) return stop("a member's name");
        path.emplace_back(std::string(rest_.substr(0, end)));
        rest_.remove_prefix(end);
      } else if (rest_.starts_with("['") || rest_.starts_with("[\"")) {
        char quote = rest_[1];
        auto end = rest_.find(quote, 2);
        if (end == std::string_view::npos || rest_.substr(end + 1, 1) != "]")
          return stop("a quoted member's name and ']'");
        path.emplace_back(std::string(rest_.substr(2, end - 2)));
        rest_.remove_prefix(end + 2);
      } else if (rest_.starts_with("[")) {
        std::size_t index = 0;
        auto [end, error] = std::from_chars(rest_.data() + 1, rest_.data() + rest_.size(), index);
        if (error != std::errc() || end == rest_.data() + rest_.size() || *end != ']') return stop("an index and ']'");
        path.emplace_back(index);
        rest_.remove_prefix(end + 1 - rest_.data());
      } else {
        return path;
      }
    }
  }

  Outcome<JsonFilter> parse_comparison() {
    auto path = parse_path();
    if (!path) return refuse(path.error());
    if (take_word("NOT EXISTS"))
      return JsonFilter([p = *path](const json::value& v) { return follow(v, p) == nullptr; });
    if (take_word("IS")) {
      if (take_word("NULL"))
        return JsonFilter([p = *path](const json::value& v) {
          auto* found = follow(v, p);
          return found && found->is_null();
        });
      bool wanted = take_word("TRUE");
      if (!wanted && !take_word("FALSE")) return stop("NULL, TRUE or FALSE");
      return JsonFilter([p = *path, wanted](const json::value& v) {
        auto* found = follow(v, p);
        return found && found->is_bool() && found->as_bool() == wanted;
      });
    }
    std::string_view comparison;
    for (std::string_view candidate : {"!=", "<=", ">=", "=", "<", ">"})
      if (take(candidate)) {
        comparison = candidate;
        break;
      }
    if (comparison.empty()) return stop("one of = != < <= > >= IS NOT EXISTS");
    return parse_value(std::move(*path), comparison);
  }

  Outcome<JsonFilter> parse_value(Path path, std::string_view comparison) {
    skip();
    std::string text;
    bool is_quoted = rest_.starts_with("\"");
    if (is_quoted) {
      std::size_t i = 1;
      for (; i < rest_.size() && rest_[i] != '"'; ++i) {
        if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
        text += rest_[i];
      }
      if (i >= rest_.size()) return stop("a closing quote");
      rest_.remove_prefix(i + 1);
    } else {
      if (rest_.starts_with("%")) return refuse(not_implemented("FilterLogEvents with a %regular expression%"));
      std::size_t end = 0;
      while (end < rest_.size() && !std::isspace(static_cast<unsigned char>(rest_[end])) && rest_[end] != ')' &&
             rest_[end] != '&' && rest_[end] != '|')
        ++end;
      text = rest_.substr(0, end);
      rest_.remove_prefix(end);
      if (text.empty()) return stop("a value");
    }
    double number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool is_number = !is_quoted && error == std::errc() && end == text.data() + text.size();
    if (comparison == "=" || comparison == "!=") {
      bool wants_equal = comparison == "=";
      return JsonFilter([=, p = std::move(path)](const json::value& v) {
        auto* found = follow(v, p);
        if (!found) return false;
        bool is_equal = false;
        if (is_number && number_of(*found)) {
          is_equal = *number_of(*found) == number;
        } else if (found->is_string()) {
          is_equal = matches_wildcard(text, found->as_string());
        } else if (found->is_number()) {
          is_equal = matches_wildcard(text, json::serialize(*found));  // { $.status = 5* }
        } else {
          return false;
        }
        return is_equal == wants_equal;
      });
    }
    if (!is_number) return stop("a number after " + std::string(comparison));
    return JsonFilter([=, p = std::move(path), c = std::string(comparison)](const json::value& v) {
      auto* found = follow(v, p);
      auto have = found ? number_of(*found) : std::nullopt;
      if (!have) return false;
      if (c == "<") return *have < number;
      if (c == "<=") return *have <= number;
      if (c == ">") return *have > number;
      return *have >= number;
    });
  }

  std::string_view rest_;
};

}  // namespace

Outcome<JsonFilter> parse_json_pattern(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace ads::cloud::logs
