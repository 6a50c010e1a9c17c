#include "cli/stack_act.h"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace ads::cli {
namespace {

struct Advice {
  std::string_view sign, text;
};
// The first that fits. The signs are what services really say.
constexpr std::array kAdvice{
    Advice{"UnreservedConcurrentExecution",
           "the account has no concurrency to reserve: deploy with a concurrency "
           "parameter of 0, or ask AWS for more (Service Quotas, Lambda)"},
    Advice{"bucket you tried to delete is not empty",
           "empty the bucket, old versions included, and `ads destroy` again; or keep it: `ads destroy --retain` with "
           "its logical id"},
    Advice{"is not authorized to perform", "whoever deploys lacks that permission: add it, or use another profile"},
    Advice{"not authorized to perform", "whoever deploys lacks that permission: add it, or use another profile"},
    Advice{"AccessDenied", "whoever deploys lacks a permission: add it, or use another profile"},
    Advice{"already belongs to the stack", "that stack keeps it: deploy with another NamePrefix"},
    Advice{"already exist",
           "the name is taken, perhaps by a resource that an earlier stack left behind: remove that, or "
           "deploy with another NamePrefix"},
    Advice{"NoSuchKey", "the code is not in the artefact bucket any more: deploy again, it is uploaded anew"},
    Advice{"deletion protection", "switch the deletion protection off first: it is a parameter or a property"},
    Advice{"deletionprotection", "switch the deletion protection off first: it is a parameter or a property"},
    Advice{"LimitExceeded",
           "a quota of the account is used up: ask AWS for more (Service Quotas), or remove what is "
           "not used"},
    Advice{"Rate exceeded", "AWS throttled the deployment: deploy again"},
    Advice{"Throttling", "AWS throttled the deployment: deploy again"},
};

StackDecision refuse(std::string why) {
  return {StackAct::refuse, std::move(why)};
}

}  // namespace

bool is_in_progress(std::string_view status) {
  return status.ends_with("_IN_PROGRESS") && status != "REVIEW_IN_PROGRESS";
}

bool is_failure(std::string_view status) {
  return status.ends_with("_FAILED") || status.find("ROLLBACK") != status.npos;
}

StackDecision decide_deploy(const std::optional<std::string>& status, std::string_view stack) {
  if (!status || *status == "DELETE_COMPLETE" || *status == "REVIEW_IN_PROGRESS") return {StackAct::create, {}};
  if (is_in_progress(*status))
    return {StackAct::wait, fmt::format("The stack '{}' is {}: following that to its end first.", stack, *status)};
  if (*status == "ROLLBACK_COMPLETE")
    return {StackAct::remove_first,
            fmt::format("The creation of the stack '{}' failed and was rolled back (ROLLBACK_COMPLETE). Such a stack "
                        "cannot be updated: it is deleted and made anew.",
                        stack)};
  if (*status == "UPDATE_ROLLBACK_FAILED")
    return refuse(
        fmt::format("the stack '{0}' is UPDATE_ROLLBACK_FAILED: an update failed, and so did going back. Mend what its "
                    "reason names, then `aws cloudformation continue-update-rollback --stack-name {0}` (with "
                    "--resources-to-skip for what cannot be mended), and deploy again",
                    stack));
  if (*status == "CREATE_FAILED" || *status == "ROLLBACK_FAILED" || *status == "DELETE_FAILED" ||
      *status == "IMPORT_ROLLBACK_FAILED")
    return refuse(
        fmt::format("the stack '{0}' is {1} and cannot be updated: remove it with `ads destroy --stack-name "
                    "{0}`, then deploy again",
                    stack, *status));
  return {StackAct::update, {}};
}

StackDecision decide_destroy(const std::optional<std::string>& status, std::string_view stack) {
  if (!status || *status == "DELETE_COMPLETE")
    return refuse(
        fmt::format("there is no stack '{}' here: name another with --stack-name, or another --region", stack));
  if (is_in_progress(*status))
    return {StackAct::wait, fmt::format("The stack '{}' is {}: following that to its end first.", stack, *status)};
  return {StackAct::remove_first, {}};
}

std::string advice_on(std::string_view reason) {
  for (const auto& [sign, text] : kAdvice)
    if (reason.find(sign) != reason.npos) return std::string(text);
  return {};
}

}  // namespace ads::cli
