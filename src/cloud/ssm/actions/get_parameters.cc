// GetParameter, GetParameters, GetParametersByPath.
#include "base/encoding.h"
#include "cloud/ssm/actions.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {
namespace {

// A SecureString that nobody asked to decrypt comes as something that is not its value, as on AWS; what it would be
// there only the key knows.
std::string shown_value(const Version& version, const json::object& input) {
  const bool is_hidden = version.type == "SecureString" && !flag(input, "WithDecryption");
  return is_hidden ? to_base64("ads-secure-string\n" + version.value) : version.value;
}

json::object show(const Context& context, const json::object& input, const Version& version,
                  const Reference& reference) {
  json::object out{{"Name", reference.name},
                   {"Type", version.type},
                   {"Value", shown_value(version, input)},
                   {"Version", version.number},
                   {"LastModifiedDate", static_cast<double>(version.modified.time_since_epoch().count()) / 1000.0},
                   {"ARN", parameter_arn(context.environment.account, context.region(), reference.name)},
                   {"DataType", version.data_type}};
  if (!reference.selector.empty()) out["Selector"] = ":" + reference.selector;
  return out;
}

}  // namespace

Reply get_parameter(Context& context, const json::object& input) {
  const auto reference = parse_reference(text(input, "Name"));
  const auto version = context.parameters.resolve(context.region(), reference);
  if (!version) return refuse(version.error());
  return json::object{{"Parameter", show(context, input, *version, reference)}};
}

Reply get_parameters(Context& context, const json::object& input) {
  const auto names = texts(input, "Names");
  json::array found, invalid;
  for (const auto& name : names) {
    const auto reference = parse_reference(name);
    const auto version = context.parameters.resolve(context.region(), reference);
    if (version)
      found.push_back(show(context, input, *version, reference));
    else
      invalid.push_back(json::value(name));
  }
  return json::object{{"Parameters", std::move(found)}, {"InvalidParameters", std::move(invalid)}};
}

Reply get_parameters_by_path(Context& context, const json::object& input) {
  auto path = text(input, "Path");
  if (!path.starts_with('/'))
    return refuse(
        validation("The parameter doesn't meet the parameter name requirements. The parameter name must "
                   "begin with a forward slash \"/\"."));
  if (!path.ends_with('/')) path += '/';
  auto page = page_of(input, 10);
  if (!page) return refuse(page.error());
  auto filter = filter_of(input);
  if (!filter) return refuse(filter.error());
  const bool is_recursive = flag(input, "Recursive");
  const auto wanted = [&](const Parameter& parameter) {
    return (is_recursive || parameter.name.find('/', path.size()) == std::string::npos) && (*filter)(parameter);
  };
  std::string next;
  json::array found;
  for (const auto& parameter : context.parameters.list(context.region(), path, wanted, page->after, page->most, next))
    found.push_back(show(context, input, parameter.current, {parameter.name, ""}));
  json::object result{{"Parameters", std::move(found)}};
  add_next_token(result, next);
  return result;
}

}  // namespace ads::cloud::ssm
