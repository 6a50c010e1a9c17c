#include "cli/user_rules.h"

#include "aws/cloudformation/client.h"

namespace ads::cli {

Task<Result<UserRules>> user_rules(Session& session) {
  auto connection = session.connection();
  if (!connection) co_return fail(connection.error());
  auto described = co_await aws::cloudformation::Client(**connection).describe_stacks(session.stack_name);
  if (!described) co_return fail(described.error());
  UserRules rules;
  for (const auto& stack : described->stacks)
    for (const auto& parameter : stack.parameters) {
      if (parameter.key == "UserKeyForm")
        for (auto form : {batch::UserKeyForm::uuid_lower, batch::UserKeyForm::uuid_upper})
          if (batch::to_string(form) == parameter.value) rules.key_form = form;
      if (parameter.key != "ActiveStatus" || parameter.value.value_or("").empty()) continue;
      auto statuses = batch::ActiveStatuses::parse(*parameter.value);
      if (!statuses) co_return fail(statuses.error());
      rules.active = std::move(*statuses);
    }
  co_return rules;
}

}  // namespace ads::cli
