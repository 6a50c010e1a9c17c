#include "cloud/cloudformation/parameters.h"

#include <charconv>
#include <regex>

#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::size_t kLongestValue = 4096;

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  if (text.empty()) return out;
  while (true) {
    const auto comma = text.find(',');
    auto part = text.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    out.emplace_back(part);
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

bool is_list(const Parameter& parameter) {
  return parameter.type == "CommaDelimitedList" || parameter.type.starts_with("List<");
}

std::optional<double> as_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string plain(double number) {
  return number == static_cast<double>(static_cast<long long>(number))
             ? fmt::format("{}", static_cast<long long>(number))
             : fmt::format("{}", number);
}

// The sentence that says what is wrong with one value; empty where nothing is.
std::string fault(const Parameter& p, const std::string& value) {
  if (p.type == "Number" || p.type == "List<Number>") {
    const auto number = as_number(value);
    if (!number) return fmt::format("Parameter '{}' must be a number.", p.name);
    if (p.least && *number < *p.least)
      return fmt::format("Parameter '{}' must be a number not less than {}", p.name, plain(*p.least));
    if (p.most && *number > *p.most)
      return fmt::format("Parameter '{}' must be a number not greater than {}", p.name, plain(*p.most));
  }
  if (!p.allowed_values.empty() && std::ranges::find(p.allowed_values, value) == p.allowed_values.end()) {
    std::string values;
    for (const auto& allowed : p.allowed_values) values += (values.empty() ? "" : ", ") + allowed;
    return fmt::format("Parameter '{}' must be one of AllowedValues: [{}]", p.name, values);
  }
  if (p.shortest && value.size() < *p.shortest) {
    return fmt::format("Parameter '{}' must contain at least {} characters", p.name, *p.shortest);
  }
  if (p.longest && value.size() > *p.longest) {
    return fmt::format("Parameter '{}' must contain at most {} characters", p.name, *p.longest);
  }
  if (!p.allowed_pattern.empty()) {
    try {
      if (!std::regex_match(value, std::regex(p.allowed_pattern))) {
        return fmt::format("Parameter '{}' must match pattern {}", p.name, p.allowed_pattern);
      }
    } catch (const std::regex_error&) {
      return fmt::format("Parameter '{}': AllowedPattern {} is not a regular expression.", p.name, p.allowed_pattern);
    }
  }
  return {};
}

Outcome<void> check_value(const Parameter& parameter, const std::string& value) {
  if (value.size() > kLongestValue) {
    return refuse(
        validation(fmt::format("Parameter '{}' must contain at most {} characters", parameter.name, kLongestValue)));
  }
  const auto parts = is_list(parameter) ? split_list(value) : std::vector<std::string>{value};
  for (const auto& part : parts) {
    const auto sentence = fault(parameter, part);
    if (sentence.empty()) continue;
    if (parameter.constraint_description.empty() || sentence.ends_with("must be a number."))
      return refuse(validation(sentence));
    return refuse(validation(fmt::format("Parameter '{}' failed to satisfy constraint: {}", parameter.name,
                                         parameter.constraint_description)));
  }
  return {};
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

Outcome<ParameterValues> choose_values(const Template& parsed, const json::array& given,
                                       const ParameterValues& previous) {
  ParameterValues chosen;
  std::vector<std::string> unknown;
  for (const auto& entry : given) {
    const auto* object = entry.if_object();
    const auto name = object != nullptr ? get_string(*object, "ParameterKey") : std::nullopt;
    if (!name) return refuse(validation("Every Parameters member needs a ParameterKey."));
    if (parsed.parameter(*name) == nullptr) {
      unknown.emplace_back(*name);
      continue;
    }
    const auto value = get_string(*object, "ParameterValue");
    const bool keep = get_string(*object, "UsePreviousValue") == "true";
    if (keep && value) {
      return refuse(
          validation(fmt::format("Invalid input for parameter key {}. Cannot specify usePreviousValue as true "
                                 "and non empty value for a parameter",
                                 *name)));
    }
    if (keep) {
      const auto before = previous.find(*name);
      if (before == previous.end()) {
        return refuse(
            validation(fmt::format("Invalid input for parameter key {}. Cannot specify usePreviousValue as true for a "
                                   "parameter key not in the "
                                   "previous template",
                                   *name)));
      }
      chosen[std::string(*name)] = before->second;
    } else {
      chosen[std::string(*name)] = std::string(value.value_or(""));
    }
  }
  if (!unknown.empty())
    return refuse(validation(fmt::format("Parameters: [{}] do not exist in the template", joined(unknown))));
  std::vector<std::string> missing;
  for (const auto& parameter : parsed.parameters) {
    if (!chosen.contains(parameter.name)) {
      if (parameter.default_value) {
        chosen[parameter.name] = *parameter.default_value;
      } else {
        missing.push_back(parameter.name);
        continue;
      }
    }
    if (auto checked = check_value(parameter, chosen[parameter.name]); !checked) return refuse(checked.error());
  }
  if (!missing.empty()) return refuse(validation(fmt::format("Parameters: [{}] must have values", joined(missing))));
  return chosen;
}

json::value referenced_value(const Parameter& parameter, std::string_view value) {
  if (!is_list(parameter)) return json::string(value);
  json::array out;
  for (const auto& part : split_list(value)) out.emplace_back(part);
  return out;
}

}  // namespace ads::cloud::cloudformation
