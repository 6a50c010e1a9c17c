#include "cloud/ssm/service.h"

#include "base/log.h"
#include "cloud/ssm/access.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {
namespace {

constexpr std::string_view kTarget = "AmazonSSM.";
constexpr JsonProtocol kProtocol{"application/x-amz-json-1.1", kTarget, "", 1u << 20};

struct Row {
  std::string_view name;
  Action action;
  Resource resource;
};
constexpr Row kActions[] = {
    {"PutParameter", put_parameter, {On::name, "Name"}},
    {"GetParameter", get_parameter, {On::name, "Name"}},
    {"GetParameters", get_parameters, {On::names, "Names"}},
    {"GetParametersByPath", get_parameters_by_path, {On::path, "Path"}},
    {"DeleteParameter", delete_parameter, {On::name, "Name"}},
    {"DeleteParameters", delete_parameters, {On::names, "Names"}},
    {"DescribeParameters", describe_parameters, On::every_parameter},
    {"GetParameterHistory", get_parameter_history, {On::name, "Name"}},
    {"LabelParameterVersion", label_parameter_version, {On::name, "Name"}},
    {"UnlabelParameterVersion", unlabel_parameter_version, {On::name, "Name"}},
    {"AddTagsToResource", add_tags_to_resource, {On::name, "ResourceId"}},
    {"RemoveTagsFromResource", remove_tags_from_resource, {On::name, "ResourceId"}},
    {"ListTagsForResource", list_tags_for_resource, {On::name, "ResourceId"}},
};

}  // namespace

ParameterStore::ParameterStore(Environment& environment)
    : environment_(environment), parameters_(environment.store), desk_{environment, parameters_} {
  for (const Row& row : kActions) {
    operations_.emplace(row.name, [this, &row](Call& call, json::object input) -> Task<Outcome<json::object>> {
      if (auto allowed = authorize(call, row.name, row.resource, input); !allowed) co_return refuse(allowed.error());
      co_return co_await row.action(desk_, call, std::move(input));
    });
  }
}

Task<http::Reply> ParameterStore::answer(Call& call) {
  // Systems Manager is much more than its parameters: what is missing says so.
  const auto target = call.request.head.headers.get_or("X-Amz-Target", "");
  if (target.starts_with(kTarget) && !operations_.contains(target.substr(kTarget.size())))
    co_return render_json_error(call, not_implemented(target.substr(kTarget.size())), "", kProtocol.content_type);
  co_return co_await answer_json(call, kProtocol, operations_);
}

Task<void> ParameterStore::start() {
  if (auto sealed = parameters_.seal_values(); !sealed)
    log(LogLevel::error, "parameters were not sealed", {{"error", sealed.error().message}});
  co_return;
}

Outcome<std::string> ParameterStore::value(const std::string& region, const std::string& name) {
  auto version = parameters_.resolve(region, parse_reference(name));
  if (!version) return refuse(version.error());
  if (version->type == "SecureString")
    return refuse(validation(fmt::format("The parameter {} is a SecureString, which can't be used here.", name)));
  return std::move(version->value);
}

}  // namespace ads::cloud::ssm
