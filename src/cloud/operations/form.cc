#include "cloud/operations/form.h"

#include <charconv>

#include "base/encoding.h"

namespace ads::cloud::operations {
namespace {

constexpr std::size_t kMostMembers = 10'000;
constexpr std::size_t kDeepest = 16;

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

json::value read(json::value value, const Shape& shape);

// The numbered parts below a name, in their numbers' order.
std::map<std::size_t, json::value> numbered(json::value& tree) {
  std::map<std::size_t, json::value> out;
  if (auto* parts = tree.if_object()) {
    for (auto& [name, part] : *parts) {
      if (const auto index = number_of<std::size_t>(name)) out.emplace(*index, std::move(part));
    }
  }
  return out;
}

// What stands below "member" or "entry", or below the name itself where the shape is flat. Clients differ: both are
// taken.
json::value& unwrap(json::value& tree, std::string_view name) {
  auto* parts = tree.if_object();
  auto* wrapped = parts != nullptr && parts->size() == 1 ? parts->if_contains(name) : nullptr;
  return wrapped != nullptr ? *wrapped : tree;
}

json::value read_list(json::value tree, const Shape& shape) {
  json::array out;
  for (auto& [index, part] : numbered(unwrap(tree, shape.is_flat ? "member" : shape.element_name)))
    out.push_back(read(std::move(part), *shape.element));
  return out;
}

json::value read_map(json::value tree, const Shape& shape) {
  json::object out;
  for (auto& [index, part] : numbered(unwrap(tree, "entry"))) {
    auto* entry = part.if_object();
    const auto key = entry ? get_string(*entry, shape.key_name) : std::nullopt;
    auto* value = entry ? entry->if_contains(shape.element_name) : nullptr;
    if (key && value) out[*key] = read(std::move(*value), *shape.element);
  }
  return out;
}

json::value read(json::value value, const Shape& shape) {
  switch (shape.type) {
    case Type::list:
      return read_list(std::move(value), shape);
    case Type::map:
      return read_map(std::move(value), shape);
    case Type::structure:
      // "Target=" is a structure without members.
      return value.is_object() ? read_form(std::move(value.get_object()), shape) : json::object{};
    default:
      return value.is_string() ? read_text(value.get_string(), shape.type) : value;
  }
}

}  // namespace

json::value read_text(std::string_view text, Type type) {
  if (type == Type::integer) {
    if (const auto whole = number_of<std::int64_t>(text)) return *whole;
  } else if (type == Type::floating) {
    if (const auto number = number_of<double>(text)) return *number;
  } else if (type == Type::boolean) {
    if (text == "true" || text == "True") return true;
    if (text == "false" || text == "False") return false;
  }
  return json::value(text);
}

Outcome<FormTree> parse_form(std::string_view form) {
  const auto malformed = [](std::string_view why) {
    return refuse(400, "MalformedInput", "The request form is malformed: " + std::string(why));
  };
  FormTree root;
  std::size_t members = 0;
  while (!form.empty()) {
    const auto end = form.find('&');
    const auto pair = form.substr(0, end);
    form = end == form.npos ? std::string_view{} : form.substr(end + 1);
    if (pair.empty()) continue;
    if (++members > kMostMembers) return malformed("too many members");
    const auto equals = pair.find('=');
    const auto name = form_decode(pair.substr(0, equals));
    json::object* at = &root;
    std::string_view path = name;
    for (std::size_t depth = 0;; ++depth) {
      if (depth > kDeepest) return malformed("nested too deeply");
      const auto dot = path.find('.');
      if (dot == path.npos) break;
      json::value& next = (*at)[path.substr(0, dot)];
      if (!next.is_object()) next.emplace_object();
      at = &next.get_object();
      path.remove_prefix(dot + 1);
    }
    (*at)[path] = equals == pair.npos ? std::string() : form_decode(pair.substr(equals + 1));
  }
  return root;
}

json::object read_form(FormTree tree, const Shape& structure) {
  json::object out;
  for (const auto& member : structure.members) {
    if (auto* value = tree.if_contains(member.wire_name)) out[member.name] = read(std::move(*value), *member.shape);
  }
  return out;
}

}  // namespace ads::cloud::operations
