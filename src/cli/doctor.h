// The examinations of `ads doctor`: each asks the services and appends what it finds.
#pragma once
#include <vector>

#include "cli/diagnosis.h"
#include "cli/session.h"

namespace ads::cli {

struct Examination {
  Session& session;
  aws::Connection& connection;
  std::optional<aws::cloudformation::Stack> stack;  // set by examine_stack, where there is one
  std::vector<aws::cloudformation::StackResource> resources;
  std::vector<Finding> findings;

  void add(Finding finding) { findings.push_back(std::move(finding)); }
  std::string parameter(std::string_view name) const;  // of the stack; empty where it has none
};

// False: there are no credentials that any service takes; nothing else can be asked then.
Task<bool> examine_identity(Examination& examination);
Task<void> examine_stack(Examination& examination);
Task<void> examine_quotas(Examination& examination);
Task<void> examine_mail(Examination& examination);
Task<void> examine_work(Examination& examination);  // dead letters, runs, functions

}  // namespace ads::cli
