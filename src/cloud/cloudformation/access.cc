#include "cloud/cloudformation/access.h"

#include <fmt/core.h>

#include "cloud/access.h"
#include "cloud/query_protocol.h"

namespace ads::cloud::cloudformation {
namespace {

std::string text(const json::object& form, std::string_view name) {
  return std::string(get_string(form, name).value_or(""));
}

bool is_for_all(std::string_view action) {
  return action == "ListStacks" || action == "ListExports" || action == "ListImports" || action == "ValidateTemplate" ||
         action == "DescribeAccountLimits";
}

}  // namespace

Outcome<void> authorize(const Call& call, std::string_view body) {
  if (!access::is_enforced(call)) return {};
  const bool is_get = call.request.head.method == "GET";
  auto form = parse_query_form(is_get ? http::split_target(call.request.head.target).second : body);
  if (!form) return {};  // the service refuses what it cannot read
  const auto action = text(*form, "Action");
  if (action.empty()) return {};
  access::Need need{fmt::format("cloudformation:{}", action), "*"};
  if (!is_for_all(action)) {
    auto stack = text(*form, "StackName");
    if (stack.empty()) stack = text(*form, "StackId");
    // A change set may be named by its ARN alone.
    if (stack.empty()) stack = text(*form, "ChangeSetName");
    if (stack.starts_with("arn:")) {
      need.resource = stack;
    } else if (action != "GetTemplateSummary" || !stack.empty()) {
      need.resource = fmt::format("arn:aws:cloudformation:{}:{}:stack/{}{}", call.region, call.account, stack,
                                  stack.empty() ? "*" : "/*");
    }
  }
  for (auto [member, key] :
       {std::pair{"TemplateURL", "cloudformation:templateurl"},
        std::pair{"ChangeSetName", "cloudformation:changesetname"}, std::pair{"RoleARN", "cloudformation:rolearn"}})
    if (auto value = text(*form, member); !value.empty()) need.keys.emplace_back(key, access::Values{value});
  if (auto allowed = access::authorize(call, need); !allowed) return allowed;
  const auto role = text(*form, "RoleARN");
  if (role.empty()) return {};
  return access::authorize(
      call,
      access::Need{"iam:PassRole", role, {{"iam:passedtoservice", access::Values{"cloudformation.amazonaws.com"}}}});
}

}  // namespace ads::cloud::cloudformation
