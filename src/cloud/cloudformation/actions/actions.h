// CloudFormation's actions. Each reads as AWS's page does: check, check, decide, write down, begin, answer.
#pragma once
#include <string>

#include "base/json.h"
#include "cloud/call.h"
#include "cloud/cloudformation/engine.h"
#include "cloud/cloudformation/stack_store.h"
#include "cloud/environment.h"

namespace ads::cloud::cloudformation {

// What every action works with.
struct Desk {
  Environment& environment;
  StackStore& stacks;
  Engine& engine;
  const TypeTable& types;
};

using Answer = Task<Outcome<std::string>>;  // the XML inside <OperationResult>
using Action = Answer (*)(Desk&, Call&, json::object);

// stacks.cc
Answer create_stack(Desk&, Call&, json::object);
Answer update_stack(Desk&, Call&, json::object);
Answer delete_stack(Desk&, Call&, json::object);
Answer update_termination_protection(Desk&, Call&, json::object);

// rollbacks.cc
Answer cancel_update_stack(Desk&, Call&, json::object);
Answer continue_update_rollback(Desk&, Call&, json::object);
Answer rollback_stack(Desk&, Call&, json::object);

// describe.cc
Answer describe_stacks(Desk&, Call&, json::object);
Answer list_stacks(Desk&, Call&, json::object);
Answer describe_stack_events(Desk&, Call&, json::object);
Answer describe_stack_resource(Desk&, Call&, json::object);
Answer describe_stack_resources(Desk&, Call&, json::object);
Answer list_stack_resources(Desk&, Call&, json::object);
Answer list_exports(Desk&, Call&, json::object);
Answer list_imports(Desk&, Call&, json::object);

// templates.cc
Answer get_template(Desk&, Call&, json::object);
Answer get_template_summary(Desk&, Call&, json::object);
Answer validate_template(Desk&, Call&, json::object);

// change_sets.cc
Answer create_change_set(Desk&, Call&, json::object);
Answer describe_change_set(Desk&, Call&, json::object);
Answer execute_change_set(Desk&, Call&, json::object);
Answer delete_change_set(Desk&, Call&, json::object);
Answer list_change_sets(Desk&, Call&, json::object);

}  // namespace ads::cloud::cloudformation
