#include "cloud/cloudformation/service.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr QueryProtocol kProtocol{.xml_namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"};

constexpr std::pair<std::string_view, Action> kActions[] = {
    {"CreateStack", create_stack},
    {"UpdateStack", update_stack},
    {"DeleteStack", delete_stack},
    {"UpdateTerminationProtection", update_termination_protection},
    {"CancelUpdateStack", cancel_update_stack},
    {"ContinueUpdateRollback", continue_update_rollback},
    {"RollbackStack", rollback_stack},
    {"DescribeStacks", describe_stacks},
    {"ListStacks", list_stacks},
    {"DescribeStackEvents", describe_stack_events},
    {"DescribeStackResource", describe_stack_resource},
    {"DescribeStackResources", describe_stack_resources},
    {"ListStackResources", list_stack_resources},
    {"ListExports", list_exports},
    {"ListImports", list_imports},
    {"GetTemplate", get_template},
    {"GetTemplateSummary", get_template_summary},
    {"ValidateTemplate", validate_template},
    {"CreateChangeSet", create_change_set},
    {"DescribeChangeSet", describe_change_set},
    {"ExecuteChangeSet", execute_change_set},
    {"DeleteChangeSet", delete_change_set},
    {"ListChangeSets", list_change_sets},
};

TypeTable by_name(const ResourceTypes& types) {
  TypeTable out;
  for (const auto& type : types) out.emplace(type->name(), type.get());
  return out;
}

}  // namespace

CloudFormation::CloudFormation(Environment& environment, ResourceTypes types)
    : owned_types_(std::move(types)),
      types_(by_name(owned_types_)),
      stacks_(environment.store, environment.clock),
      engine_(environment, stacks_, types_),
      desk_{environment, stacks_, engine_, types_} {
  for (const auto& [name, action] : kActions) {
    operations_.emplace(name, [this, action](Call& call, json::object input) -> Task<Outcome<std::string>> {
      return action(desk_, call, std::move(input));
    });
  }
}

Task<http::Reply> CloudFormation::answer(Call& call) {
  return answer_query(call, kProtocol, operations_);
}

Task<void> CloudFormation::start() {
  engine_.resume();
  co_return;
}

Task<void> CloudFormation::stop() {
  co_await engine_.stop();
}

}  // namespace ads::cloud::cloudformation
