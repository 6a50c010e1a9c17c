#include "aws/cloudformation/client.h"

#include <fmt/format.h>

#include "aws/cloudformation/codec.h"
#include "aws/services.h"

namespace ads::aws::cloudformation {
namespace {

Task<Result<std::string>> call(Connection& connection, std::string_view name, Form form) {
  co_return co_await connection.call_query({kCloudFormation, name, Protocol::query, std::chrono::seconds(60)},
                                           std::move(form));
}

Form change_set_form(std::string_view action, const std::string& stack, const std::string& change_set) {
  auto out = form(action);
  if (!stack.empty()) out.add("StackName", stack);
  out.add("ChangeSetName", change_set);
  return out;
}

}  // namespace

Task<Result<CreateChangeSetOutput>> Client::create_change_set(CreateChangeSetInput input) const {
  auto xml = co_await call(connection_, "CreateChangeSet", encode(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_create_change_set(*xml);
}

Task<Result<DescribeChangeSetOutput>> Client::describe_change_set(std::string stack, std::string change_set,
                                                                  std::optional<std::string> next_token) const {
  auto input = change_set_form("DescribeChangeSet", stack, change_set);
  input.add_if("NextToken", next_token).add("IncludePropertyValues", "true");
  auto xml = co_await call(connection_, "DescribeChangeSet", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_describe_change_set(*xml);
}

Task<Result<void>> Client::execute_change_set(std::string stack, std::string change_set, Text token) const {
  auto input = change_set_form("ExecuteChangeSet", stack, change_set);
  input.add_if("ClientRequestToken", token);
  auto xml = co_await call(connection_, "ExecuteChangeSet", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return Result<void>();
}

Task<Result<void>> Client::delete_change_set(std::string stack, std::string change_set) const {
  auto input = change_set_form("DeleteChangeSet", stack, change_set);
  auto xml = co_await call(connection_, "DeleteChangeSet", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return Result<void>();
}

Task<Result<DescribeStacksOutput>> Client::describe_stacks(std::optional<std::string> stack,
                                                           std::optional<std::string> next_token) const {
  auto input = form("DescribeStacks");
  input.add_if("StackName", stack).add_if("NextToken", next_token);
  auto xml = co_await call(connection_, "DescribeStacks", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_describe_stacks(*xml);
}

Task<Result<ListStacksOutput>> Client::list_stacks(std::vector<std::string> statuses,
                                                   std::optional<std::string> next_token) const {
  auto input = form("ListStacks");
  int number = 0;
  for (auto& status : statuses) input.add(fmt::format("StackStatusFilter.member.{}", ++number), status);
  input.add_if("NextToken", next_token);
  auto xml = co_await call(connection_, "ListStacks", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_list_stacks(*xml);
}

Task<Result<DescribeStackEventsOutput>> Client::describe_stack_events(std::string stack,
                                                                      std::optional<std::string> next_token) const {
  auto input = form("DescribeStackEvents");
  input.add("StackName", stack).add_if("NextToken", next_token);
  auto xml = co_await call(connection_, "DescribeStackEvents", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_describe_stack_events(*xml);
}

Task<Result<std::vector<StackResource>>> Client::describe_stack_resources(std::string stack) const {
  auto input = form("DescribeStackResources");
  input.add("StackName", stack);
  auto xml = co_await call(connection_, "DescribeStackResources", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_describe_stack_resources(*xml);
}

Task<Result<void>> Client::delete_stack(std::string stack, std::vector<std::string> retained, Text token) const {
  auto input = form("DeleteStack");
  input.add("StackName", stack).add_if("ClientRequestToken", token);
  int number = 0;
  for (auto& name : retained) input.add(fmt::format("RetainResources.member.{}", ++number), name);
  auto xml = co_await call(connection_, "DeleteStack", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return Result<void>();
}

Task<Result<ValidateTemplateOutput>> Client::validate_template(TemplateSource source) const {
  auto input = form("ValidateTemplate");
  input.add_if("TemplateBody", source.body).add_if("TemplateURL", source.url);
  auto xml = co_await call(connection_, "ValidateTemplate", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_validate_template(*xml);
}

Task<Result<std::string>> Client::get_template(std::string stack) const {
  auto input = form("GetTemplate");
  input.add("StackName", stack);
  auto xml = co_await call(connection_, "GetTemplate", std::move(input));
  if (!xml) co_return fail(xml.error());
  co_return decode_get_template(*xml);
}

bool is_no_stack(const Error& error) {
  return error.code == "ValidationError" && error.message.find("does not exist") != std::string::npos;
}

}  // namespace ads::aws::cloudformation
