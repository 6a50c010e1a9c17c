#include "cloud/logs/filter_pattern.h"

#include "cloud/logs/errors.h"
#include "cloud/logs/json_pattern.h"

namespace ads::cloud::logs {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

struct Terms {
  std::vector<std::string> all, none, any;
  bool matches(std::string_view message) const {
    auto has = [&](const std::string& term) { return message.find(term) != std::string_view::npos; };
    if (!std::all_of(all.begin(), all.end(), has)) return false;
    if (std::any_of(none.begin(), none.end(), has)) return false;
    return any.empty() || std::any_of(any.begin(), any.end(), has);
  }
};

// One term, quoted or bare, dropped from the front of `rest`.
Outcome<std::string> take_term(std::string_view& rest) {
  std::string term;
  if (rest.starts_with("\"")) {
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      term += rest[i];
    }
    if (i >= rest.size()) return refuse(invalid_parameter("Invalid filter pattern: a quote is not closed"));
    rest.remove_prefix(i + 1);
  } else {
    std::size_t end = 0;
    for (; end < rest.size() && !is_space(rest[end]); ++end) {
      unsigned char c = static_cast<unsigned char>(rest[end]);
      // AWS wants everything but letters, digits and underscores quoted.
      if (c < 0x80 && !std::isalnum(c) && c != '_')
        return refuse(
            invalid_parameter(fmt::format("Invalid character(s) in term '{}': put a term with other characters than "
                                          "letters, digits and '_' in double quotes",
                                          rest.substr(0, std::min<std::size_t>(rest.size(), 64)))));
    }
    term = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  if (term.empty()) return refuse(invalid_parameter("Invalid filter pattern: a term is empty"));
  return term;
}

}  // namespace

Outcome<MessageFilter> parse_filter_pattern(std::string_view pattern) {
  pattern = trim(pattern);
  if (pattern.empty()) return MessageFilter([](std::string_view) { return true; });
  if (pattern.front() == '[') return refuse(not_implemented("FilterLogEvents with a space-delimited [pattern]"));
  if (pattern.front() == '%') return refuse(not_implemented("FilterLogEvents with a %regular expression%"));
  if (pattern.front() == '{') {
    if (pattern.back() != '}') return refuse(invalid_parameter("Invalid filter pattern: '{' is not closed"));
    auto filter = parse_json_pattern(pattern.substr(1, pattern.size() - 2));
    if (!filter) return refuse(filter.error());
    return MessageFilter([filter = *filter](std::string_view message) {
      auto begin = message.find('{');
      if (begin == std::string_view::npos) return false;
      auto value = parse_json(trim(message.substr(begin)));
      return value && filter(*value);
    });
  }
  Terms terms;
  for (auto rest = pattern; !rest.empty(); rest = trim(rest)) {
    auto* list = &terms.all;
    if (rest.front() == '-') list = &terms.none;
    if (rest.front() == '?') list = &terms.any;
    if (list != &terms.all) rest.remove_prefix(1);
    auto term = take_term(rest);
    if (!term) return refuse(term.error());
    list->push_back(std::move(*term));
  }
  return MessageFilter([terms = std::move(terms)](std::string_view message) { return terms.matches(message); });
}

}  // namespace ads::cloud::logs
