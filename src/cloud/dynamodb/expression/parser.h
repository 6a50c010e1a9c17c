// What the four expression grammars share: tokens, document paths, limits, and the order in which faults are told.
#pragma once
#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/dynamodb/expression/path.h"
#include "cloud/dynamodb/expression/scope.h"

namespace ads::cloud::dynamodb {

// The message without "Invalid ConditionExpression: " in front.
template <class T>
using Parsed = std::expected<T, std::string>;

struct Token {
  enum Kind { end, name, alias, placeholder, number, symbol } kind = end;
  std::string_view text;
};

// AWS reads a whole expression before it complains, and then names the gravest fault, not the first.
enum class Fault {
  redundant_parentheses,
  unknown_function,
  misused_function,
  reserved_word,
  section,
  undefined_name,
  undefined_value,
  overlap,
  conflict,
  operand_count,
  not_distinct,
  operand_type,
  kCount
};

class Parser {
 public:
  Parser(std::string_view expression, Scope& scope) : expression_(expression), scope_(scope) {}

 protected:
  // Errors: empty, longer than 4 KB, a character that no token begins with.
  Parsed<void> tokenize();
  Parsed<Path> parse_path();
  Parsed<const Value*> parse_placeholder();  // a dummy where it is not defined, and a fault

  const Token& peek(std::size_t ahead = 0) const;
  Token take() { return tokens_[std::min(at_++, tokens_.size() - 1)]; }
  bool accept(std::string_view symbol);
  bool accept_keyword(std::string_view upper);
  bool at_keyword(std::string_view upper) const;
  std::unexpected<std::string> syntax_error() const;  // at the next token

  void note(Fault fault, std::string message);
  // The gravest fault among these, in the given order.
  Parsed<void> check_faults(std::initializer_list<Fault> order) const;
  // Notes overlaps and conflicts with the paths passed before.
  void claim(const Path& path);
  // Errors past 300 operators and functions.
  Parsed<void> count_operator();

  Scope& scope() { return scope_; }

 private:
  std::string_view expression_;
  Scope& scope_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int operators_ = 0;
  std::vector<Path> claimed_;
  std::array<std::string, std::size_t(Fault::kCount)> faults_;
};

}  // namespace ads::cloud::dynamodb
