#include "cloud/ssm/operations.h"

#include "cloud/ssm/actions.h"
#include "cloud/ssm/errors.h"
#include "cloud/ssm/resources.h"

namespace ads::cloud::ssm {
namespace {

using operations::Effect;

constexpr std::string_view kModel =
#include "cloud/ssm/model.inc"
    ;

const operations::Api kApi{
    .model = kModel,
    .permission = "ssm",
    .json = {.content_type = "application/x-amz-json-1.1", .target_prefix = "AmazonSSM."},
    .denied = access::kJsonStyle,
    .invalid = [](std::string_view, const operations::Violations& found) -> std::optional<WireError> {
      return validation(operations::describe(found));
    },
};

constexpr operations::Row<Context> kOperations[] = {
    {"PutParameter", Effect::write, {parameter, "Name"}, put_parameter},
    {"GetParameter", Effect::read, {parameter, "Name"}, get_parameter},
    {"GetParameters", Effect::read, {parameters, "Names"}, get_parameters},
    {"GetParametersByPath", Effect::read, {path, "Path"}, get_parameters_by_path},
    {"DeleteParameter", Effect::write, {parameter, "Name"}, delete_parameter},
    {"DeleteParameters", Effect::write, {parameters, "Names"}, delete_parameters},
    {"DescribeParameters", Effect::read, every_parameter, describe_parameters},
    {"GetParameterHistory", Effect::read, {parameter, "Name"}, get_parameter_history},
    {"LabelParameterVersion", Effect::write, {parameter, "Name"}, label_parameter_version},
    {"UnlabelParameterVersion", Effect::write, {parameter, "Name"}, unlabel_parameter_version},
    {"AddTagsToResource", Effect::write, {parameter, "ResourceId"}, add_tags_to_resource},
    {"RemoveTagsFromResource", Effect::write, {parameter, "ResourceId"}, remove_tags_from_resource},
    {"ListTagsForResource", Effect::read, {parameter, "ResourceId"}, list_tags_for_resource},
};

}  // namespace

operations::Pipeline make_pipeline(Environment& environment, Parameters& parameters) {
  return {environment, kApi, kOperations, [&](const Call& call) { return Context{environment, parameters, call}; }};
}

}  // namespace ads::cloud::ssm
