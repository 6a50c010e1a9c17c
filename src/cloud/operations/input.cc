#include "cloud/operations/input.h"

namespace ads::cloud::operations {

std::string text(const json::object& input, std::string_view member) {
  return std::string(get_string(input, member).value_or(""));
}

std::vector<std::string> texts(const json::object& input, std::string_view member) {
  std::vector<std::string> out;
  for (const auto& value : list(input, member))
    if (value.is_string()) out.emplace_back(value.get_string());
  return out;
}

bool flag(const json::object& input, std::string_view member) {
  return get_bool(input, member).value_or(false);
}

std::int64_t whole(const json::object& input, std::string_view member, std::int64_t fallback) {
  return get_integer(input, member).value_or(fallback);
}

const json::array& list(const json::object& input, std::string_view member) {
  static const json::array kNone;
  const auto* array = get_array(input, member);
  return array != nullptr ? *array : kNone;
}

TextMap tags(const json::object& input, std::string_view member) {
  TextMap out;
  for (const auto& tag : list(input, member))
    if (const auto* entry = tag.if_object()) out[text(*entry, "Key")] = text(*entry, "Value");
  return out;
}

}  // namespace ads::cloud::operations
