#include "cloud/ssm/service.h"

#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {
namespace {

constexpr std::string_view kTarget = "AmazonSSM.";
constexpr JsonProtocol kProtocol{"application/x-amz-json-1.1", kTarget, "", 1u << 20};

constexpr std::pair<std::string_view, Action> kActions[] = {
    {"PutParameter", put_parameter},
    {"GetParameter", get_parameter},
    {"GetParameters", get_parameters},
    {"GetParametersByPath", get_parameters_by_path},
    {"DeleteParameter", delete_parameter},
    {"DeleteParameters", delete_parameters},
    {"DescribeParameters", describe_parameters},
    {"GetParameterHistory", get_parameter_history},
    {"LabelParameterVersion", label_parameter_version},
    {"UnlabelParameterVersion", unlabel_parameter_version},
    {"AddTagsToResource", add_tags_to_resource},
    {"RemoveTagsFromResource", remove_tags_from_resource},
    {"ListTagsForResource", list_tags_for_resource},
};

}  // namespace

ParameterStore::ParameterStore(Environment& environment)
    : environment_(environment), parameters_(environment.store), desk_{environment, parameters_} {
  for (const auto& [name, action] : kActions) {
    operations_.emplace(name, [this, action](Call& call, json::object input) -> Task<Outcome<json::object>> {
      return action(desk_, call, std::move(input));
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

Outcome<std::string> ParameterStore::value(const std::string& region, const std::string& name) {
  auto version = parameters_.resolve(region, parse_reference(name));
  if (!version) return refuse(version.error());
  if (version->type == "SecureString")
    return refuse(validation(fmt::format("The parameter {} is a SecureString, which can't be used here.", name)));
  return std::move(version->value);
}

}  // namespace ads::cloud::ssm
