#include "cloud/cloudformation/parameters.h"

#include <boost/regex.hpp>
#include <charconv>

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

constexpr std::string_view kStoredType = "AWS::SSM::Parameter::Value<", kStoredName = "AWS::SSM::Parameter::Name";

bool is_list(const Parameter& parameter) {
  return parameter.type == "CommaDelimitedList" || parameter.type.starts_with("List<");
}
bool is_stored_list(const Parameter& parameter) {
  return parameter.type == "AWS::SSM::Parameter::Value<List<String>>" ||
         parameter.type == "AWS::SSM::Parameter::Value<CommaDelimitedList>";
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
    return fmt::format("Parameter '{}' must be one of AllowedValues", p.name);
  }
  if (p.shortest && value.size() < *p.shortest) {
    return fmt::format("Parameter '{}' must contain at least {} characters", p.name, *p.shortest);
  }
  if (p.longest && value.size() > *p.longest) {
    return fmt::format("Parameter '{}' must contain at most {} characters", p.name, *p.longest);
  }
  if (!p.allowed_pattern.empty()) {
    try {  // AWS's patterns are Java's, to which Perl's are near; a search that explodes ends in an exception
      if (!boost::regex_match(value, boost::regex(p.allowed_pattern, boost::regex::perl))) {
        return fmt::format("Parameter '{}' must match pattern {}", p.name, p.allowed_pattern);
      }
    } catch (const boost::regex_error&) {
      return fmt::format("Parameter '{}': AllowedPattern {} is not a regular expression.", p.name, p.allowed_pattern);
    } catch (const std::runtime_error&) {
      return fmt::format("Parameter '{}': AllowedPattern {} takes too long to match.", p.name, p.allowed_pattern);
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
    return refuse(validation(fmt::format("Parameter {} failed to satisfy constraint: {}", parameter.name,
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

Outcome<ParameterValues> look_up_values(const Template& parsed, const ParameterValues& values,
                                        const FindParameter& find) {
  ParameterValues out;
  std::vector<std::string> missing;
  for (const auto& parameter : parsed.parameters) {
    const bool has_value = parameter.type.starts_with(kStoredType);
    const auto name = values.find(parameter.name);
    if ((!has_value && parameter.type != kStoredName) || name == values.end()) continue;
    auto found = find(name->second);
    if (!found && found.error().status == 501) return refuse(found.error());
    if (!found) {
      missing.push_back(name->second);
    } else if (has_value) {
      out[parameter.name] = *std::move(found);
    }
  }
  if (!missing.empty()) {
    return refuse(validation(
        fmt::format("Unable to fetch parameters [{}] from parameter store for this account.", joined(missing))));
  }
  return out;
}

json::value referenced_value(const Parameter& parameter, std::string_view value) {
  if (!is_list(parameter) && !is_stored_list(parameter)) return json::string(value);
  json::array out;
  for (const auto& part : split_list(value)) out.emplace_back(part);
  return out;
}

}  // namespace ads::cloud::cloudformation
