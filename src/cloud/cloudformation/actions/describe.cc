// What a stack is, has and went through.
#include <charconv>

#include "cloud/cloudformation/actions/input.h"
#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::size_t kPage = 100;

json::object drift() {
  return {{"StackDriftStatus", "NOT_CHECKED"}};
}
json::object resource_drift() {
  return {{"StackResourceDriftStatus", "NOT_CHECKED"}};
}

json::object describe(const Stack& stack) {
  json::object out{{"StackId", stack.id},
                   {"StackName", stack.name},
                   {"CreationTime", iso8601(stack.created)},
                   {"StackStatus", stack.status},
                   {"DisableRollback", stack.on_failure == "DO_NOTHING"},
                   {"EnableTerminationProtection", stack.is_protected},
                   {"DriftInformation", drift()},
                   {"NotificationARNs", json::array{}},
                   {"RollbackConfiguration", json::object{}}};
  if (!stack.description.empty()) out["Description"] = stack.description;
  if (!stack.reason.empty() && stack.reason != "User Initiated") out["StackStatusReason"] = stack.reason;
  if (stack.updated) out["LastUpdatedTime"] = iso8601(*stack.updated);
  if (stack.deleted) out["DeletionTime"] = iso8601(*stack.deleted);
  if (!stack.role_arn.empty()) out["RoleARN"] = stack.role_arn;
  if (!stack.change_set_id.empty()) out["ChangeSetId"] = stack.change_set_id;
  if (stack.timeout_minutes > 0) out["TimeoutInMinutes"] = stack.timeout_minutes;
  out["Tags"] = stack.definition.tags;
  out["Capabilities"] = stack.definition.capabilities;
  out["Outputs"] = stack.outputs;
  out["Parameters"] = shown_parameters(stack.definition);
  return out;
}

json::object describe(const Stack& stack, const Resource& resource, std::string_view time_member) {
  json::object out{{"LogicalResourceId", resource.logical_id},
                   {"ResourceType", resource.type},
                   {time_member, iso8601(resource.changed)},
                   {"ResourceStatus", resource.status},
                   {"DriftInformation", resource_drift()}};
  if (!resource.now.state.physical_id.empty()) out["PhysicalResourceId"] = resource.now.state.physical_id;
  if (!resource.reason.empty()) out["ResourceStatusReason"] = resource.reason;
  if (time_member == "Timestamp" || time_member == "LastUpdatedTimestamp") {
    out["StackName"] = stack.name;
    out["StackId"] = stack.id;
  }
  return out;
}

}  // namespace

Answer describe_stacks(Desk& desk, Call& call, json::object input) {
  json::array stacks;
  json::object result;
  if (!text(input, "StackName").empty()) {
    auto stack = named_stack(desk, call, input);
    if (!stack) co_return refuse(stack.error());
    stacks.push_back(describe(*stack));
  } else {
    auto after = read_token(input);
    if (!after) co_return refuse(after.error());
    const auto page = desk.stacks.list(call.region, *after, kPage);
    for (const auto& stack : page) {
      if (stack.status != "DELETE_COMPLETE") stacks.push_back(describe(stack));
    }
    if (page.size() == kPage) result["NextToken"] = write_token(page.back().uuid);
  }
  result["Stacks"] = std::move(stacks);
  co_return members(result);
}

Answer list_stacks(Desk& desk, Call& call, json::object input) {
  auto after = read_token(input);
  if (!after) co_return refuse(after.error());
  std::set<std::string> wanted;
  for (const auto& status : list(input, "StackStatusFilter")) wanted.emplace(status.as_string());
  const auto page = desk.stacks.list(call.region, *after, kPage);
  json::array summaries;
  for (const auto& stack : page) {
    if (!wanted.empty() && !wanted.contains(stack.status)) continue;
    json::object summary{{"StackId", stack.id},
                         {"StackName", stack.name},
                         {"CreationTime", iso8601(stack.created)},
                         {"StackStatus", stack.status},
                         {"DriftInformation", drift()}};
    if (!stack.description.empty()) summary["TemplateDescription"] = stack.description;
    if (stack.updated) summary["LastUpdatedTime"] = iso8601(*stack.updated);
    if (stack.deleted) summary["DeletionTime"] = iso8601(*stack.deleted);
    if (!stack.reason.empty()) summary["StackStatusReason"] = stack.reason;
    summaries.push_back(std::move(summary));
  }
  json::object result{{"StackSummaries", std::move(summaries)}};
  if (page.size() == kPage) result["NextToken"] = write_token(page.back().uuid);
  co_return members(result);
}

Answer describe_stack_events(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  auto place = read_token(input);
  if (!place) co_return refuse(place.error());
  std::uint64_t before = 0;
  std::from_chars(place->data(), place->data() + place->size(), before);
  auto page = desk.stacks.events(*stack, before, kPage);
  json::array events;
  for (auto& [_, event] : page) events.push_back(std::move(event));
  json::object result{{"StackEvents", std::move(events)}};
  if (page.size() == kPage) result["NextToken"] = write_token(std::to_string(page.back().first));
  co_return members(result);
}

Answer describe_stack_resource(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  const auto logical_id = text(input, "LogicalResourceId");
  const auto resources = desk.stacks.resources(*stack);
  const auto found = resources.find(logical_id);
  if (found == resources.end()) {
    co_return refuse(validation(fmt::format("Resource {} does not exist for stack {}", logical_id, stack->name)));
  }
  auto detail = describe(*stack, found->second, "LastUpdatedTimestamp");
  detail["Metadata"] = json::serialize(found->second.now.metadata);
  co_return members({{"StackResourceDetail", std::move(detail)}});
}

Answer describe_stack_resources(Desk& desk, Call& call, json::object input) {
  const auto physical_id = text(input, "PhysicalResourceId"), logical_id = text(input, "LogicalResourceId");
  std::optional<Stack> stack;
  if (!text(input, "StackName").empty()) {
    auto named = named_stack(desk, call, input);
    if (!named) co_return refuse(named.error());
    stack = *std::move(named);
  } else if (!physical_id.empty()) {
    std::string after;
    for (auto page = desk.stacks.list(call.region, after, kPage); !page.empty() && !stack;
         page = desk.stacks.list(call.region, after, kPage)) {
      after = page.back().uuid;
      for (const auto& candidate : page) {
        if (candidate.status == "DELETE_COMPLETE") continue;
        for (const auto& [_, resource] : desk.stacks.resources(candidate)) {
          if (resource.now.state.physical_id == physical_id) stack = candidate;
        }
      }
    }
    if (!stack) co_return refuse(validation(fmt::format("Stack for {} does not exist", physical_id)));
  } else {
    co_return refuse(validation("Either StackName or PhysicalResourceId must be specified."));
  }
  json::array found;
  for (const auto& [name, resource] : desk.stacks.resources(*stack)) {
    if (!logical_id.empty() && name != logical_id) continue;
    if (resource.status.empty()) continue;
    found.push_back(describe(*stack, resource, "Timestamp"));
  }
  if (!logical_id.empty() && found.empty()) {
    co_return refuse(validation(fmt::format("Resource {} does not exist for stack {}", logical_id, stack->name)));
  }
  co_return members({{"StackResources", std::move(found)}});
}

Answer list_stack_resources(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  auto after = read_token(input);
  if (!after) co_return refuse(after.error());
  json::array summaries;
  json::object result;
  for (const auto& [name, resource] : desk.stacks.resources(*stack)) {
    if (name <= *after) continue;
    if (summaries.size() == kPage) {
      result["NextToken"] = write_token(summaries.back().at("LogicalResourceId").as_string());
      break;
    }
    auto summary = describe(*stack, resource, "LastUpdatedTimestamp");
    summary.erase("StackName");
    summary.erase("StackId");
    summaries.push_back(std::move(summary));
  }
  result["StackResourceSummaries"] = std::move(summaries);
  co_return members(result);
}

Answer list_exports(Desk& desk, Call& call, json::object) {
  json::array exports;
  for (const auto& found : desk.stacks.exports(call.region)) {
    exports.push_back(json::object{{"ExportingStackId", found.stack_id}, {"Name", found.name}, {"Value", found.value}});
  }
  co_return members({{"Exports", std::move(exports)}});
}

Answer list_imports(Desk& desk, Call& call, json::object input) {
  const auto name = text(input, "ExportName");
  const auto users = desk.stacks.importers(call.region, name);
  if (users.empty()) co_return refuse(validation(fmt::format("Export '{}' is not imported by any stack.", name)));
  co_return members({{"Imports", json::array(users.begin(), users.end())}});
}

}  // namespace ads::cloud::cloudformation
