#include "cloud/sns/filter_policy.h"

#include <charconv>

#include "cloud/sns/condition.h"
#include "cloud/sns/errors.h"

namespace ads::cloud::sns {

// An object of the policy: every key must be satisfied, and of every $or one alternative.
struct FilterPolicy::Node {
  struct Key {
    std::string name;
    std::vector<Condition> conditions;   // a leaf: one of them must hold
    std::shared_ptr<const Node> nested;  // or an object below
  };
  std::vector<Key> keys;
  std::vector<std::vector<std::shared_ptr<const Node>>> alternatives;
};

namespace {

using Node = FilterPolicy::Node;
constexpr std::size_t kMostKeys = 5;
constexpr std::size_t kMostCombinations = 150;
constexpr std::size_t kLargest = 256 * 1024;

WireError bad(std::string_view why) {
  return invalid_parameter(fmt::format("FilterPolicy: {}", why));
}

struct Size {
  std::size_t keys = 0;
  std::size_t combinations = 1;
};

bool is_reserved(std::string_view name) {
  static const std::set<std::string_view> reserved = {"prefix", "suffix", "equals-ignore-case", "wildcard", "numeric",
                                                      "cidr",   "exists", "anything-but"};
  return reserved.contains(name);
}

// "$or" is the operator only with two or more objects none of whose keys is an operator's name; else a key like any
// other.
bool is_or(std::string_view name, const json::value& value) {
  const auto* array = value.if_array();
  if (name != "$or" || !array || array->size() < 2) return false;
  return std::all_of(array->begin(), array->end(), [](const json::value& one) {
    const auto* object = one.if_object();
    return object && !object->empty() &&
           std::none_of(object->begin(), object->end(), [](const auto& member) { return is_reserved(member.key()); });
  });
}

Outcome<std::shared_ptr<const Node>> parse_node(const json::object& object, FilterScope scope, std::size_t depth,
                                                Size& size) {
  auto node = std::make_shared<Node>();
  for (const auto& member : object) {
    const std::string_view name = member.key();
    const json::value& value = member.value();
    if (is_or(name, value)) {
      std::vector<std::shared_ptr<const Node>> alternatives;
      std::size_t combinations = 0;
      for (const auto& one : value.get_array()) {
        Size own{.keys = size.keys};
        auto alternative = parse_node(one.get_object(), scope, depth, own);
        if (!alternative) return refuse(alternative.error());
        size.keys = own.keys;
        combinations += own.combinations;
        alternatives.push_back(std::move(*alternative));
      }
      size.combinations *= combinations;
      node->alternatives.push_back(std::move(alternatives));
      continue;
    }
    if (const auto* nested = value.if_object()) {
      if (scope == FilterScope::attributes) {
        return refuse(
            bad(fmt::format("Filter policy scope MessageAttributes does not support nested filter policy: {}", name)));
      }
      if (nested->empty()) return refuse(bad(fmt::format("Empty objects are not allowed: {}", name)));
      auto child = parse_node(*nested, scope, depth + 1, size);
      if (!child) return refuse(child.error());
      node->keys.push_back({std::string(name), {}, std::move(*child)});
      continue;
    }
    const auto* array = value.if_array();
    if (!array) return refuse(bad(fmt::format("\"{}\" must be an object or an array", name)));
    if (array->empty()) return refuse(bad("Empty arrays are not allowed"));
    Node::Key key{std::string(name), {}, nullptr};
    for (const auto& one : *array) {
      auto condition = parse_condition(one);
      if (!condition) return refuse(condition.error());
      key.conditions.push_back(std::move(*condition));
    }
    ++size.keys;
    // A nested key's values count once per level, as the documentation's examples compute it.
    size.combinations *= array->size() * depth;
    node->keys.push_back(std::move(key));
  }
  return node;
}

// Whether a leaf's value, or one of an array's, satisfies one of the conditions. Null: the key is not there.
bool leaf_holds(const std::vector<Condition>& conditions, const json::value* value) {
  for (const Condition& condition : conditions) {
    if (condition.kind == Condition::Kind::exists) {
      const bool exists = value != nullptr && !value->is_object();
      if (exists == condition.wants_existing) return true;
      continue;
    }
    if (!value) continue;
    if (const auto* array = value->if_array()) {
      for (const auto& one : *array) {
        if (leaf_holds({condition}, &one)) return true;
      }
    } else if (!value->is_object() && holds(condition, *value)) {
      return true;
    }
  }
  return false;
}

bool node_holds(const Node& node, const json::value* value);

// Keys of one object; an array of objects is satisfied by any one of them.
bool object_holds(const Node& node, const json::object* object) {
  for (const Node::Key& key : node.keys) {
    const json::value* member = object ? object->if_contains(key.name) : nullptr;
    const bool holds = key.nested ? node_holds(*key.nested, member) : leaf_holds(key.conditions, member);
    if (!holds) return false;
  }
  for (const auto& alternatives : node.alternatives) {
    const bool one_holds = std::any_of(alternatives.begin(), alternatives.end(),
                                       [&](const auto& alternative) { return object_holds(*alternative, object); });
    if (!one_holds) return false;
  }
  return true;
}

bool node_holds(const Node& node, const json::value* value) {
  if (value && value->is_array()) {
    const auto& array = value->get_array();
    return std::any_of(array.begin(), array.end(), [&](const json::value& one) { return node_holds(node, &one); });
  }
  return object_holds(node, value ? value->if_object() : nullptr);
}

// Message attributes as the object that the policy's keys are looked up in. Binary ones are ignored.
json::object to_object(const MessageAttributes& attributes) {
  json::object object;
  for (const auto& [name, attribute] : attributes) {
    if (attribute.data_type == "String.Array") {
      auto array = parse_json(attribute.value);
      object[name] = array && array->is_array() ? *array : json::value(attribute.value);
    } else if (attribute.data_type.starts_with("Number")) {
      double number = 0;
      const auto& text = attribute.value;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      object[name] = error == std::errc() && end == text.data() + text.size() ? json::value(number) : json::value(text);
    } else if (!attribute.data_type.starts_with("Binary")) {
      object[name] = attribute.value;
    }
  }
  return object;
}

}  // namespace

Outcome<FilterPolicy> FilterPolicy::parse(std::string_view text, FilterScope scope) {
  if (text.size() > kLargest) return refuse(bad("Filter policy is larger than 256 KB"));
  auto object = parse_json_object(text);
  if (!object) return refuse(bad("failed to parse JSON. " + object.error().message));
  Size size;
  auto root = parse_node(*object, scope, 1, size);
  if (!root) return refuse(root.error());
  if (size.keys > kMostKeys) return refuse(bad(fmt::format("Filter policy can not have more than {} keys", kMostKeys)));
  if (size.combinations > kMostCombinations) return refuse(bad("Filter policy is too complex"));
  FilterPolicy policy;
  policy.root_ = std::move(*root);
  policy.scope_ = scope;
  return policy;
}

bool FilterPolicy::matches(const MessageAttributes& attributes, std::string_view body) const {
  if (scope_ == FilterScope::attributes) {
    const json::object object = to_object(attributes);
    return object_holds(*root_, &object);
  }
  auto object = parse_json_object(body);
  return object && object_holds(*root_, &*object);
}

}  // namespace ads::cloud::sns
