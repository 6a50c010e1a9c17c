// What a stack's status allows: the decision that `ads deploy` and `ads destroy` take before they touch it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ads::cli {

bool is_in_progress(std::string_view status);  // somebody or something is at work on it
bool is_failure(std::string_view status);      // of a stack or a resource: it did not become what was asked for

enum class StackAct {
  create,        // there is none, or one that is only a name with change sets (REVIEW_IN_PROGRESS)
  update,        // it stands
  wait,          // it is being worked on: follow that to its end, then decide again
  remove_first,  // its creation was rolled back: nothing is in it, it can only be deleted
  refuse,        // a person must act first
};
struct StackDecision {
  StackAct act = StackAct::create;
  std::string why;  // for wait, remove_first and refuse: a sentence, with what to do
};

// `status` as DescribeStacks says it; nothing: there is no such stack.
StackDecision decide_deploy(const std::optional<std::string>& status, std::string_view stack);
StackDecision decide_destroy(const std::optional<std::string>& status, std::string_view stack);

// What to do about a resource's failure, from its reason; empty where nothing is known.
std::string advice_on(std::string_view reason);

}  // namespace ads::cli
