#include "cli/template_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <regex>

#include "cli/nearest.h"
#include "cloud/cloudformation/yaml.h"

namespace ads::cli {
namespace {

std::string as_text(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value ? as_text(*value) : std::string();
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> number_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value ? number(as_text(*value)) : std::nullopt;
}

std::optional<std::size_t> length_of(const json::object& object, std::string_view name) {
  auto value = number_of(object, name);
  return value && *value >= 0 ? std::optional(static_cast<std::size_t>(*value)) : std::nullopt;
}

// Where `name` stands as a key, from `at` on: behind blanks or a quote, before a colon.
std::size_t find_key(std::string_view text, std::string_view name, std::size_t at) {
  for (at = text.find(name, at); at != text.npos; at = text.find(name, at + 1)) {
    char before = at == 0 ? '\n' : text[at - 1];
    auto end = at + name.size();
    if (end < text.size() && (text[end] == '"' || text[end] == '\'')) ++end;
    end = text.find_first_not_of(' ', end);
    bool is_start = before == ' ' || before == '\n' || before == '\t' || before == '"' || before == '\'';
    if (is_start && end != text.npos && text[end] == ':') return at;
  }
  return text.npos;
}

int line_of_parameter(std::string_view text, std::string_view name) {
  auto section = find_key(text, "Parameters", 0);
  // Metadata groups parameters under the same word, as a list.
  while (section != text.npos) {
    auto line_start = text.rfind('\n', section) == text.npos ? 0 : text.rfind('\n', section) + 1;
    auto lead = text.substr(line_start, section - line_start);
    auto rest = text.substr(section, std::min(text.find('\n', section), text.size()) - section);
    if (rest.find('[') == rest.npos && (lead.empty() || lead.find('"') != lead.npos)) break;
    section = find_key(text, "Parameters", section + 1);
  }
  if (section == text.npos) return 0;
  auto at = find_key(text, name, section + 10);
  if (at == text.npos) return 0;
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

DeclaredParameter declared(std::string name, const json::object& body, std::string_view text) {
  DeclaredParameter out{
      .name = name,
      .type = text_of(body, "Type"),
      .description = text_of(body, "Description"),
      .allowed_pattern = text_of(body, "AllowedPattern"),
      .constraint_description = text_of(body, "ConstraintDescription"),
      .least = number_of(body, "MinValue"),
      .most = number_of(body, "MaxValue"),
      .shortest = length_of(body, "MinLength"),
      .longest = length_of(body, "MaxLength"),
      .line = line_of_parameter(text, name),
  };
  if (const auto* value = body.if_contains("Default")) out.default_value = as_text(*value);
  if (const auto* values = get_array(body, "AllowedValues"))
    for (const auto& value : *values) out.allowed_values.push_back(as_text(value));
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + (word.empty() ? std::string("''") : word);
  return out;
}

bool matches(std::string_view value, const std::string& pattern) {
  try {
    return std::regex_match(value.begin(), value.end(), std::regex(pattern));
  } catch (const std::regex_error&) {
    return true;  // written for Java's expressions: CloudFormation judges it
  }
}

std::string place(const TemplateFile& file, const DeclaredParameter& parameter) {
  return parameter.line > 0 ? fmt::format(" ({}:{})", file.name, parameter.line) : std::string();
}

}  // namespace

const DeclaredParameter* TemplateFile::parameter(std::string_view wanted) const {
  for (const auto& candidate : parameters)
    if (candidate.name == wanted) return &candidate;
  return nullptr;
}

Result<TemplateFile> parse_template(std::string text, std::string name) {
  auto bad = [&](std::string why) { return fail(ErrorKind::invalid, "BadTemplate", fmt::format("{}: {}", name, why)); };
  auto document = cloud::cloudformation::read_document(text);
  if (!document) return bad(document.error().message);
  auto* object = document->if_object();
  const auto* resources = object ? get_object(*object, "Resources") : nullptr;
  if (!resources || resources->empty()) return bad("this is no CloudFormation template: it has no Resources");
  TemplateFile file{.name = std::move(name), .text = std::move(text), .document = std::move(*object), .parameters = {}};
  if (const auto* parameters = get_object(file.document, "Parameters"))
    for (const auto& entry : *parameters)
      if (const auto* body = entry.value().if_object())
        file.parameters.push_back(declared(std::string(entry.key()), *body, file.text));
  return file;
}

std::optional<std::string> complaint(const DeclaredParameter& parameter, std::string_view value) {
  const auto& allowed = parameter.allowed_values;
  if (!allowed.empty() && std::ranges::find(allowed, value) == allowed.end())
    return fmt::format("'{}' is none of {}", value, joined(allowed));
  if (parameter.type == "Number") {
    auto amount = number(value);
    if (!amount) return fmt::format("'{}' is not a number", value);
    if (parameter.least && *amount < *parameter.least) return fmt::format("{} is below {}", value, *parameter.least);
    if (parameter.most && *amount > *parameter.most) return fmt::format("{} is above {}", value, *parameter.most);
  }
  if (parameter.shortest && value.size() < *parameter.shortest)
    return fmt::format("'{}' is shorter than {} characters", value, *parameter.shortest);
  if (parameter.longest && value.size() > *parameter.longest)
    return fmt::format("'{}' is longer than {} characters", value, *parameter.longest);
  if (!parameter.allowed_pattern.empty() && !matches(value, parameter.allowed_pattern))
    return fmt::format("'{}' must be {}", value,
                       parameter.constraint_description.empty() ? "of the form " + parameter.allowed_pattern
                                                                : parameter.constraint_description);
  return std::nullopt;
}

Result<void> check_parameters(const TemplateFile& file, const ParameterMap& given, const std::set<std::string>& kept) {
  std::string complaints;
  auto complain = [&](const std::string& text) { complaints += (complaints.empty() ? "" : "\n  ") + text; };
  std::vector<std::string> names;
  for (const auto& parameter : file.parameters) names.push_back(parameter.name);
  for (const auto& [name, value] : given) {
    const auto* parameter = file.parameter(name);
    if (!parameter) {
      auto near = nearest(name, names);
      complain(fmt::format("{} has no parameter '{}': {}", file.name, name,
                           near ? fmt::format("did you mean {}?", *near) : "it has " + joined(names)));
    } else if (auto wrong = complaint(*parameter, value)) {
      complain(fmt::format("parameter {}: {}{}", name, *wrong, place(file, *parameter)));
    }
  }
  for (const auto& parameter : file.parameters)
    if (!parameter.default_value && !given.contains(parameter.name) && !kept.contains(parameter.name))
      complain(fmt::format("parameter {} has no value: give it with --parameters {}=...{}{}", parameter.name,
                           parameter.name, place(file, parameter),
                           parameter.description.empty() ? "" : " - " + parameter.description));
  if (complaints.empty()) return {};
  return fail(ErrorKind::invalid, "BadParameter", complaints);
}

}  // namespace ads::cli
