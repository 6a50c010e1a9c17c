#include "cloud/cloudformation/resolver.h"

#include <charconv>

#include "base/encoding.h"
#include "cloud/cloudformation/cidr.h"
#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {
namespace {

std::unexpected<WireError> wrong(std::string_view message) {
  return refuse(format_error(message));
}

bool is_scalar(const json::value& value) {
  return value.is_string() || value.is_number() || value.is_bool();
}

// 250,000 references to a parameter of 4,096 characters fit into a template. AWS has limits for each property instead.
constexpr std::size_t kMostProduced = 16u << 20;
constexpr std::string_view kTooMuch = "the template's functions produce more than 16 MiB of text.";

std::size_t size_of(const json::value& value) {
  std::size_t size = value.is_string() ? value.as_string().size() : sizeof(json::value);
  if (const auto* array = value.if_array())
    for (const auto& element : *array) size += size_of(element);
  return size;
}

}  // namespace

bool Resolver::count(std::size_t bytes) const {
  return (produced_ += bytes) <= kMostProduced;
}

std::string as_text(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

Resolver::Resolver(const Template& parsed, const ParameterValues& values, PseudoParameters pseudo,
                   FindResource find_resource, FindExport find_export)
    : template_(parsed),
      values_(values),
      pseudo_(std::move(pseudo)),
      find_resource_(std::move(find_resource)),
      find_export_(std::move(find_export)) {}

Resolver::Resolver(const Resolver& other, const ParameterValues& values)
    : template_(other.template_),
      values_(values),
      pseudo_(other.pseudo_),
      find_resource_(other.find_resource_),
      find_export_(other.find_export_),
      conditions_(other.conditions_) {}

bool Resolver::holds(std::string_view condition) const {
  const auto found = conditions_.find(condition);
  return condition.empty() || (found != conditions_.end() && found->second);
}

Outcome<json::object> Resolver::resolve_object(const json::object& object) const {
  json::object out;
  for (const auto& [name, value] : object) {
    auto resolved = resolve(value);
    if (!resolved) return refuse(resolved.error());
    if (*resolved) out.emplace(name, **std::move(resolved));
  }
  return out;
}

Resolver::Resolved Resolver::resolve(const json::value& value) const {
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& element : *array) {
      auto resolved = resolve(element);
      if (!resolved) return resolved;
      if (*resolved) out.push_back(**std::move(resolved));
    }
    return json::value(std::move(out));
  }
  const auto* object = value.if_object();
  if (object == nullptr) return value;
  if (object->size() == 1) {
    const std::string_view name = object->begin()->key();
    if (name == "Ref" || name.starts_with("Fn::")) {
      auto given = call(name, object->begin()->value());
      if (given && *given && !count(size_of(**given))) return wrong(kTooMuch);
      return given;
    }
  }
  for (const auto& [name, _] : *object) {
    if (std::string_view(name).starts_with("Fn::")) {
      return wrong(fmt::format("{} must be the only member of its object.", std::string_view(name)));
    }
  }
  auto resolved = resolve_object(*object);
  if (!resolved) return refuse(resolved.error());
  return json::value(*std::move(resolved));
}

Resolver::Resolved Resolver::call(std::string_view function, const json::value& argument) const {
  if (function == "Ref") {
    if (!argument.is_string()) return wrong("Ref requires a string.");
    return reference(argument.as_string());
  }
  if (function == "Fn::GetAtt") {
    if (argument.is_string()) {
      const std::string_view text = argument.as_string();
      const auto dot = text.find('.');
      if (dot != std::string_view::npos) return attribute(text.substr(0, dot), text.substr(dot + 1));
    }
    const auto* pair = argument.if_array();
    if (pair == nullptr || pair->size() < 2 || !pair->front().is_string()) {
      return wrong("Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute");
    }
    std::string name;
    for (std::size_t i = 1; i < pair->size(); ++i) {
      auto part = resolve((*pair)[i]);
      if (!part) return part;
      if (!*part || !is_scalar(**part)) return wrong("Fn::GetAtt: the attribute must be a string.");
      name += (i > 1 ? "." : "") + as_text(**part);
    }
    return attribute(pair->front().as_string(), name);
  }
  if (function == "Fn::Sub") return sub(argument);
  if (function == "Fn::Join") return join(argument);
  if (function == "Fn::Select") return select(argument);
  if (function == "Fn::Split") return split(argument);
  if (function == "Fn::If") return choose(argument);
  if (function == "Fn::FindInMap") return find_in_map(argument);
  if (function == "Fn::ImportValue") return import_value(argument);
  if (function == "Fn::Base64") {
    auto text = resolve(argument);
    if (!text || (*text && (*text)->is_null())) return text;
    if (!*text || !is_scalar(**text)) return wrong("Fn::Base64 requires a string.");
    return json::value(json::string(to_base64(as_text(**text))));
  }
  if (function == "Fn::GetAZs") {
    auto region = resolve(argument);
    if (!region || (*region && (*region)->is_null())) return region;
    if (!*region || !(*region)->is_string())
      return wrong("Fn::GetAZs requires the name of a region, or an empty string.");
    auto name = as_text(**region);
    if (name.empty()) name = pseudo_.region;
    json::array zones;
    for (const char letter : {'a', 'b', 'c'}) zones.emplace_back(name + letter);
    return json::value(std::move(zones));
  }
  if (function == "Fn::Cidr") {
    auto list = resolve_list(argument);
    if (!list) return refuse(list.error());
    if (list->is_null()) return std::optional<json::value>(nullptr);
    auto blocks = split_network(list->as_array());
    if (!blocks) return refuse(blocks.error());
    return json::value(*std::move(blocks));
  }
  if (function == "Fn::And" || function == "Fn::Or" || function == "Fn::Not" || function == "Fn::Equals") {
    return wrong(fmt::format("{} is allowed in the Conditions block only.", function));
  }
  return wrong(fmt::format("Unrecognized function {}.", function));
}

Resolver::Resolved Resolver::reference(std::string_view name) const {
  if (name == "AWS::NoValue") return std::optional<json::value>{};
  const auto text = [](std::string_view value) { return Resolved(json::value(json::string(value))); };
  if (name == "AWS::AccountId") return text(pseudo_.account);
  if (name == "AWS::Region") return text(pseudo_.region);
  if (name == "AWS::StackId") return text(pseudo_.stack_id);
  if (name == "AWS::StackName") return text(pseudo_.stack_name);
  if (name == "AWS::Partition") return text("aws");
  if (name == "AWS::URLSuffix") return text("amazonaws.com");
  if (name == "AWS::NotificationARNs") return json::value(json::array{});
  if (const auto* parameter = template_.parameter(name)) {
    const auto value = values_.find(name);
    return referenced_value(*parameter, value == values_.end() ? "" : std::string_view(value->second));
  }
  const auto* definition = template_.resource(name);
  if (definition == nullptr || !holds(definition->condition)) {
    return wrong(fmt::format("Unresolved resource dependencies [{}] in the Resources block of the template", name));
  }
  const auto* state = find_resource_(name);
  if (state == nullptr) return std::optional<json::value>(nullptr);
  return text(state->ref);
}

Resolver::Resolved Resolver::attribute(std::string_view logical_id, std::string_view name) const {
  const auto* definition = template_.resource(logical_id);
  if (definition == nullptr || !holds(definition->condition)) {
    return wrong(
        fmt::format("Unresolved resource dependencies [{}] in the Resources block of the template", logical_id));
  }
  const auto* state = find_resource_(logical_id);
  if (state == nullptr) return std::optional<json::value>(nullptr);
  const auto* found = state->attributes.if_contains(name);
  if (found == nullptr) {
    return refuse(validation(
        fmt::format("Template error: resource {} does not support attribute type {} in Fn::GetAtt", logical_id, name)));
  }
  return *found;
}

Resolver::Resolved Resolver::sub(const json::value& argument) const {
  const json::value* text = &argument;
  json::object own;
  if (const auto* pair = argument.if_array()) {
    if (pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_object()) {
      return wrong(
          "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first "
          "argument, and an optional second argument to specify a mapping of values to replace in the string");
    }
    text = &(*pair)[0];
    auto resolved = resolve_object((*pair)[1].as_object());
    if (!resolved) return refuse(resolved.error());
    own = *std::move(resolved);
  }
  if (!text->is_string()) return wrong("Fn::Sub requires a string.");
  std::string_view rest = text->as_string();
  std::string out;
  bool is_known = true;
  while (!rest.empty()) {
    const auto start = rest.find("${");
    const auto end = start == std::string_view::npos ? start : rest.find('}', start);
    if (end == std::string_view::npos) {
      out.append(rest);
      break;
    }
    out.append(rest.substr(0, start));
    auto name = rest.substr(start + 2, end - start - 2);
    rest.remove_prefix(end + 1);
    if (name.starts_with('!')) {
      out.append(fmt::format("${{{}}}", name.substr(1)));
      continue;
    }
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    Resolved value = std::optional<json::value>{};
    if (const auto* given = own.if_contains(name)) {
      value = *given;
    } else if (const auto dot = name.find('.'); dot != std::string_view::npos) {
      value = attribute(name.substr(0, dot), name.substr(dot + 1));
    } else {
      value = reference(name);
    }
    if (!value) return value;
    if (!*value) return wrong(fmt::format("Fn::Sub: {} has no value.", name));
    if ((*value)->is_null()) {
      is_known = false;
    } else if (!is_scalar(**value)) {
      return refuse(validation(
          fmt::format("Template error: variable {} in Fn::Sub expression does not resolve to a string", name)));
    } else {
      out.append(as_text(**value));
      if (produced_ + out.size() > kMostProduced) return wrong(kTooMuch);
    }
  }
  if (!is_known) return std::optional<json::value>(nullptr);
  return json::value(json::string(out));
}

Outcome<json::value> Resolver::resolve_list(const json::value& value) const {
  auto resolved = resolve(value);
  if (!resolved) return refuse(resolved.error());
  if (!*resolved) return wrong("a list is required, not AWS::NoValue.");
  if ((*resolved)->is_null()) return json::value(nullptr);
  if (!(*resolved)->is_array()) return wrong("a list is required.");
  for (const auto& element : (*resolved)->as_array()) {
    if (element.is_null()) return json::value(nullptr);
  }
  return **std::move(resolved);
}

Resolver::Resolved Resolver::join(const json::value& argument) const {
  const auto* pair = argument.if_array();
  if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string()) {
    return wrong(
        "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be "
        "joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.");
  }
  auto list = resolve_list((*pair)[1]);
  if (!list) return refuse(list.error());
  if (list->is_null()) return std::optional<json::value>(nullptr);
  std::string out;
  bool is_first = true;
  for (const auto& element : list->as_array()) {
    if (!is_scalar(element)) return wrong("every Fn::Join list must have strings only.");
    if (!std::exchange(is_first, false)) out.append((*pair)[0].as_string());
    out.append(as_text(element));
    if (produced_ + out.size() > kMostProduced) return wrong(kTooMuch);
  }
  return json::value(json::string(out));
}

Resolver::Resolved Resolver::select(const json::value& argument) const {
  const auto* pair = argument.if_array();
  if (pair == nullptr || pair->size() != 2)
    return wrong("every Fn::Select object requires two parameters, an index and a list.");
  auto index = resolve((*pair)[0]);
  if (!index) return index;
  auto list = resolve((*pair)[1]);
  if (!list) return list;
  if (!*index || !*list) return wrong("Fn::Select: AWS::NoValue is no index and no list.");
  if ((*index)->is_null() || (*list)->is_null()) return std::optional<json::value>(nullptr);
  const auto text = as_text(**index);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return wrong("Fn::Select: the index must be a number.");
  const auto* array = (*list)->if_array();
  if (array == nullptr) return wrong("Fn::Select requires a list.");
  if (number >= array->size()) {
    return refuse(
        validation(fmt::format("Template error: Fn::Select cannot select nonexistent value at index {}", number)));
  }
  return (*array)[number];
}

Resolver::Resolved Resolver::split(const json::value& argument) const {
  const auto* pair = argument.if_array();
  if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() || (*pair)[0].as_string().empty()) {
    return wrong(
        "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split.");
  }
  auto source = resolve((*pair)[1]);
  if (!source || (*source && (*source)->is_null())) return source;
  if (!*source || !is_scalar(**source)) return wrong("Fn::Split requires a string to split.");
  const auto text = as_text(**source);
  const std::string_view delimiter = (*pair)[0].as_string();
  json::array out;
  std::size_t start = 0;
  for (auto at = text.find(delimiter); at != std::string::npos; at = text.find(delimiter, start)) {
    out.emplace_back(text.substr(start, at - start));
    start = at + delimiter.size();
  }
  out.emplace_back(text.substr(start));
  return json::value(std::move(out));
}

Resolver::Resolved Resolver::find_in_map(const json::value& argument) const {
  const auto* parts = argument.if_array();
  if (parts == nullptr || parts->size() != 3) {
    return wrong(
        "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return "
        "value (a DefaultValue needs the transform AWS::LanguageExtensions, which the local cloud does not expand).");
  }
  const json::value* at = nullptr;
  const json::object* level = &template_.mappings;
  std::string path;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto* function = (*parts)[i].if_object();
    if (function != nullptr && !function->contains("Ref") && !function->contains("Fn::FindInMap")) {
      return wrong(
          "Fn::FindInMap takes strings, Ref and Fn::FindInMap only (other functions need the transform "
          "AWS::LanguageExtensions, which the local cloud does not expand).");
    }
    auto name = resolve((*parts)[i]);
    if (!name || (*name && (*name)->is_null())) return name;
    if (!*name || !is_scalar(**name)) return wrong("Fn::FindInMap requires strings.");
    const auto text = as_text(**name);
    path += (i > 0 ? "::" : "") + text;
    at = level != nullptr ? level->if_contains(text) : nullptr;
    if (at == nullptr && i == 0) {
      return refuse(validation(fmt::format(
          "Template error: Mapping named '{}' is not present in the 'Mappings' section of template.", text)));
    }
    if (at == nullptr) {
      // AWS names the whole path, also where the first key is missing.
      auto last = i == 1 ? resolve((*parts)[2]) : Resolved(std::optional<json::value>{});
      if (last && *last && is_scalar(**last)) path += "::" + as_text(**last);
      return refuse(validation(fmt::format("Template error: Unable to get mapping for {}", path)));
    }
    level = at->if_object();
  }
  return *at;
}

Resolver::Resolved Resolver::import_value(const json::value& argument) const {
  auto name = resolve(argument);
  if (!name || (*name && (*name)->is_null())) return name;
  if (!*name || !is_scalar(**name)) return wrong("Fn::ImportValue requires the name of an export.");
  const auto text = as_text(**name);
  auto value = find_export_(text);
  if (!value) return refuse(validation(fmt::format("No export named {} found.", text)));
  return json::value(json::string(*value));
}

Resolver::Resolved Resolver::choose(const json::value& argument) const {
  const auto* parts = argument.if_array();
  if (parts == nullptr || parts->size() != 3 || !(*parts)[0].is_string()) {
    return wrong("Fn::If requires a list argument of three parameters: a condition, a value if true and one if false.");
  }
  const std::string_view condition = (*parts)[0].as_string();
  if (!conditions_.contains(condition)) {
    return wrong(
        fmt::format("Unresolved condition dependencies [{}] in the Resources block of the template", condition));
  }
  return resolve((*parts)[holds(condition) ? 1 : 2]);
}

}  // namespace ads::cloud::cloudformation
