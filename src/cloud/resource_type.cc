#include "cloud/resource_type.h"

#include "base/digest.h"
#include "cloud/store.h"

namespace ads::cloud {
namespace {

std::unexpected<WireError> invalid(std::string message) {
  return refuse(400, "ValidationError", std::move(message));
}

std::string_view kind_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "a list";
    case json::kind::object:
      return "an object";
  }
  return "something else";
}

bool is_number_text(std::string_view text) {
  const auto parsed = parse_json(text);
  return parsed && parsed->is_number();
}

Outcome<void> check_value(std::string_view type, const json::value& shape, const json::value& value,
                          const std::string& path);

Outcome<void> check_members(std::string_view type, const json::object& shape, const json::object& members,
                            const std::string& path) {
  const auto* free = shape.if_contains("*");
  for (const auto& [name, value] : members) {
    const auto* member = shape.if_contains(name);
    if (member == nullptr) member = shape.if_contains(std::string(name) + "!");
    if (member == nullptr) member = free;
    if (member == nullptr) {
      return invalid(fmt::format("{}: {}/{}: unsupported property", type, path, std::string_view(name)));
    }
    auto checked = check_value(type, *member, value, fmt::format("{}/{}", path, std::string_view(name)));
    if (!checked) return checked;
  }
  for (const auto& [name, _] : shape) {
    std::string_view required = name;
    if (!required.ends_with('!')) continue;
    required.remove_suffix(1);
    if (!members.contains(required)) {
      return invalid(fmt::format("{}: {}/{}: required property is missing", type, path, required));
    }
  }
  return {};
}

Outcome<void> check_value(std::string_view type, const json::value& shape, const json::value& value,
                          const std::string& path) {
  if (value.is_null()) return {};  // not known yet: templates have no nulls, a look ahead has
  const auto mismatch = [&](std::string_view wanted) {
    return invalid(fmt::format("{}: {}: must be {}, not {}", type, path, wanted, kind_name(value)));
  };
  // What depends on a resource that is still to be made is null while a change set is planned; templates have no nulls.
  if (value.is_null()) return {};
  if (const auto* members = shape.if_object()) {
    const auto* object = value.if_object();
    if (object == nullptr) return mismatch("an object");
    return check_members(type, *members, *object, path);
  }
  if (const auto* element = shape.if_array()) {
    const auto* array = value.if_array();
    if (array == nullptr) return mismatch("a list");
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (element->empty()) break;
      auto checked = check_value(type, element->front(), (*array)[i], fmt::format("{}/{}", path, i));
      if (!checked) return checked;
    }
    return {};
  }
  const std::string_view leaf = shape.is_string() ? std::string_view(shape.as_string()) : "json";
  const bool scalar = value.is_string() || value.is_number() || value.is_bool();
  if (leaf == "string" && !scalar) return mismatch("a string");
  if (leaf == "number" && !(value.is_number() || (value.is_string() && is_number_text(value.as_string())))) {
    return mismatch("a number");
  }
  if (leaf == "boolean" && !(value.is_bool() || value == "true" || value == "false")) {
    return mismatch("true or false");
  }
  return {};
}

}  // namespace

std::string generated_name(const ResourceContext& context, std::size_t longest) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  constexpr std::size_t kSuffix = 12;
  std::string suffix;
  const auto digest = sha256(fmt::format("{}\n{}\n{}", context.stack_id, context.logical_id, context.client_token));
  for (std::size_t i = 0; i < kSuffix; ++i) {
    suffix += kLetters[static_cast<unsigned char>(digest[i]) % kLetters.size()];
  }
  // AWS keeps both names readable: what is too long is cut from the stack's name first, then from the logical one.
  if (longest <= kSuffix) return suffix.substr(0, longest);
  std::size_t room = longest - kSuffix - 1;
  std::string logical = context.logical_id, stack = context.stack_name;
  if (logical.size() + stack.size() + 1 > room) {
    const std::size_t half = room / 2;
    stack.resize(std::min(stack.size(), std::max(half, room > logical.size() + 1 ? room - logical.size() - 1 : 0)));
    logical.resize(std::min(logical.size(), room > stack.size() + 1 ? room - stack.size() - 1 : 0));
  }
  return fmt::format("{}-{}-{}", stack, logical, suffix);
}

std::string creation_mark(const ResourceContext& context) {
  std::string key;
  for (const std::string_view field :
       {std::string_view("cloudformation"), std::string_view("creating"), std::string_view(context.client_token)}) {
    append_text(key, field);
  }
  return key;
}

bool Creation::was_begun() const {
  return store_.get(creation_mark(context_)).has_value();
}

Outcome<void> Creation::begin() {
  Batch batch;
  batch.put(creation_mark(context_), context_.logical_id);
  if (auto applied = store_.apply(std::move(batch)); !applied) return refuse(internal_failure(applied.error()));
  return {};
}

Outcome<void> check_properties(std::string_view type, const PropertySchema& schema, const json::object& properties) {
  return check_members(type, schema, properties, "Properties");
}

}  // namespace ads::cloud
