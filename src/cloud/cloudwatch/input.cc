#include "cloud/cloudwatch/input.h"

#include <charconv>

#include "cloud/cloudwatch/errors.h"

namespace ads::cloud::cloudwatch {

std::optional<double> number(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  if (!value.is_string()) return std::nullopt;
  const std::string_view given = value.as_string();
  double out = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), out);
  if (error != std::errc{} || end != given.data() + given.size()) return std::nullopt;
  return out;
}

Outcome<std::optional<double>> number(const json::object& input, std::string_view member) {
  const auto* value = input.if_contains(member);
  if (value == nullptr || value->is_null() || *value == "") return std::optional<double>{};
  auto out = number(*value);
  if (!out) return refuse(invalid_value(fmt::format("The value of the parameter {} must be a number.", member)));
  return out;
}

Outcome<std::optional<bool>> boolean(const json::object& input, std::string_view member) {
  const auto* value = input.if_contains(member);
  if (value == nullptr || value->is_null() || *value == "") return std::optional<bool>{};
  if (value->is_bool()) return std::optional<bool>(value->as_bool());
  if (*value == "true") return std::optional<bool>(true);
  if (*value == "false") return std::optional<bool>(false);
  return refuse(invalid_value(fmt::format("The value of the parameter {} must be true or false.", member)));
}

Outcome<std::optional<SystemTime>> time(const json::object& input, std::string_view member) {
  const auto* value = input.if_contains(member);
  if (value == nullptr || value->is_null() || *value == "") return std::optional<SystemTime>{};
  if (auto parsed = parse_iso8601(text(input, member))) return std::optional(*parsed);
  // What is far outside any calendar has no count of milliseconds either.
  if (auto seconds = number(*value); seconds && *seconds > -1e11 && *seconds < 1e11) {
    return std::optional(SystemTime(std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000))));
  }
  return refuse(invalid_value(fmt::format("The value of the parameter {} must be a time.", member)));
}

std::vector<json::object> objects(const json::object& input, std::string_view member) {
  std::vector<json::object> out;
  if (const auto* array = get_array(input, member)) {
    for (const auto& entry : *array) {
      if (entry.is_object()) out.push_back(entry.as_object());
    }
  }
  return out;
}

Outcome<Dimensions> dimensions(const json::object& input) {
  Dimensions out;
  for (const auto& entry : objects(input, "Dimensions")) {
    const auto name = text(entry, "Name");
    if (name.empty() || name.size() > 255) {
      return refuse(invalid_value("The name of a dimension must have 1 to 255 characters."));
    }
    out[name] = text(entry, "Value");
  }
  if (out.size() > 30) return refuse(invalid_value("A metric can have up to 30 dimensions."));
  return out;
}

json::array write_dimensions(const Dimensions& dimensions) {
  json::array out;
  for (const auto& [name, value] : dimensions) out.push_back(json::object{{"Name", name}, {"Value", value}});
  return out;
}

bool is_unit(std::string_view unit) {
  static const std::set<std::string_view> kPlain = {
      "Seconds", "Microseconds", "Milliseconds", "Bytes",    "Kilobytes", "Megabytes", "Gigabytes", "Terabytes",
      "Bits",    "Kilobits",     "Megabits",     "Gigabits", "Terabits",  "Percent",   "Count",     "None"};
  if (kPlain.contains(unit)) return true;
  if (!unit.ends_with("/Second")) return false;
  unit.remove_suffix(7);
  return unit == "Count" || unit.starts_with("Byte") ||
         ((unit.ends_with("bytes") || unit.ends_with("bits") || unit == "Bits") && kPlain.contains(unit));
}

}  // namespace ads::cloud::cloudwatch
