#include "cloud/dynamodb/expression/key_condition.h"

#include "cloud/dynamodb/errors.h"

namespace ads::cloud::dynamodb {
namespace {

using Op = Condition::Operator;

std::string_view name_of(Op op) {
  switch (op) {
    case Op::any:
      return "OR";
    case Op::negation:
      return "NOT";
    case Op::in:
      return "IN";
    case Op::not_equal:
      return "<>";
    case Op::attribute_exists:
      return "attribute_exists";
    case Op::attribute_not_exists:
      return "attribute_not_exists";
    case Op::attribute_type:
      return "attribute_type";
    case Op::contains:
      return "contains";
    case Op::between:
      return "BETWEEN";
    case Op::begins_with:
      return "begins_with";
    default:
      return "";
  }
}

Op mirrored(Op op) {
  switch (op) {
    case Op::less:
      return Op::greater;
    case Op::less_or_equal:
      return Op::greater_or_equal;
    case Op::greater:
      return Op::less;
    case Op::greater_or_equal:
      return Op::less_or_equal;
    default:
      return op;
  }
}

std::string_view legacy_name(Op op) {
  switch (op) {
    case Op::less:
      return "LT";
    case Op::less_or_equal:
      return "LE";
    case Op::greater:
      return "GT";
    case Op::greater_or_equal:
      return "GE";
    case Op::between:
      return "BETWEEN";
    case Op::begins_with:
      return "BEGINS_WITH";
    default:
      return "EQ";
  }
}

Outcome<void> collect(const Condition& condition, std::vector<KeyCondition>& out) {
  switch (condition.op) {
    case Op::any:
    case Op::negation:
    case Op::in:
    case Op::not_equal:
    case Op::attribute_exists:
    case Op::attribute_not_exists:
    case Op::attribute_type:
    case Op::contains:
      return refuse(
          validation("Invalid operator used in KeyConditionExpression: " + std::string(name_of(condition.op))));
    case Op::all:
      for (const Condition& inner : condition.conditions)
        if (auto done = collect(inner, out); !done) return done;
      return {};
    default:
      break;
  }
  const std::vector<Operand>& operands = condition.operands;
  for (const Operand& operand : operands)
    if (operand.kind == Operand::size_of_path || operand.kind == Operand::size_of_value)
      return refuse(validation("KeyConditionExpressions cannot contain nested operations"));
  if ((condition.op == Op::between || condition.op == Op::begins_with) && operands[0].kind != Operand::path)
    return refuse(validation("Invalid condition in KeyConditionExpression: " + std::string(name_of(condition.op)) +
                             " operator must have the key attribute as its first operand"));
  KeyCondition key;
  key.op = condition.op;
  bool has_attribute = false;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (operands[i].kind == Operand::value) {
      key.values.push_back(operands[i].constant);
      continue;
    }
    if (std::exchange(has_attribute, true))
      return refuse(
          validation("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"));
    if (operands[i].document_path.size() > 1)
      return refuse(validation("KeyConditionExpressions cannot have conditions on nested attributes"));
    key.attribute = std::get<std::string>(operands[i].document_path.front());
    if (i > 0) key.op = mirrored(key.op);
  }
  if (!has_attribute)
    return refuse(validation("Invalid condition in KeyConditionExpression: No key attribute specified"));
  for (const KeyCondition& other : out)
    if (other.attribute == key.attribute)
      return refuse(validation("KeyConditionExpressions must only contain one condition per key"));
  for (const Value* value : key.values) {
    const bool is_scalar = value->type <= Type::binary;
    const bool is_ordered = key.op == Op::equal ? is_scalar || is_set(value->type) : is_scalar;
    if (!is_ordered || (key.op == Op::begins_with && value->type == Type::number))
      return refuse(invalid_parameter("ComparisonOperator " + std::string(legacy_name(key.op)) + " is not valid for " +
                                      std::string(to_string(value->type)) + " AttributeValue type"));
  }
  out.push_back(std::move(key));
  return {};
}

}  // namespace

Outcome<std::vector<KeyCondition>> parse_key_conditions(std::string_view expression, Scope& scope) {
  auto condition = parse_condition("KeyConditionExpression", expression, scope);
  if (!condition) return refuse(condition.error());
  std::vector<KeyCondition> keys;
  if (auto done = collect(*condition, keys); !done) return refuse(done.error());
  if (keys.size() > 2) return refuse(validation("Conditions can be of length 1 or 2 only"));
  return keys;
}

}  // namespace ads::cloud::dynamodb
