// condition := condition OR condition | condition AND condition | NOT condition | ( condition )
//            | operand (= <> < <= > >=) operand | operand BETWEEN operand AND operand | operand IN (operand, ...)
//            | function(operand, ...)
// operand   := path | :value | size(operand) | ( operand )
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/expression/condition.h"
#include "cloud/dynamodb/expression/parser.h"

namespace ads::cloud::dynamodb {
namespace {

using Op = Condition::Operator;

constexpr int kDeepestNesting = 150;
constexpr std::size_t kMostInOperands = 100;

struct Function {
  std::string_view name;
  Op op;
  std::size_t operands;
};
constexpr Function kFunctions[] = {
    {"attribute_exists", Op::attribute_exists, 1},
    {"attribute_not_exists", Op::attribute_not_exists, 1},
    {"attribute_type", Op::attribute_type, 2},
    {"begins_with", Op::begins_with, 2},
    {"contains", Op::contains, 2},
    {"size", Op::size, 1},
};
constexpr std::pair<std::string_view, Op> kComparators[] = {
    {"=", Op::equal}, {"<>", Op::not_equal}, {"<=", Op::less_or_equal}, {">=", Op::greater_or_equal},
    {"<", Op::less},  {">", Op::greater},
};

// What a pair of parentheses may hold: the grammar only knows after reading it.
struct Term {
  enum Kind { condition, operand, function } kind = operand;
  Condition content;        // of a condition or a boolean function
  Operand value;            // of an operand
  std::string_view called;  // the function's name
  bool parenthesized = false;
};

std::optional<Type> type_of(const Operand& operand) {
  if (operand.kind == Operand::value) return operand.constant->type;
  if (operand.kind == Operand::path) return std::nullopt;
  return Type::number;
}

class ConditionParser : public Parser {
 public:
  using Parser::Parser;

  Parsed<Condition> parse() {
    if (auto done = tokenize(); !done) return std::unexpected(done.error());
    auto term = parse_or();
    if (!term) return std::unexpected(term.error());
    auto condition = as_condition(*std::move(term));
    if (!condition) return condition;
    if (peek().kind != Token::end) return syntax_error();
    auto sound = check_faults({Fault::redundant_parentheses, Fault::unknown_function, Fault::misused_function,
                               Fault::reserved_word, Fault::undefined_name, Fault::undefined_value,
                               Fault::operand_count, Fault::not_distinct, Fault::operand_type});
    if (!sound) return std::unexpected(sound.error());
    return condition;
  }

 private:
  Parsed<Condition> as_condition(Term term) {
    if (term.kind == Term::operand && term.called == "size") {
      misused("size");
      return Condition{Op::size, {}, {std::move(term.value)}};
    }
    if (term.kind == Term::operand) return syntax_error();
    return std::move(term.content);
  }

  Operand as_operand(Term term) {
    if (term.kind == Term::function) misused(term.called);
    return std::move(term.value);
  }

  void misused(std::string_view function) {
    note(Fault::misused_function,
         "The function is not allowed to be used this way in an expression; function: " + std::string(function));
  }

  Parsed<Term> parse_chain(std::string_view keyword, Op op, Parsed<Term> (ConditionParser::*next)()) {
    auto first = (this->*next)();
    if (!first || !at_keyword(keyword)) return first;
    Condition chain{op, {}, {}};
    auto condition = as_condition(*std::move(first));
    if (!condition) return std::unexpected(condition.error());
    chain.conditions.push_back(*std::move(condition));
    while (accept_keyword(keyword)) {
      if (auto counted = count_operator(); !counted) return std::unexpected(counted.error());
      auto term = (this->*next)();
      if (!term) return term;
      auto more = as_condition(*std::move(term));
      if (!more) return std::unexpected(more.error());
      chain.conditions.push_back(*std::move(more));
    }
    return Term{Term::condition, std::move(chain), {}, {}};
  }

  Parsed<Term> parse_or() { return parse_chain("OR", Op::any, &ConditionParser::parse_and); }
  Parsed<Term> parse_and() { return parse_chain("AND", Op::all, &ConditionParser::parse_not); }

  Parsed<Term> parse_not() {
    if (!at_keyword("NOT") || (peek(1).kind == Token::symbol && peek(1).text != "(")) return parse_comparison();
    take();
    if (auto counted = count_operator(); !counted) return std::unexpected(counted.error());
    if (++depth_ > kDeepestNesting) return syntax_error();
    auto term = parse_not();
    --depth_;
    if (!term) return term;
    auto condition = as_condition(*std::move(term));
    if (!condition) return std::unexpected(condition.error());
    Condition negation{Op::negation, {}, {}};
    negation.conditions.push_back(*std::move(condition));
    return Term{Term::condition, std::move(negation), {}, {}};
  }

  Parsed<Term> parse_comparison() {
    auto first = parse_term();
    if (!first || first->kind == Term::condition) return first;
    if (peek().kind == Token::symbol) {
      for (const auto& [symbol, op] : kComparators) {
        if (!accept(symbol)) continue;
        return finish_comparison(symbol, op, *std::move(first));
      }
    }
    if (accept_keyword("BETWEEN")) return finish_between(*std::move(first));
    if (accept_keyword("IN")) return finish_in(*std::move(first));
    return first;
  }

  Parsed<Term> finish_comparison(std::string_view symbol, Op op, Term first) {
    if (auto counted = count_operator(); !counted) return std::unexpected(counted.error());
    auto second = parse_term();
    if (!second) return second;
    if (second->kind == Term::condition) return syntax_error();
    Condition comparison{op, {}, {}};
    comparison.operands.push_back(as_operand(std::move(first)));
    comparison.operands.push_back(as_operand(*std::move(second)));
    check_distinct(symbol, comparison.operands);
    if (op != Op::equal && op != Op::not_equal)
      for (const Operand& operand : comparison.operands)
        if (auto type = type_of(operand);
            type && *type > Type::binary && operand.constant != nullptr && is_defined(operand))
          note(Fault::operand_type, "Incorrect operand type for operator or function; operator: " +
                                        std::string(symbol) + ", operand type: " + std::string(to_string(*type)));
    return Term{Term::condition, std::move(comparison), {}, {}};
  }

  Parsed<Term> finish_between(Term first) {
    if (auto counted = count_operator(); !counted) return std::unexpected(counted.error());
    Condition between{Op::between, {}, {}};
    between.operands.push_back(as_operand(std::move(first)));
    for (int bound = 0; bound < 2; ++bound) {
      if (bound == 1 && !accept_keyword("AND")) return syntax_error();
      auto term = parse_term();
      if (!term) return term;
      if (term->kind == Term::condition) return syntax_error();
      between.operands.push_back(as_operand(*std::move(term)));
    }
    check_bounds(between.operands[1], between.operands[2]);
    return Term{Term::condition, std::move(between), {}, {}};
  }

  Parsed<Term> finish_in(Term first) {
    if (auto counted = count_operator(); !counted) return std::unexpected(counted.error());
    Condition in{Op::in, {}, {}};
    in.operands.push_back(as_operand(std::move(first)));
    if (!accept("(")) return syntax_error();
    do {
      auto term = parse_term();
      if (!term) return term;
      if (term->kind == Term::condition) return syntax_error();
      in.operands.push_back(as_operand(*std::move(term)));
    } while (accept(","));
    if (!accept(")")) return syntax_error();
    if (in.operands.size() > kMostInOperands + 1)
      note(Fault::operand_count, "The IN operator is provided with too many operands; number of operands: " +
                                     std::to_string(in.operands.size() - 1));
    return Term{Term::condition, std::move(in), {}, {}};
  }

  Parsed<Term> parse_term() {
    if (accept("(")) {
      if (++depth_ > kDeepestNesting) return syntax_error();
      auto inner = parse_or();
      --depth_;
      if (!inner) return inner;
      if (!accept(")")) return syntax_error();
      if (inner->parenthesized) note(Fault::redundant_parentheses, "The expression has redundant parentheses;");
      inner->parenthesized = true;
      if (inner->kind == Term::function) inner->kind = Term::condition;
      return inner;
    }
    if (peek().kind == Token::placeholder) {
      auto value = parse_placeholder();
      if (!value) return std::unexpected(value.error());
      return Term{Term::operand, {}, {Operand::value, {}, *value}, {}};
    }
    if (peek().kind == Token::name && peek(1).kind == Token::symbol && peek(1).text == "(") return parse_call();
    auto path = parse_path();
    if (!path) return std::unexpected(path.error());
    return Term{Term::operand, {}, {Operand::path, *std::move(path), nullptr}, {}};
  }

  Parsed<Term> parse_call() {
    if (auto counted = count_operator(); !counted) return std::unexpected(counted.error());
    const std::string_view name = take().text;
    take();  // "("
    std::vector<Operand> operands;
    if (++depth_ > kDeepestNesting) return syntax_error();
    do {
      auto term = parse_term();
      if (!term) return term;
      if (term->kind == Term::condition) return syntax_error();
      operands.push_back(as_operand(*std::move(term)));
    } while (accept(","));
    --depth_;
    if (!accept(")")) return syntax_error();
    const auto* function =
        std::find_if(std::begin(kFunctions), std::end(kFunctions), [&](const Function& f) { return f.name == name; });
    if (function == std::end(kFunctions)) {
      note(Fault::unknown_function, "Invalid function name; function: " + std::string(name));
      return Term{Term::function, {}, {}, name};
    }
    if (operands.size() != function->operands) {
      note(Fault::operand_count, "Incorrect number of operands for operator or function; operator or function: " +
                                     std::string(name) + ", number of operands: " + std::to_string(operands.size()));
      return Term{function->op == Op::size ? Term::operand : Term::function, {}, {}, name};
    }
    check_distinct(name, operands);
    check_types(*function, operands);
    if (function->op == Op::size) {
      Operand sized = std::move(operands[0]);
      sized.kind = sized.kind == Operand::value ? Operand::size_of_value : Operand::size_of_path;
      return Term{Term::operand, {}, std::move(sized), name};
    }
    return Term{Term::function, Condition{function->op, {}, std::move(operands)}, {}, name};
  }

  bool is_defined(const Operand& operand) const {
    return operand.kind != Operand::value || operand.constant != nullptr;
  }

  void wrong_type(std::string_view function, Type type) {
    note(Fault::operand_type, "Incorrect operand type for operator or function; operator or function: " +
                                  std::string(function) + ", operand type: " + std::string(to_string(type)));
  }

  void check_types(const Function& function, const std::vector<Operand>& operands) {
    const std::optional<Type> first = type_of(operands[0]);
    switch (function.op) {
      case Op::attribute_exists:
      case Op::attribute_not_exists:
        if (operands[0].kind != Operand::path)
          note(Fault::operand_type,
               "Operator or function requires a document path; operator or function: " + std::string(function.name));
        break;
      case Op::begins_with:
        for (const Operand& operand : operands)
          if (auto type = type_of(operand); type && *type != Type::string && *type != Type::binary)
            wrong_type(function.name, *type);
        break;
      case Op::attribute_type:
        if (auto type = type_of(operands[1]); type != Type::string) {
          note(Fault::operand_type,
               "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: " +
                   (type ? std::string(to_string(*type)) : std::string("{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")));
        } else if (operands[1].kind == Operand::value && !parse_type(operands[1].constant->text)) {
          note(Fault::operand_type, "Invalid attribute type name found; type: " + operands[1].constant->text +
                                        ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
        }
        break;
      case Op::size:
        if (first == Type::number || first == Type::boolean || first == Type::null) wrong_type(function.name, *first);
        break;
      default:
        break;
    }
  }

  void check_distinct(std::string_view name, const std::vector<Operand>& operands) {
    if (operands.size() != 2 || operands[0].kind != Operand::path || operands[1].kind != Operand::path) return;
    if (operands[0].document_path != operands[1].document_path) return;
    note(Fault::not_distinct,
         "The first operand must be distinct from the remaining operands for this operator or function; operator: " +
             std::string(name) + ", first operand: " + to_string(operands[0].document_path));
  }

  void check_bounds(const Operand& low, const Operand& high) {
    if (low.kind != Operand::value || high.kind != Operand::value) return;
    auto shown = [](const Value& value) {
      return "AttributeValue: {" + std::string(to_string(value.type)) + ":" + value.text + "}";
    };
    std::string fault;
    if (low.constant->type != high.constant->type)
      fault = "The BETWEEN operator requires same data type for lower and upper bounds; ";
    else if (low.constant->type <= Type::binary && compare_scalars(*low.constant, *high.constant) > 0)
      fault = "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ";
    else
      return;
    note(Fault::operand_type,
         fault + "lower bound operand: " + shown(*low.constant) + ", upper bound operand: " + shown(*high.constant));
  }

  int depth_ = 0;
};

void collect_heads(const Condition& condition, PathHeads& heads) {
  for (const Condition& inner : condition.conditions) collect_heads(inner, heads);
  for (const Operand& operand : condition.operands) {
    if (operand.document_path.empty()) continue;
    heads.all.push_back(std::get<std::string>(operand.document_path.front()));
    if (operand.document_path.size() > 1) heads.nested.push_back(heads.all.back());
  }
}

}  // namespace

Outcome<Condition> parse_condition(std::string_view parameter, std::string_view expression, Scope& scope) {
  auto condition = ConditionParser(expression, scope).parse();
  if (!condition) return refuse(validation("Invalid " + std::string(parameter) + ": " + condition.error()));
  return *std::move(condition);
}

PathHeads heads_of(const Condition& condition) {
  PathHeads heads;
  collect_heads(condition, heads);
  return heads;
}

}  // namespace ads::cloud::dynamodb
