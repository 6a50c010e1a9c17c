// The patterns of a policy: text with "*" and "?", and variables that the request fills in. Compiled once, matched
// often.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ads::cloud::access {

using Values = std::vector<std::string>;

// What is known about a request: its condition keys. Asked for only where a statement names them, so that nothing is
// gathered that nobody reads.
class Facts {
 public:
  virtual ~Facts() = default;
  // `key` in lower case, as "aws:sourcearn". Nothing where the request has no such key.
  virtual std::optional<Values> find(std::string_view key) const = 0;
};

// Whether "${aws:username}" is a variable (Version 2012-10-17) or those very characters (2008-10-17).
enum class Variables { literal, replaced };

class Pattern {
 public:
  explicit Pattern(std::string text, Variables variables = Variables::literal);

  // With wildcards. A variable's value is never one.
  bool matches(std::string_view text, const Facts& facts) const;
  // As matches, but field by field of an ARN: "*" in the account never swallows the resource.
  bool matches_arn(std::string_view arn, const Facts& facts) const;
  // The text itself with its variables filled in; nothing where a variable has no value.
  std::optional<std::string> filled(const Facts& facts) const;
  const std::string& text() const { return text_; }

 private:
  enum class Shape { anything, exact, prefix, wildcards, variables };
  enum class Use { pattern, text };
  std::optional<std::string> fill(const Facts& facts, Use use) const;

  std::string text_;
  Shape shape_;
};

using Patterns = std::vector<Pattern>;

std::string to_lower(std::string_view text);

// Inside a pattern, bytes that stand for the characters "*" and "?" themselves.
inline constexpr char kLiteralStar = '\x01', kLiteralQuestion = '\x02';

// "*" and "?" as wildcards; never exponential.
bool matches_wildcards(std::string_view pattern, std::string_view text);
bool matches_arn(std::string_view pattern, std::string_view arn);

}  // namespace ads::cloud::access
