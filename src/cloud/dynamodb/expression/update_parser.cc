// update := (SET path = value, ... | REMOVE path, ... | ADD path :value, ... | DELETE path :value, ...)+
// value  := operand | operand + operand | operand - operand
// operand := path | :value | if_not_exists(path, operand) | list_append(operand, operand) | ( value )
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/expression/parser.h"
#include "cloud/dynamodb/expression/update.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr int kDeepestNesting = 100;

std::string_view long_name(Type type) {
  switch (type) {
    case Type::string:
      return "STRING";
    case Type::number:
      return "NUMBER";
    case Type::binary:
      return "BINARY";
    case Type::null:
      return "NULL";
    case Type::boolean:
      return "BOOLEAN";
    case Type::list:
      return "LIST";
    case Type::map:
      return "MAP";
    default:
      return to_string(type);
  }
}

class UpdateParser : public Parser {
 public:
  using Parser::Parser;

  Parsed<Update> parse() {
    if (auto done = tokenize(); !done) return std::unexpected(done.error());
    while (peek().kind != Token::end) {
      auto section = parse_section();
      if (!section) return std::unexpected(section.error());
    }
    auto sound = check_faults({Fault::reserved_word, Fault::unknown_function, Fault::section, Fault::undefined_name,
                               Fault::undefined_value, Fault::overlap, Fault::conflict, Fault::operand_type,
                               Fault::operand_count});
    if (!sound) return std::unexpected(sound.error());
    return std::move(update_);
  }

 private:
  Parsed<void> parse_section() {
    struct Section {
      std::string_view keyword;
      UpdateAction::Kind kind;
    };
    constexpr Section kSections[] = {{"SET", UpdateAction::set},
                                     {"REMOVE", UpdateAction::remove},
                                     {"ADD", UpdateAction::add},
                                     {"DELETE", UpdateAction::subtract}};
    for (const auto& [keyword, kind] : kSections) {
      if (!accept_keyword(keyword)) continue;
      if (std::exchange(seen_[kind], true))
        note(Fault::section,
             "The \"" + std::string(keyword) + "\" section can only be used once in an update expression;");
      do {
        auto action = parse_action(kind, keyword);
        if (!action) return action;
      } while (accept(","));
      return {};
    }
    return syntax_error();
  }

  Parsed<void> parse_action(UpdateAction::Kind kind, std::string_view keyword) {
    if (auto counted = count_operator(); !counted) return counted;
    UpdateAction action{kind, {}, {}, nullptr};
    auto path = parse_path();
    if (!path) return std::unexpected(path.error());
    claim(*path);
    action.path = *std::move(path);
    if (kind == UpdateAction::set) {
      if (!accept("=")) return syntax_error();
      auto value = parse_value();
      if (!value) return std::unexpected(value.error());
      action.value = *std::move(value);
    } else if (kind != UpdateAction::remove) {
      auto operand = parse_placeholder();
      if (!operand) return std::unexpected(operand.error());
      action.operand = *operand;
      const Type type = action.operand->type;
      if (!is_set(type) && !(kind == UpdateAction::add && type == Type::number))
        note(Fault::operand_type, "Incorrect operand type for operator or function; operator: " + std::string(keyword) +
                                      ", operand type: " + std::string(long_name(type)));
    }
    update_.push_back(std::move(action));
    return {};
  }

  Parsed<SetValue> parse_value() {
    auto first = parse_operand();
    if (!first) return first;
    const bool plus = accept("+");
    if (!plus && !accept("-")) return first;
    if (auto counted = count_operator(); !counted) return std::unexpected(counted.error());
    auto second = parse_operand();
    if (!second) return second;
    SetValue sum{plus ? SetValue::plus : SetValue::minus, {}, nullptr, {}};
    sum.operands.push_back(*std::move(first));
    sum.operands.push_back(*std::move(second));
    require_type(plus ? "+" : "-", sum.operands, Type::number);
    return sum;
  }

  Parsed<SetValue> parse_operand() {
    if (accept("(")) {
      if (++depth_ > kDeepestNesting) return syntax_error();
      auto inner = parse_value();
      --depth_;
      if (inner && !accept(")")) return syntax_error();
      return inner;
    }
    if (peek().kind == Token::placeholder) {
      auto value = parse_placeholder();
      if (!value) return std::unexpected(value.error());
      return SetValue{SetValue::constant, {}, *value, {}};
    }
    if (peek().kind == Token::name && peek(1).kind == Token::symbol && peek(1).text == "(") return parse_call();
    auto path = parse_path();
    if (!path) return std::unexpected(path.error());
    return SetValue{SetValue::path, *std::move(path), nullptr, {}};
  }

  Parsed<SetValue> parse_call() {
    if (auto counted = count_operator(); !counted) return std::unexpected(counted.error());
    const std::string name(take().text);
    take();  // "("
    if (++depth_ > kDeepestNesting) return syntax_error();
    SetValue call;
    do {
      auto operand = parse_value();
      if (!operand) return operand;
      call.operands.push_back(*std::move(operand));
    } while (accept(","));
    --depth_;
    if (!accept(")")) return syntax_error();
    if (name != "if_not_exists" && name != "list_append") {
      note(Fault::unknown_function, "Invalid function name; function: " + name);
      return call;
    }
    call.kind = name == "list_append" ? SetValue::list_append : SetValue::if_not_exists;
    if (call.operands.size() != 2)
      note(Fault::operand_count, "Incorrect number of operands for operator or function; operator or function: " +
                                     name + ", number of operands: " + std::to_string(call.operands.size()));
    else if (call.kind == SetValue::list_append)
      require_type(name, call.operands, Type::list);
    else if (call.operands[0].kind != SetValue::path)
      note(Fault::operand_type, "Operator or function requires a document path; operator or function: " + name);
    return call;
  }

  void require_type(std::string_view name, const std::vector<SetValue>& operands, Type wanted) {
    for (const SetValue& operand : operands)
      if (operand.kind == SetValue::constant && operand.value->type != wanted)
        note(Fault::operand_type,
             "Incorrect operand type for operator or function; operator or function: " + std::string(name) +
                 ", operand type: " + std::string(to_string(operand.value->type)));
  }

  Update update_;
  bool seen_[4] = {};
  int depth_ = 0;
};

}  // namespace

Outcome<Update> parse_update(std::string_view expression, Scope& scope) {
  auto update = UpdateParser(expression, scope).parse();
  if (!update) return refuse(validation("Invalid UpdateExpression: " + update.error()));
  return *std::move(update);
}

}  // namespace ads::cloud::dynamodb
