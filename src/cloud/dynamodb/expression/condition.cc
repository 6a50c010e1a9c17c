#include "cloud/dynamodb/expression/condition.h"

#include "cloud/dynamodb/number.h"

namespace ads::cloud::dynamodb {
namespace {

using Op = Condition::Operator;

// Bytes of a string or binary, elements of a collection; nothing for what has no size.
std::optional<std::size_t> extent(const Value& value) {
  switch (value.type) {
    case Type::string:
    case Type::binary:
      return value.text.size();
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set:
      return value.set.size();
    case Type::list:
      return value.list.size();
    case Type::map:
      return value.map.size();
    default:
      return std::nullopt;
  }
}

// The operand's value for this item; `made` holds it where it had to be made. Null where there is none.
const Value* evaluate(const Operand& operand, const Attributes& item, Value& made) {
  const bool of_path = operand.kind == Operand::path || operand.kind == Operand::size_of_path;
  const Value* value = of_path ? resolve(item, operand.document_path) : operand.constant;
  if (operand.kind == Operand::path || operand.kind == Operand::value || !value) return value;
  auto size = extent(*value);
  if (!size) return nullptr;
  made = Value::of_number(std::to_string(*size));
  return &made;
}

bool contains(const Value& container, const Value& wanted) {
  if (container.type == Type::string || container.type == Type::binary)
    return wanted.type == container.type && container.text.find(wanted.text) != std::string::npos;
  if (is_set(container.type))
    return wanted.type == element_type(container.type) &&
           std::binary_search(container.set.begin(), container.set.end(), wanted.text);
  if (container.type == Type::list)
    return std::find(container.list.begin(), container.list.end(), wanted) != container.list.end();
  return false;
}

// Whether a stands before (-1), with (0) or after (1) b; nothing where they cannot be ordered.
std::optional<int> order(const Value* a, const Value* b) {
  if (!a || !b || a->type != b->type || a->type > Type::binary) return std::nullopt;
  const int order = compare_scalars(*a, *b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

}  // namespace

bool holds(const Condition& condition, const Attributes& item) {
  if (condition.op == Op::all)
    return std::all_of(condition.conditions.begin(), condition.conditions.end(),
                       [&](const Condition& c) { return holds(c, item); });
  if (condition.op == Op::any)
    return std::any_of(condition.conditions.begin(), condition.conditions.end(),
                       [&](const Condition& c) { return holds(c, item); });
  if (condition.op == Op::negation) return !holds(condition.conditions[0], item);

  Value made[3];
  const Value* first = evaluate(condition.operands[0], item, made[0]);
  const Value* second = condition.operands.size() > 1 ? evaluate(condition.operands[1], item, made[1]) : nullptr;
  switch (condition.op) {
    case Op::equal:
      return first && second && *first == *second;
    case Op::not_equal:
      return !(first && second && *first == *second);
    case Op::less:
      return order(first, second) == -1;
    case Op::less_or_equal:
      return order(first, second).value_or(1) <= 0;
    case Op::greater:
      return order(first, second) == 1;
    case Op::greater_or_equal:
      return order(first, second).value_or(-1) >= 0;
    case Op::between: {
      const Value* third = evaluate(condition.operands[2], item, made[2]);
      return order(first, second).value_or(-1) >= 0 && order(first, third).value_or(1) <= 0;
    }
    case Op::in:
      for (std::size_t i = 1; first && i < condition.operands.size(); ++i) {
        const Value* candidate = evaluate(condition.operands[i], item, made[1]);
        if (candidate && *candidate == *first) return true;
      }
      return false;
    case Op::attribute_exists:
      return first != nullptr;
    case Op::attribute_not_exists:
      return first == nullptr;
    case Op::attribute_type:
      return first && second && to_string(first->type) == second->text;
    case Op::begins_with:
      return first && second && first->type == second->type && first->type <= Type::binary &&
             first->type != Type::number && first->text.starts_with(second->text);
    case Op::contains:
      return first && second && contains(*first, *second);
    default:
      return false;
  }
}

}  // namespace ads::cloud::dynamodb
