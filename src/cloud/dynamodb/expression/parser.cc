#include "cloud/dynamodb/expression/parser.h"

#include <charconv>

#include "cloud/dynamodb/expression/reserved_words.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kLongestExpression = 4096;
constexpr int kMostOperators = 300;
constexpr std::size_t kDeepestPath = 32;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

bool equals_upper(std::string_view text, std::string_view upper) {
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

const Value& undefined_value() {
  static const Value value;
  return value;
}

}  // namespace

Parsed<void> Parser::tokenize() {
  const std::string_view text = expression_;
  if (text.empty()) return std::unexpected("The expression can not be empty;");
  if (text.size() > kLongestExpression)
    return std::unexpected("Expression size has exceeded the maximum allowed size; expression size: " +
                           std::to_string(text.size()));
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    Token::Kind kind = Token::symbol;
    if (is_letter(c)) {
      kind = Token::name;
      while (end < text.size() && is_word(text[end])) ++end;
    } else if ((c == '#' || c == ':') && end < text.size() && is_word(text[end])) {
      kind = c == '#' ? Token::alias : Token::placeholder;
      while (end < text.size() && is_word(text[end])) ++end;
    } else if (is_digit(c)) {
      kind = Token::number;
      while (end < text.size() && is_digit(text[end])) ++end;
    } else if (end < text.size() &&
               (text.substr(at, 2) == "<=" || text.substr(at, 2) == ">=" || text.substr(at, 2) == "<>")) {
      ++end;
    } else if (std::string_view("()[],.=<>+-").find(c) == std::string_view::npos) {
      while (end < text.size() && static_cast<unsigned char>(text[end]) >= 0x80) ++end;
      tokens_.push_back({Token::symbol, text.substr(at, end - at)});
      tokens_.push_back({Token::end, text.substr(text.size())});
      at_ = tokens_.size() - 2;
      return syntax_error();
    }
    tokens_.push_back({kind, text.substr(at, end - at)});
    at = end;
  }
  tokens_.push_back({Token::end, text.substr(text.size())});
  if (tokens_.size() == 1) return std::unexpected("The expression can not be empty;");
  return {};
}

const Token& Parser::peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

bool Parser::accept(std::string_view symbol) {
  if (peek().kind != Token::symbol || peek().text != symbol) return false;
  ++at_;
  return true;
}

bool Parser::at_keyword(std::string_view upper) const {
  return peek().kind == Token::name && equals_upper(peek().text, upper);
}

bool Parser::accept_keyword(std::string_view upper) {
  if (!at_keyword(upper)) return false;
  ++at_;
  return true;
}

// 'token: "=", near: "a = ="': the token with its neighbours as they were written.
std::unexpected<std::string> Parser::syntax_error() const {
  const std::size_t index = std::min(at_, tokens_.size() - 1);
  const Token& token = tokens_[index];
  const char* from = tokens_[index > 0 ? index - 1 : 0].text.data();
  const std::string_view last = tokens_[std::min(index + 1, tokens_.size() - 1)].text;
  const std::string near(from, last.data() + last.size());
  const std::string shown = token.kind == Token::end ? "<EOF>" : std::string(token.text);
  return std::unexpected("Syntax error; token: \"" + shown + "\", near: \"" + near + "\"");
}

Parsed<Path> Parser::parse_path() {
  Path path;
  do {
    if (peek().kind == Token::name) {
      if (is_reserved(peek().text))
        note(Fault::reserved_word,
             "Attribute name is a reserved keyword; reserved keyword: " + std::string(peek().text));
      path.emplace_back(std::string(take().text));
    } else if (peek().kind == Token::alias) {
      const Token alias = take();
      const std::string* name = scope_.name(alias.text);
      if (!name)
        note(Fault::undefined_name,
             "An expression attribute name used in the document path is not defined; attribute name: " +
                 std::string(alias.text));
      path.emplace_back(name ? *name : std::string(alias.text));
    } else {
      return syntax_error();
    }
    while (accept("[")) {
      if (peek().kind != Token::number) return syntax_error();
      std::size_t index = 0;
      const std::string_view digits = peek().text;
      if (std::from_chars(digits.data(), digits.data() + digits.size(), index).ec != std::errc() || index > INT32_MAX)
        return std::unexpected("List index is not within the allowable range; index: [" + std::string(digits) + "]");
      take();
      path.emplace_back(index);
      if (!accept("]")) return syntax_error();
    }
  } while (accept("."));
  if (path.size() > kDeepestPath)
    return std::unexpected("The document path has too many nesting elements; nesting levels: " +
                           std::to_string(path.size()));
  return path;
}

Parsed<const Value*> Parser::parse_placeholder() {
  if (peek().kind != Token::placeholder) return syntax_error();
  const Token token = take();
  if (const Value* value = scope_.value(token.text)) return value;
  note(Fault::undefined_value,
       "An expression attribute value used in expression is not defined; attribute value: " + std::string(token.text));
  return &undefined_value();
}

void Parser::note(Fault fault, std::string message) {
  std::string& noted = faults_[std::size_t(fault)];
  if (noted.empty()) noted = std::move(message);
}

Parsed<void> Parser::check_faults(std::initializer_list<Fault> order) const {
  for (Fault fault : order)
    if (!faults_[std::size_t(fault)].empty()) return std::unexpected(faults_[std::size_t(fault)]);
  return {};
}

void Parser::claim(const Path& path) {
  for (const Path& other : claimed_) {
    const PathRelation relation = relate(other, path);
    if (relation == PathRelation::apart) continue;
    const bool overlap = relation == PathRelation::overlap;
    note(overlap ? Fault::overlap : Fault::conflict,
         std::string("Two document paths ") + (overlap ? "overlap" : "conflict") +
             " with each other; must remove or rewrite one of these paths; path one: " + to_string(other) +
             ", path two: " + to_string(path));
  }
  claimed_.push_back(path);
}

Parsed<void> Parser::count_operator() {
  if (++operators_ > kMostOperators)
    return std::unexpected("The expression contains too many operators; operator count: " + std::to_string(operators_));
  return {};
}

}  // namespace ads::cloud::dynamodb
