// DescribeParameters, GetParameterHistory.
#include "base/encoding.h"
#include "cloud/ssm/actions.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {

Reply describe_parameters(Context& context, const json::object& input) {
  if (flag(input, "Shared")) return refuse(not_implemented("DescribeParameters of shared parameters"));
  auto page = page_of(input, 50);
  if (!page) return refuse(page.error());
  auto filter = filter_of(input);
  if (!filter) return refuse(filter.error());
  std::string next;
  json::array found;
  for (const auto& parameter : context.parameters.list(context.region(), "", *filter, page->after, page->most, next)) {
    auto shown = describe(parameter.current, parameter.name);
    shown["ARN"] = parameter_arn(context.environment.account, context.region(), parameter.name);
    found.push_back(std::move(shown));
  }
  json::object result{{"Parameters", std::move(found)}};
  add_next_token(result, next);
  return result;
}

Reply get_parameter_history(Context& context, const json::object& input) {
  const auto name = parse_reference(text(input, "Name")).name;
  if (!context.parameters.find(context.region(), name)) return refuse(parameter_not_found(name));
  auto page = page_of(input, 50);
  if (!page) return refuse(page.error());
  json::array shown;
  std::string next;
  for (const auto& version : context.parameters.versions(context.region(), name)) {
    const auto mark = std::string(20 - std::to_string(version.number).size(), '0') + std::to_string(version.number);
    if (mark <= page->after) continue;
    if (shown.size() == page->most) break;
    auto entry = describe(version, name);
    const bool is_hidden = version.type == "SecureString" && !flag(input, "WithDecryption");
    entry["Value"] = is_hidden ? to_base64("ads-secure-string\n" + version.value) : version.value;
    entry["Labels"] = json::array(version.labels.begin(), version.labels.end());
    shown.push_back(std::move(entry));
    next = mark;
  }
  const bool is_full = shown.size() == page->most;
  json::object result{{"Parameters", std::move(shown)}};
  if (is_full) add_next_token(result, next);
  return result;
}

}  // namespace ads::cloud::ssm
