#include "cloud/dynamodb/expression/update.h"

#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/number.h"

namespace ads::cloud::dynamodb {
namespace {

WireError wrong_operand() {
  return validation("An operand in the update expression has an incorrect data type");
}
WireError no_such_attribute() {
  return validation("The provided expression refers to an attribute that does not exist in the item");
}
WireError bad_path() {
  return validation("The document path provided in the update expression is invalid for update");
}

Outcome<Value> sum(const Value& a, const Value& b, SetValue::Kind kind) {
  if (a.type != Type::number || b.type != Type::number) return refuse(wrong_operand());
  auto left = Number::parse(a.text), right = Number::parse(b.text);
  if (!left) return refuse(left.error());
  if (!right) return refuse(right.error());
  auto total = add(*left, kind == SetValue::minus ? right->negated() : *right);
  if (!total) return refuse(total.error());
  return Value::of_number(total->text());
}

Outcome<Value> evaluate(const SetValue& value, const Attributes& item) {
  switch (value.kind) {
    case SetValue::constant:
      return *value.value;
    case SetValue::path: {
      const Value* found = resolve(item, value.document_path);
      if (!found) return refuse(no_such_attribute());
      return *found;
    }
    case SetValue::if_not_exists:
      if (const Value* found = resolve(item, value.operands[0].document_path)) return *found;
      return evaluate(value.operands[1], item);
    default:
      break;
  }
  auto first = evaluate(value.operands[0], item);
  if (!first) return first;
  auto second = evaluate(value.operands[1], item);
  if (!second) return second;
  if (value.kind != SetValue::list_append) return sum(*first, *second, value.kind);
  if (first->type != Type::list || second->type != Type::list) return refuse(wrong_operand());
  for (Value& element : second->list) first->list.push_back(std::move(element));
  return first;
}

// The map or list that holds the path's last part; nothing where it is not there or of the wrong kind.
struct Holder {
  Attributes* map = nullptr;
  std::vector<Value>* list = nullptr;
};

std::optional<Holder> holder_of(Attributes& item, const Path& path) {
  if (path.size() == 1) return Holder{&item, nullptr};
  const Path parent(path.begin(), path.end() - 1);
  Value* value = const_cast<Value*>(resolve(item, parent));
  const bool by_name = std::holds_alternative<std::string>(path.back());
  if (!value || value->type != (by_name ? Type::map : Type::list)) return std::nullopt;
  return by_name ? Holder{&value->map, nullptr} : Holder{nullptr, &value->list};
}

Value* existing(const Holder& holder, const PathPart& last) {
  if (holder.map) return holder.map->find(std::get<std::string>(last));
  const std::size_t index = std::get<std::size_t>(last);
  return index < holder.list->size() ? &(*holder.list)[index] : nullptr;
}

// An index past the end of a list appends.
void assign(const Holder& holder, const PathPart& last, Value value) {
  if (Value* old = existing(holder, last))
    *old = std::move(value);
  else if (holder.map)
    holder.map->set(std::get<std::string>(last), std::move(value));
  else
    holder.list->push_back(std::move(value));
}

void drop(const Holder& holder, const PathPart& last) {
  if (holder.map)
    holder.map->remove(std::get<std::string>(last));
  else if (std::size_t index = std::get<std::size_t>(last); index < holder.list->size())
    holder.list->erase(holder.list->begin() + std::ptrdiff_t(index));
}

Outcome<void> apply_add(const UpdateAction& action, const Holder& holder) {
  Value* old = existing(holder, action.path.back());
  if (!old) {
    assign(holder, action.path.back(), *action.operand);
    return {};
  }
  if (old->type != action.operand->type) return refuse(wrong_operand());
  if (old->type == Type::number) {
    auto total = sum(*old, *action.operand, SetValue::plus);
    if (!total) return refuse(total.error());
    *old = *std::move(total);
    return {};
  }
  std::vector<std::string> united;
  std::set_union(old->set.begin(), old->set.end(), action.operand->set.begin(), action.operand->set.end(),
                 std::back_inserter(united));
  old->set = std::move(united);
  return {};
}

// Whether the attribute became empty and must go.
Outcome<bool> apply_subtract(const UpdateAction& action, const Holder& holder) {
  Value* old = existing(holder, action.path.back());
  if (!old) return false;
  if (old->type != action.operand->type) return refuse(wrong_operand());
  std::vector<std::string> left;
  std::set_difference(old->set.begin(), old->set.end(), action.operand->set.begin(), action.operand->set.end(),
                      std::back_inserter(left));
  old->set = std::move(left);
  return old->set.empty();
}

}  // namespace

Outcome<void> apply_update(const Update& update, Attributes& item) {
  struct Assignment {
    const Path* path;
    Value value;
  };
  std::vector<Assignment> assignments;
  std::vector<const Path*> removals;
  for (const UpdateAction& action : update) {
    if (action.kind != UpdateAction::set) continue;
    auto value = evaluate(action.value, item);
    if (!value) return refuse(value.error());
    assignments.push_back({&action.path, *std::move(value)});
  }
  // In the order of their paths, so that what is appended to one list keeps the order of its indexes.
  std::sort(assignments.begin(), assignments.end(),
            [](const Assignment& a, const Assignment& b) { return *a.path < *b.path; });
  for (Assignment& assignment : assignments) {
    auto holder = holder_of(item, *assignment.path);
    if (!holder) return refuse(bad_path());
    assign(*holder, assignment.path->back(), std::move(assignment.value));
  }
  for (const UpdateAction& action : update) {
    if (action.kind == UpdateAction::set) continue;
    auto holder = holder_of(item, action.path);
    if (!holder) return refuse(bad_path());
    if (action.kind == UpdateAction::remove) {
      removals.push_back(&action.path);
    } else if (action.kind == UpdateAction::add) {
      if (auto added = apply_add(action, *holder); !added) return added;
    } else {
      auto emptied = apply_subtract(action, *holder);
      if (!emptied) return refuse(emptied.error());
      if (*emptied) removals.push_back(&action.path);
    }
  }
  // From the highest index down: each names an element of the list as it was.
  std::sort(removals.begin(), removals.end(), [](const Path* a, const Path* b) { return *b < *a; });
  for (const Path* path : removals)
    if (auto holder = holder_of(item, *path)) drop(*holder, path->back());
  return {};
}

bool only_removes(const Update& update) {
  return !update.empty() && std::all_of(update.begin(), update.end(), [](const UpdateAction& action) {
    return action.kind == UpdateAction::remove || action.kind == UpdateAction::subtract;
  });
}

std::vector<Path> paths_of(const Update& update) {
  std::vector<Path> paths;
  for (const UpdateAction& action : update) paths.push_back(action.path);
  return paths;
}

}  // namespace ads::cloud::dynamodb
