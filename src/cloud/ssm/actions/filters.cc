// ParameterFilters: {"Key": "Name", "Option": "BeginsWith", "Values": ["/app"]}; all of them must hold.
#include "cloud/ssm/actions.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {
namespace {

bool any(const std::vector<std::string>& values, const std::function<bool(const std::string&)>& holds) {
  return std::ranges::any_of(values, holds);
}

bool is_below(std::string_view name, std::string path, std::string_view option) {
  if (!path.ends_with('/')) path += '/';
  if (!name.starts_with(path)) return false;
  return option == "Recursive" || name.find('/', path.size()) == name.npos;
}

Outcome<Filter> one_filter(const json::object& given) {
  const auto key = text(given, "Key");
  auto option = text(given, "Option");
  const auto values = texts(given, "Values");
  const auto bad_option = [&] {
    return refuse(400, "InvalidFilterOption",
                  fmt::format("The filter option {} is not valid for the key {}.", option, key));
  };
  if (values.empty() && !key.starts_with("tag:"))
    return refuse(400, "InvalidFilterValue", fmt::format("The filter {} needs Values.", key));
  if (key == "Path") {
    if (option.empty()) option = "OneLevel";
    if (option != "OneLevel" && option != "Recursive") return bad_option();
    return Filter([=](const Parameter& parameter) {
      return any(values, [&](const auto& value) { return is_below(parameter.name, value, option); });
    });
  }
  if (option.empty()) option = "Equals";
  const bool is_name = key == "Name";
  if (option != "Equals" && option != "BeginsWith" && !(is_name && option == "Contains")) return bad_option();
  const auto holds = [=](const std::string& actual) {
    return any(values, [&](const auto& value) {
      if (option == "Contains") return actual.find(value) != std::string::npos;
      return option == "BeginsWith" ? actual.starts_with(value) : actual == value;
    });
  };
  if (is_name) {
    // "app" means the parameter "app" as it does "/app".
    return Filter([=](const Parameter& parameter) {
      return holds(parameter.name) || (parameter.name.starts_with('/') && holds(parameter.name.substr(1)));
    });
  }
  if (key == "Type") return Filter([=](const Parameter& parameter) { return holds(parameter.current.type); });
  if (key == "Tier") return Filter([=](const Parameter& parameter) { return holds(parameter.current.tier); });
  if (key == "DataType") return Filter([=](const Parameter& parameter) { return holds(parameter.current.data_type); });
  if (key == "KeyId") return Filter([=](const Parameter& parameter) { return holds(parameter.current.key_id); });
  if (key == "Label") {
    return Filter([=](const Parameter& parameter) { return std::ranges::any_of(parameter.current.labels, holds); });
  }
  if (key.starts_with("tag:")) {
    return Filter([=, name = key.substr(4)](const Parameter& parameter) {
      const auto found = parameter.tags.find(name);
      return found != parameter.tags.end() && (values.empty() || holds(found->second));
    });
  }
  return refuse(400, "InvalidFilterKey", fmt::format("The filter key {} is not known.", key));
}

}  // namespace

Outcome<Filter> filter_of(const json::object& input) {
  std::vector<Filter> filters;
  for (const auto& entry : list(input, "ParameterFilters")) {
    auto filter = one_filter(entry.as_object());
    if (!filter) return refuse(filter.error());
    filters.push_back(*std::move(filter));
  }
  // The older form: names begin with its values, the rest equals them.
  for (const auto& entry : list(input, "Filters")) {
    auto old = entry.as_object();
    if (text(old, "Key") == "Name") old["Option"] = "BeginsWith";
    auto filter = one_filter(old);
    if (!filter) return refuse(filter.error());
    filters.push_back(*std::move(filter));
  }
  return Filter([filters = std::move(filters)](const Parameter& parameter) {
    return std::ranges::all_of(filters, [&](const auto& filter) { return filter(parameter); });
  });
}

}  // namespace ads::cloud::ssm
