#include "cloud/lambda/access.h"

#include "cloud/lambda/destination.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/policy.h"

namespace ads::cloud::lambda {
namespace {

using access::Need;
using access::Values;

std::string text(const json::object& input, std::string_view name) {
  return std::string(get_string(input, name).value_or(""));
}

access::PolicyPointer policy_of(Parts& parts, std::string_view region, const FunctionName& name) {
  const auto about = parts.state.about(region, name.name);
  if (!about) return nullptr;
  const auto found = about->policies.find(name.qualifier);
  if (found == about->policies.end() || found->second.empty()) return nullptr;
  return parts.policies.find(parts.state.arn(region, name), render_policy(found->second));
}

Need need_on_function(Parts& parts, std::string_view region, std::string_view action, const FunctionName& name) {
  Need need{fmt::format("lambda:{}", action), parts.state.arn(region, name)};
  need.resource_policy = policy_of(parts, region, name);
  return need;
}

Need pass_role(const json::object& input) {
  return {"iam:PassRole", text(input, "Role"), {{"iam:passedtoservice", Values{"lambda.amazonaws.com"}}}};
}

// Code in a bucket is read with the caller's permission, as the bucket's policy has it, too.
Outcome<void> authorize_code(const Environment& environment, const Call& call, const json::object& code) {
  const auto bucket = text(code, "S3Bucket"), key = text(code, "S3Key");
  if (bucket.empty() || environment.objects == nullptr) return {};
  if (auto allowed = environment.objects->may_read(call, bucket, key, text(code, "S3ObjectVersion")); !allowed)
    return refuse(
        403, std::string(access::kRestJsonStyle.code),
        fmt::format("Your access has been denied by S3, please make sure your request credentials have permission to "
                    "GetObject for {}/{}. S3 Error Code: AccessDenied. S3 Error Message: {}",
                    bucket, key, allowed.error().message));
  return {};
}

// A mapping's operations name its function in lambda:FunctionArn, not in the resource.
Need need_on_mapping(const std::string& action, std::string resource, std::string function_arn) {
  Need need{action, std::move(resource)};
  if (!function_arn.empty()) need.keys.emplace_back("lambda:functionarn", Values{std::move(function_arn)});
  return need;
}

// One need for the function that the mapping has, and one for the function that it is to have.
std::vector<Need> needs_on_mapping(Parts& parts, const Call& call, const std::string& action, Resource resource,
                                   const json::object& input) {
  const auto given = [&]() -> std::string {
    const auto name = parse_function_name(text(input, "FunctionName"), call.region, call.account);
    return name ? parts.state.arn(call.region, *name) : "";
  };
  const auto uuid = text(input, "UUID");
  if (resource.kind() == On::new_mapping) return {need_on_mapping(action, std::string(kEveryResource), given())};
  if (uuid.empty()) return {need_on_mapping(action, std::string(kEveryResource), "")};
  const auto arn = fmt::format("arn:aws:lambda:{}:{}:event-source-mapping:{}", call.region, call.account, uuid);
  const auto mapping = find_mapping(parts.state, call.region, uuid);
  std::vector<Need> needs{
      need_on_mapping(action, arn, mapping ? parts.state.arn(call.region, mapping->function) : std::string())};
  if (resource.kind() == On::changed_mapping && !text(input, "FunctionName").empty())
    needs.push_back(need_on_mapping(action, arn, given()));
  return needs;
}

std::string_view action_of(std::string_view operation) {
  return operation == "Invoke" ? "InvokeFunction" : operation;
}

std::vector<Need> needs_of(Parts& parts, const Call& call, std::string_view operation, Resource resource,
                           const json::object& input) {
  const auto action = fmt::format("lambda:{}", action_of(operation));
  const Need unnamed{action, std::string(kEveryResource)};
  std::vector<Need> needs;
  switch (resource.kind()) {
    case On::everything:
      return {unnamed};
    case On::mapping:
    case On::new_mapping:
    case On::changed_mapping:
      return needs_on_mapping(parts, call, action, resource, input);
    case On::arn: {
      const auto arn = text(input, resource.member());
      return {arn.empty() ? unnamed : Need{action, arn}};
    }
    case On::function:
    case On::qualified_function: {
      const auto qualifier = resource.kind() == On::function ? "" : text(input, "Qualifier");
      auto name = parse_function_name(text(input, resource.member()), qualifier, call.region, call.account);
      if (!name) return {unnamed};
      if (resource.kind() == On::function) name->qualifier.clear();
      needs.push_back(need_on_function(parts, call.region, action_of(operation), *name));
    }
  }
  if (operation == "AddPermission") {
    needs[0].keys.emplace_back("lambda:principal", Values{text(input, "Principal")});
  } else if (operation == "CreateFunction") {
    needs.push_back(pass_role(input));
  } else if (operation == "UpdateFunctionConfiguration" && input.contains("Role")) {
    needs.push_back(pass_role(input));
  }
  return needs;
}

}  // namespace

Outcome<void> authorize(Parts& parts, const Call& call, std::string_view operation, Resource resource,
                        const json::object& input) {
  if (!access::is_enforced(call)) return {};
  const auto needs = needs_of(parts, call, operation, resource, input);
  if (auto allowed = access::authorize(call, needs, access::kRestJsonStyle); !allowed) return allowed;
  if (operation == "UpdateFunctionCode") return authorize_code(parts.environment, call, input);
  const auto* code = get_object(input, "Code");
  return operation == "CreateFunction" && code ? authorize_code(parts.environment, call, *code) : Outcome<void>{};
}

Outcome<void> authorize_invocation(Parts& parts, const std::string& function_arn, const Source& source) {
  const auto region = region_of_arn(function_arn);
  const auto name = parse_function_name(function_arn, region, parts.environment.account);
  if (!name) return refuse(name.error());
  auto allowed = access::authorize(parts.environment, source, need_on_function(parts, region, "InvokeFunction", *name));
  if (!allowed && allowed.error().code == "AccessDenied") allowed.error().code = "AccessDeniedException";
  return allowed;
}

Source acting_for(const Environment& environment, const Function& function) {
  return {"lambda.amazonaws.com", function_arn(function.region, environment.account, function.name), function.role};
}

Outcome<void> check_source_permissions(const Environment& environment, const Function& function,
                                       const std::string& queue_arn) {
  for (const auto action : {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"})
    if (auto allowed = environment.queues->may(queue_arn, action, acting_for(environment, function)); !allowed)
      return refuse(invalid_parameter(
          fmt::format("The provided execution role does not have permissions to call {} on SQS", action)));
  return {};
}

Outcome<void> check_destination_permission(Parts& parts, const Function& function, const std::string& target) {
  const auto source = acting_for(parts.environment, function);
  const auto service = destination_service(target);
  Outcome<void> allowed = refuse(403, "AccessDenied", "no service has this destination");
  std::string_view call = "write", at = target;
  if (service == "sqs" && parts.environment.queues) {
    call = "SendMessage", at = "SQS";
    allowed = parts.environment.queues->may(target, call, source);
  } else if (service == "sns" && parts.environment.topics) {
    call = "Publish", at = "SNS";
    allowed = parts.environment.topics->may(target, call, source);
  } else if (service == "lambda") {
    call = "InvokeFunction", at = "Lambda";
    allowed = authorize_invocation(parts, target, source);
  }
  if (!allowed && (allowed.error().status == 403))
    return refuse(invalid_parameter(
        fmt::format("The provided execution role does not have permissions to call {} on {}", call, at)));
  return {};
}

}  // namespace ads::cloud::lambda
