#include "cloud/iam/input.h"

#include <charconv>

#include "cloud/iam/errors.h"

namespace ads::cloud::iam {
namespace {

std::string wire_member(std::string_view member) {
  std::string out(member);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 32);
  return out;
}

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("_+=,.@-").find(c) != std::string_view::npos;
}

}  // namespace

Outcome<std::string> required(const json::object& input, std::string_view member) {
  const auto value = get_string(input, member);
  if (!value || value->empty()) {
    return refuse(
        validation(fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: "
                               "Member must not be null",
                               wire_member(member))));
  }
  return std::string(*value);
}

std::string optional_text(const json::object& input, std::string_view member) {
  return std::string(get_string(input, member).value_or(""));
}

Outcome<void> check_name(std::string_view member, std::string_view name, std::size_t longest) {
  if (name.size() > longest) {
    return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: "
                               "Member must have length less than or equal to {}",
                               name, wire_member(member), longest)));
  }
  if (name.empty() || !std::ranges::all_of(name, is_name_character)) {
    return refuse(
        validation(fmt::format("The specified value for {} is invalid. It must contain only alphanumeric "
                               "characters and/or the following: +=,.@_-",
                               wire_member(member))));
  }
  return {};
}

Outcome<std::string> required_name(const json::object& input, std::string_view member, std::size_t longest) {
  auto name = required(input, member);
  if (!name) return name;
  if (auto checked = check_name(member, *name, longest); !checked) return refuse(checked.error());
  return name;
}

Outcome<void> check_path(std::string_view path) {
  const bool printable = std::ranges::all_of(path, [](char c) { return c >= 0x21 && c <= 0x7e; });
  if (path.empty() || path.size() > 512 || !path.starts_with('/') || !path.ends_with('/') || !printable) {
    return refuse(validation(
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric "
        "characters and/or / characters."));
  }
  return {};
}

Outcome<std::string> optional_path(const json::object& input) {
  auto path = optional_text(input, "Path");
  if (path.empty()) return std::string("/");
  if (auto checked = check_path(path); !checked) return refuse(checked.error());
  return path;
}

Outcome<int> optional_integer(const json::object& input, std::string_view member, int fallback, int least, int most) {
  const auto* given = input.if_contains(member);
  if (given == nullptr || given->is_null() || *given == "") return fallback;
  const std::string number = given->is_string() ? std::string(given->as_string()) : json::serialize(*given);
  const auto* text = &number;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) {
    return refuse(400, "MalformedInput", fmt::format("{} must be a whole number, not '{}'.", member, *text));
  }
  if (value < least || value > most) {
    return refuse(validation(fmt::format(
        "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member must have value {} {}",
        value, wire_member(member), value < least ? "greater than or equal to" : "less than or equal to",
        value < least ? least : most)));
  }
  return value;
}

Outcome<std::map<std::string, std::string>> read_tags(const json::object& input, std::string_view member) {
  std::map<std::string, std::string> out;
  const auto* tags = get_array(input, member);
  if (tags == nullptr) return out;
  if (tags->size() > 50) return refuse(limit_exceeded("Cannot exceed quota for TagsPerResource: 50"));
  for (const auto& entry : *tags) {
    const auto* tag = entry.if_object();
    const auto name = tag != nullptr ? get_string(*tag, "Key") : std::nullopt;
    const auto value = tag != nullptr ? get_string(*tag, "Value") : std::nullopt;
    if (!name || name->empty() || name->size() > 128 || (value && value->size() > 256)) {
      return refuse(validation("A tag needs a Key of 1 to 128 characters and a Value of up to 256."));
    }
    if (!out.emplace(*name, value.value_or("")).second) {
      return refuse(invalid_input("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
    }
  }
  return out;
}

json::array write_tags(const std::map<std::string, std::string>& tags) {
  json::array out;
  for (const auto& [name, value] : tags) out.push_back(json::object{{"Key", name}, {"Value", value}});
  return out;
}

}  // namespace ads::cloud::iam
