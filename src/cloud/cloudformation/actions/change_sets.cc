// Change sets: an update looked at before it is made.
#include "base/ids.h"
#include "cloud/cloudformation/actions/input.h"
#include "cloud/cloudformation/begin.h"
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/imports.h"

namespace ads::cloud::cloudformation {
namespace {

struct Found {
  Stack stack;
  ChangeSet change_set;
};

// By the change set's ARN, or by its name and the stack's. Errors: ChangeSetNotFound, ValidationError.
Outcome<Found> find_change_set(Desk& desk, const Call& call, const json::object& input) {
  const auto name = text(input, "ChangeSetName"), stack_name = text(input, "StackName");
  std::optional<Stack> stack;
  std::string plain_name = name;
  if (name.starts_with("arn:")) {
    const auto place = desk.stacks.locate_change_set(call.region, name);
    if (!place) return refuse(no_change_set(name));
    stack = desk.stacks.find_uuid(call.region, place->first);
    plain_name = place->second;
  } else if (stack_name.empty()) {
    return refuse(validation("StackName must be specified if ChangeSetName is not specified as an ARN."));
  } else {
    stack = desk.stacks.find(call.region, stack_name);
    if (!stack) return refuse(no_stack(stack_name));
  }
  auto change_set = stack ? desk.stacks.change_set(*stack, plain_name) : std::nullopt;
  if (!change_set) return refuse(no_change_set(name));
  return Found{*std::move(stack), *std::move(change_set)};
}

Outcome<std::string> change_set_name(const json::object& input) {
  const auto name = text(input, "ChangeSetName");
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || name.size() > 128 || !is_letter(name[0])) {
    return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at 'changeSetName' failed to satisfy "
                               "constraint: Member must satisfy regular expression pattern: "
                               "[a-zA-Z][-a-zA-Z0-9]*",
                               name)));
  }
  return name;
}

// The stack that the change set is for; a new one in REVIEW_IN_PROGRESS for the type CREATE.
Outcome<Stack> change_set_stack(Desk& desk, const Call& call, const json::object& input, std::string_view type) {
  const auto name = text(input, "StackName");
  auto existing = desk.stacks.find(call.region, name);
  if (type == "CREATE") {
    if (!existing) {
      auto valid = stack_name(input);
      if (!valid) return refuse(valid.error());
      auto stack = new_stack(desk, call, *std::move(valid));
      stack.status = "REVIEW_IN_PROGRESS";
      stack.reason = "User Initiated";
      return stack;
    }
    if (existing->status != "REVIEW_IN_PROGRESS") return refuse(stack_exists(name));
    return *std::move(existing);
  }
  if (!existing) return refuse(validation(fmt::format("Stack [{}] does not exist", name)));
  if (auto can = may_update(*existing); !can) return refuse(can.error());
  return *std::move(existing);
}

json::object summary(const Stack& stack, const ChangeSet& c) {
  json::object out{{"StackId", stack.id},
                   {"StackName", stack.name},
                   {"ChangeSetId", c.id},
                   {"ChangeSetName", c.name},
                   {"CreationTime", iso8601(c.created)},
                   {"ExecutionStatus", c.execution_status},
                   {"Status", c.status},
                   {"IncludeNestedStacks", false}};
  if (!c.reason.empty()) out["StatusReason"] = c.reason;
  if (!c.description.empty()) out["Description"] = c.description;
  if (c.imports_existing) out["ImportExistingResources"] = true;
  return out;
}

}  // namespace

Answer create_change_set(Desk& desk, Call& call, json::object input) {
  auto name = change_set_name(input);
  if (!name) co_return refuse(name.error());
  if (auto supported = refuse_unsupported(input); !supported) co_return refuse(supported.error());
  auto type = text(input, "ChangeSetType");
  if (type.empty()) type = "UPDATE";
  if (type == "IMPORT") co_return refuse(unsupported("ChangeSetType IMPORT"));
  if (type != "CREATE" && type != "UPDATE") {
    co_return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at 'changeSetType' failed to satisfy "
                               "constraint: Member must satisfy enum value set: [CREATE, UPDATE, IMPORT]",
                               type)));
  }
  const auto present = desk.stacks.find(call.region, text(input, "StackName"));
  auto template_text = co_await read_template_text(
      desk, call, input, present && text(input, "UsePreviousTemplate") == "true" ? &*present : nullptr);
  if (!template_text) co_return refuse(template_text.error());

  const auto token = text(input, "ClientToken");
  Outcome<Stack> stack;
  Outcome<Prepared> prepared;
  for (bool is_current = false; !is_current;) {
    stack = change_set_stack(desk, call, input, type);
    if (!stack) co_return refuse(stack.error());
    const auto existing = desk.stacks.change_set(*stack, *name);
    if (existing) {
      if (!token.empty() && existing->client_token == token) {
        co_return members({{"Id", existing->id}, {"StackId", stack->id}});
      }
      // The aws CLI names its change sets by the second, in which this cloud makes more than one.
      const bool is_over = existing->execution_status == "EXECUTE_COMPLETE" || existing->status == "FAILED";
      if (!is_over) {
        co_return refuse(400, "AlreadyExistsException", fmt::format("ChangeSet {} already exists", *name));
      }
    }
    prepared = co_await prepare_definition(desk, input, *template_text, *stack);
    // Another request may have changed the stack meanwhile, or taken the change set's name.
    const auto present_set = desk.stacks.change_set(*stack, *name);
    is_current = is_as_read(desk, *stack) && (present_set ? present_set->id : "") == (existing ? existing->id : "");
  }
  if (!prepared) co_return refuse(prepared.error());
  const bool imports_existing = text(input, "ImportExistingResources") == "true";
  std::string import_failure;
  if (imports_existing) {
    auto found = co_await find_imports(desk, *stack, *prepared);
    if (!found) co_return refuse(found.error());
    import_failure = *std::move(found);
  }
  ChangeSet change_set{.name = *name, .uuid = random_uuid(), .description = text(input, "Description"), .type = type};
  change_set.id = fmt::format("arn:aws:cloudformation:{}:{}:changeSet/{}/{}", stack->region, desk.environment.account,
                              change_set.name, change_set.uuid);
  change_set.client_token = token;
  change_set.on_failure = text(input, "OnStackFailure");
  change_set.created = desk.stacks.now();
  change_set.definition = std::move(prepared->definition);
  change_set.changes = std::move(prepared->plan.changes);
  change_set.imports_existing = imports_existing;
  change_set.imports = std::move(prepared->imports);
  if (!import_failure.empty()) {
    change_set.status = "FAILED";
    change_set.execution_status = "UNAVAILABLE";
    change_set.reason = import_failure;
  } else if (type == "UPDATE" && prepared->plan.is_empty) {
    change_set.status = "FAILED";
    change_set.execution_status = "UNAVAILABLE";
    change_set.reason =
        "The submitted information didn't contain changes. Submit different information to create a change set.";
  } else {
    change_set.status = "CREATE_COMPLETE";
    change_set.execution_status = "AVAILABLE";
  }
  Batch batch;
  if (stack->status == "REVIEW_IN_PROGRESS" && !desk.stacks.find_uuid(call.region, stack->uuid)) {
    desk.stacks.put(batch, *stack);
    desk.stacks.take_name(batch, *stack);
    desk.stacks.note(batch, *stack);
  }
  desk.stacks.put(batch, *stack, change_set);
  if (auto written = co_await desk.stacks.store().commit(std::move(batch)); !written) {
    co_return refuse(internal_failure(written.error()));
  }
  co_return members({{"Id", change_set.id}, {"StackId", stack->id}});
}

Answer describe_change_set(Desk& desk, Call& call, json::object input) {
  auto found = find_change_set(desk, call, input);
  if (!found) co_return refuse(found.error());
  const auto& [stack, c] = *found;
  auto result = summary(stack, c);
  result["Parameters"] = shown_parameters(c.definition);
  result["Tags"] = c.definition.tags;
  result["Capabilities"] = c.definition.capabilities;
  result["NotificationARNs"] = json::array{};
  result["RollbackConfiguration"] = json::object{};
  result["Changes"] = c.changes;
  if (!c.on_failure.empty()) result["OnStackFailure"] = c.on_failure;
  co_return members(result);
}

Answer execute_change_set(Desk& desk, Call& call, json::object input) {
  auto found = find_change_set(desk, call, input);
  if (!found) co_return refuse(found.error());
  const std::string template_text = found->change_set.definition.template_text;
  auto parsed = co_await desk.engine.work_thread().run([&] { return read_template(template_text); });
  if (!parsed) co_return refuse(parsed.error());
  found = find_change_set(desk, call, input);  // as it is now
  if (!found) co_return refuse(found.error());
  auto& [stack, change_set] = *found;
  if (change_set.definition.template_text != template_text)
    co_return refuse(no_change_set(text(input, "ChangeSetName")));
  const auto retried = is_retry(stack, input, "ExecuteChangeSet");
  if (!retried) co_return refuse(retried.error());
  if (*retried && stack.change_set_id == change_set.id) co_return std::string("\n");
  if (change_set.execution_status != "AVAILABLE") {
    co_return refuse(400, "InvalidChangeSetStatus",
                     fmt::format("ChangeSet [{}] cannot be executed in its current status of [{}]", change_set.id,
                                 change_set.status == "FAILED" ? change_set.status : change_set.execution_status));
  }
  const bool is_creation = stack.status == "REVIEW_IN_PROGRESS";
  if (!is_creation) {
    if (auto can = may_update(stack); !can) co_return refuse(can.error());
  }
  auto conduct = conduct_of(input);
  if (change_set.on_failure == "DO_NOTHING") conduct.keeps_failed = true;
  if (is_creation && !change_set.on_failure.empty()) stack.on_failure = change_set.on_failure;
  if (is_creation && conduct.keeps_failed) stack.on_failure = "DO_NOTHING";
  stack.client_token = text(input, "ClientRequestToken");
  stack.token_action = "ExecuteChangeSet";
  stack.change_set_id = change_set.id;
  // The others were made against what the stack no longer is.
  Batch batch;
  for (const auto& other : desk.stacks.change_sets(stack)) {
    if (other.name != change_set.name) desk.stacks.remove(batch, stack, other);
  }
  change_set.execution_status = "EXECUTE_COMPLETE";
  desk.stacks.put(batch, stack, change_set);
  if (auto applied = desk.stacks.store().apply(std::move(batch)); !applied)
    co_return refuse(internal_failure(applied.error()));
  Prepared prepared{.definition = change_set.definition, .parsed = *std::move(parsed), .imports = change_set.imports};
  auto begun = is_creation ? begin_create(desk, stack, std::move(prepared), conduct)
                           : begin_update(desk, stack, std::move(prepared), conduct);
  if (!begun) co_return refuse(begun.error());
  co_return co_await settle(desk, stack, std::string("\n"));
}

Answer delete_change_set(Desk& desk, Call& call, json::object input) {
  auto found = find_change_set(desk, call, input);
  if (!found) {
    if (found.error().code == "ChangeSetNotFound") co_return std::string("\n");
    co_return refuse(found.error());
  }
  Batch batch;
  desk.stacks.remove(batch, found->stack, found->change_set);
  if (auto written = co_await desk.stacks.store().commit(std::move(batch)); !written) {
    co_return refuse(internal_failure(written.error()));
  }
  co_return std::string("\n");
}

Answer list_change_sets(Desk& desk, Call& call, json::object input) {
  auto stack = named_stack(desk, call, input);
  if (!stack) co_return refuse(stack.error());
  json::array summaries;
  for (const auto& change_set : desk.stacks.change_sets(*stack)) {
    if (change_set.execution_status != "EXECUTE_COMPLETE") summaries.push_back(summary(*stack, change_set));
  }
  co_return members({{"Summaries", std::move(summaries)}});
}

}  // namespace ads::cloud::cloudformation
