#include "cli/given_parameters.h"

#include <fmt/core.h>

#include "base/json.h"

namespace ads::cli {
namespace {

std::unexpected<Error> bad(std::string message) {
  return fail(ErrorKind::invalid, "BadParameter", std::move(message));
}

std::optional<std::string> scalar(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_number() || value.is_bool()) return json::serialize(value);
  return std::nullopt;
}

Result<ParameterMap> from_object(const json::object& object, std::string_view name) {
  if (const auto* nested = get_object(object, "Parameters")) return from_object(*nested, name);
  ParameterMap out;
  for (const auto& member : object) {
    auto value = scalar(member.value());
    if (!value)
      return bad(fmt::format("{}: the value of '{}' must be text, a number or true or false", name,
                             std::string_view(member.key())));
    out[std::string(member.key())] = *value;
  }
  return out;
}

Result<ParameterMap> from_array(const json::array& array, std::string_view name) {
  ParameterMap out;
  std::vector<std::string> pairs;
  for (const auto& element : array) {
    if (element.is_string()) {
      pairs.emplace_back(element.as_string());
      continue;
    }
    const auto* object = element.if_object();
    auto key = object ? get_string(*object, "ParameterKey") : std::nullopt;
    const auto* value = object ? object->if_contains("ParameterValue") : nullptr;
    auto text = value ? scalar(*value) : std::nullopt;
    if (!key || !text)
      return bad(
          fmt::format("{}: each element must be \"Name=Value\" or {{\"ParameterKey\": ..., "
                      "\"ParameterValue\": ...}}; this one is {}",
                      name, json::serialize(element)));
    out[std::string(*key)] = *text;
  }
  auto given = parse_pairs(pairs);
  if (!given) return bad(fmt::format("{}: {}", name, given.error().message));
  out.merge(*given);
  return out;
}

}  // namespace

Result<ParameterMap> parse_pairs(const std::vector<std::string>& pairs) {
  ParameterMap out;
  for (const auto& pair : pairs) {
    auto equals = pair.find('=');
    if (equals == 0 || equals == pair.npos) return bad(fmt::format("'{}' is not of the form Name=Value", pair));
    auto [entry, is_new] = out.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    if (!is_new && entry->second != pair.substr(equals + 1))
      return bad(fmt::format("parameter {} is given twice: '{}' and '{}'", entry->first, entry->second,
                             pair.substr(equals + 1)));
  }
  return out;
}

Result<ParameterMap> parse_parameters_file(std::string_view text, std::string_view name) {
  auto start = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == text.npos) return ParameterMap{};
  if (text[start] == '{' || text[start] == '[') {
    auto value = parse_json(text.substr(start));
    if (!value) return bad(fmt::format("{}: {}", name, value.error().message));
    if (const auto* object = value->if_object()) return from_object(*object, name);
    return from_array(value->as_array(), name);
  }
  std::vector<std::string> pairs;
  for (std::size_t at = start; at < text.size();) {
    auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    at = end + 1;
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.empty() && line.front() != '#') pairs.emplace_back(line);
  }
  auto given = parse_pairs(pairs);
  if (!given) return bad(fmt::format("{}: {}", name, given.error().message));
  return given;
}

}  // namespace ads::cli
