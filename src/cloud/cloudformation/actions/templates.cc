// GetTemplate, GetTemplateSummary, ValidateTemplate.
#include "cloud/cloudformation/actions/input.h"
#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

void add_capabilities(const Template& parsed, json::object& result) {
  std::vector<std::string> because;
  const auto needed = needed_capability(parsed, because);
  if (needed.empty()) return;
  result["Capabilities"] = json::array{json::string(needed)};
  result["CapabilitiesReason"] = fmt::format("The following resource(s) require capabilities: [{}]", joined(because));
}

std::string shown_default(const Parameter& parameter) {
  return parameter.is_secret ? std::string(kSecretValue) : *parameter.default_value;
}

// The template of the request, or of the stack it names.
Task<Outcome<std::string>> summarised_text(Desk& desk, Call& call, json::object input) {
  if (text(input, "StackName").empty()) co_return co_await read_template_text(desk, call, std::move(input), nullptr);
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  co_return stack->definition.template_text;
}

}  // namespace

Answer get_template(Desk& desk, Call& call, json::object input) {
  std::string body;
  if (const auto name = text(input, "ChangeSetName"); !name.empty()) {
    const auto place = desk.stacks.locate_change_set(call.region, name);
    std::optional<Stack> stack = place ? desk.stacks.find_uuid(call.region, place->first)
                                       : desk.stacks.find(call.region, text(input, "StackName"));
    const auto change_set = stack ? desk.stacks.change_set(*stack, place ? place->second : name) : std::nullopt;
    if (!change_set) co_return refuse(no_change_set(name));
    body = change_set->definition.template_text;
  } else {
    auto stack = named_stack(desk, call, input);
    if (!stack) co_return refuse(stack.error());
    body = stack->definition.template_text;
  }
  co_return members({{"TemplateBody", body}, {"StagesAvailable", json::array{"Original", "Processed"}}});
}

Answer get_template_summary(Desk& desk, Call& call, json::object input) {
  auto body = co_await summarised_text(desk, call, input);
  if (!body) co_return refuse(body.error());
  auto parsed = co_await desk.engine.work_thread().run([&] { return read_template(*body); });
  if (!parsed) co_return refuse(parsed.error());
  json::object result;
  json::array parameters;
  for (const auto& parameter : parsed->parameters) {
    json::object shown{
        {"ParameterKey", parameter.name}, {"ParameterType", parameter.type}, {"NoEcho", parameter.is_secret}};
    if (parameter.default_value) shown["DefaultValue"] = shown_default(parameter);
    if (!parameter.description.empty()) shown["Description"] = parameter.description;
    json::object constraints;
    if (!parameter.allowed_values.empty()) {
      constraints["AllowedValues"] = json::array(parameter.allowed_values.begin(), parameter.allowed_values.end());
    }
    shown["ParameterConstraints"] = std::move(constraints);
    parameters.push_back(std::move(shown));
  }
  result["Parameters"] = std::move(parameters);
  if (!parsed->description.empty()) result["Description"] = parsed->description;
  add_capabilities(*parsed, result);
  std::set<std::string> types;
  for (const auto& resource : parsed->resources) types.insert(resource.type);
  result["ResourceTypes"] = json::array(types.begin(), types.end());
  if (!parsed->format_version.empty()) result["Version"] = parsed->format_version;
  if (!parsed->metadata.empty()) result["Metadata"] = json::serialize(parsed->metadata);
  co_return members(result);
}

Answer validate_template(Desk& desk, Call& call, json::object input) {
  auto body = co_await read_template_text(desk, call, input, nullptr);
  if (!body) co_return refuse(body.error());
  auto parsed = co_await desk.engine.work_thread().run([&] { return read_template(*body); });
  if (!parsed) co_return refuse(parsed.error());
  if (auto checked = check_types(*parsed, desk.types); !checked) co_return refuse(checked.error());
  json::object result;
  json::array parameters;
  for (const auto& parameter : parsed->parameters) {
    json::object shown{{"ParameterKey", parameter.name}, {"NoEcho", parameter.is_secret}};
    if (parameter.default_value) shown["DefaultValue"] = shown_default(parameter);
    if (!parameter.description.empty()) shown["Description"] = parameter.description;
    parameters.push_back(std::move(shown));
  }
  result["Parameters"] = std::move(parameters);
  if (!parsed->description.empty()) result["Description"] = parsed->description;
  add_capabilities(*parsed, result);
  co_return members(result);
}

}  // namespace ads::cloud::cloudformation
