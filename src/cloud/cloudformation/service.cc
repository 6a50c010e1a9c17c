#include "cloud/cloudformation/service.h"

#include "base/log.h"
#include "cloud/cloudformation/access.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr QueryProtocol kProtocol{.xml_namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"};

struct Row {
  std::string_view name;
  Action action;
  Rule resource;
};
constexpr Row kActions[] = {
    {"CreateStack", create_stack, {On::stack, "StackName"}},
    {"UpdateStack", update_stack, {On::stack, "StackName"}},
    {"DeleteStack", delete_stack, {On::stack, "StackName"}},
    {"UpdateTerminationProtection", update_termination_protection, {On::stack, "StackName"}},
    {"CancelUpdateStack", cancel_update_stack, {On::stack, "StackName"}},
    {"ContinueUpdateRollback", continue_update_rollback, {On::stack, "StackName"}},
    {"RollbackStack", rollback_stack, {On::stack, "StackName"}},
    {"DescribeStacks", describe_stacks, {On::stack_or_every, "StackName"}},
    {"ListStacks", list_stacks, On::everything},
    {"DescribeStackEvents", describe_stack_events, {On::stack, "StackName"}},
    {"DescribeStackResource", describe_stack_resource, {On::stack, "StackName"}},
    {"DescribeStackResources", describe_stack_resources, {On::stack_or_every, "StackName"}},
    {"ListStackResources", list_stack_resources, {On::stack, "StackName"}},
    {"ListExports", list_exports, On::everything},
    {"ListImports", list_imports, On::everything},
    {"GetTemplate", get_template, {On::change_set, "ChangeSetName"}},
    {"GetTemplateSummary", get_template_summary, {On::stack_or_nothing, "StackName"}},
    {"ValidateTemplate", validate_template, On::everything},
    {"CreateChangeSet", create_change_set, {On::stack, "StackName"}},
    {"DescribeChangeSet", describe_change_set, {On::change_set, "ChangeSetName"}},
    {"ExecuteChangeSet", execute_change_set, {On::change_set, "ChangeSetName"}},
    {"DeleteChangeSet", delete_change_set, {On::change_set, "ChangeSetName"}},
    {"ListChangeSets", list_change_sets, {On::stack, "StackName"}},
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
  for (const Row& row : kActions) {
    operations_.emplace(row.name, [this, &row](Call& call, json::object input) -> Task<Outcome<std::string>> {
      if (auto allowed = authorize(desk_, call, row.name, row.resource, input); !allowed)
        co_return refuse(allowed.error());
      co_return co_await row.action(desk_, call, std::move(input));
    });
  }
}

Task<http::Reply> CloudFormation::answer(Call& call) {
  return answer_query(call, kProtocol, operations_);
}

Task<void> CloudFormation::start() {
  if (auto sealed = stacks_.seal_records(); !sealed)
    log(LogLevel::error, "stacks were not sealed", {{"error", sealed.error().message}});
  engine_.resume();
  co_return;
}

Task<void> CloudFormation::stop() {
  co_await engine_.stop();
}

}  // namespace ads::cloud::cloudformation
