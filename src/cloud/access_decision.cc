#include "cloud/access_decision.h"

#include <fmt/core.h>

#include <algorithm>

namespace ads::cloud::access {
namespace {

// "arn:aws:sts::1:assumed-role/R/s" is a session of "arn:aws:iam::1:role/R", whatever the role's path.
bool is_role_of(std::string_view pattern, const Principal& principal) {
  return principal.kind == Principal::Kind::role && pattern == principal.entity_arn;
}

bool is_account_of(std::string_view pattern, const Principal& principal) {
  if (pattern == principal.account) return true;
  constexpr std::string_view kStart = "arn:aws:iam::", kEnd = ":root";
  return pattern.starts_with(kStart) && pattern.ends_with(kEnd) &&
         pattern.substr(kStart.size(), pattern.size() - kStart.size() - kEnd.size()) == principal.account;
}

Grant match(const PrincipalPatterns& principals, const Principal& principal) {
  const bool is_anybody = principals.scope == PrincipalPatterns::Scope::anybody;
  if (principal.kind == Principal::Kind::service) {
    return is_anybody || std::ranges::find(principals.service, principal.arn) != principals.service.end()
               ? Grant::direct
               : Grant::none;
  }
  auto best = is_anybody ? Grant::bounded : Grant::none;
  for (const auto& name : principals.aws) {
    if (name == principal.arn) return Grant::direct;
    if (is_role_of(name, principal)) best = std::max(best, Grant::bounded);
    if (is_account_of(name, principal)) best = std::max(best, Grant::account);
  }
  return best;
}

bool any_matches(const Patterns& patterns, std::string_view text, const Facts& facts) {
  return std::ranges::any_of(patterns, [&](const Pattern& pattern) { return pattern.matches(text, facts); });
}

// The grant of a statement that applies, whatever its effect; none where it does not.
Grant applies(const Statement& statement, const Principal& principal, std::string_view action,
              std::string_view resource, const Facts& facts) {
  // The cheapest first: most statements are about something else.
  if (!statement.actions.empty() && !any_matches(statement.actions, action, facts)) return Grant::none;
  if (!statement.not_actions.empty() && any_matches(statement.not_actions, action, facts)) return Grant::none;
  if (!statement.resources.empty() && !any_matches(statement.resources, resource, facts)) return Grant::none;
  if (!statement.not_resources.empty() && any_matches(statement.not_resources, resource, facts)) return Grant::none;
  auto grant = Grant::direct;
  if (!statement.principals.empty()) grant = match(statement.principals, principal);
  if (grant == Grant::none) return grant;
  if (!statement.not_principals.empty()) {
    if (match(statement.not_principals, principal) != Grant::none) return Grant::none;
    grant = Grant::bounded;
  }
  if (!std::ranges::all_of(statement.conditions, [&](const Condition& c) { return holds(c, facts); })) {
    return Grant::none;
  }
  return grant;
}

Verdict evaluate_lowered(const Policy& policy, const Principal& principal, std::string_view action,
                         std::string_view resource, const Facts& facts) {
  Verdict verdict;
  for (const auto& statement : policy.statements) {
    const bool is_deny = statement.effect == Statement::Effect::deny;
    if (!is_deny && verdict.allowed == Grant::direct) continue;
    const auto grant = applies(statement, principal, action, resource, facts);
    if (grant == Grant::none) continue;
    if (is_deny) {
      verdict.denied = &statement;
      return verdict;
    }
    verdict.allowed = std::max(verdict.allowed, grant);
  }
  return verdict;
}

std::string_view title(Layer layer) {
  switch (layer) {
    case Layer::identity:
      return "identity-based policy";
    case Layer::resource:
      return "resource-based policy";
    case Layer::boundary:
      return "permissions boundary";
    case Layer::session:
      return "session policy";
  }
  return "";
}

}  // namespace

Verdict evaluate(const Policy& policy, const Principal& principal, const Question& question, const Facts& facts) {
  return evaluate_lowered(policy, principal, to_lower(question.action), question.resource, facts);
}

Decision decide(const Principal& principal, const Question& question, const Facts& facts,
                const NamedPolicy* resource_policy, ResourcePolicy rule) {
  const std::string action = to_lower(question.action);
  const auto ask = [&](const NamedPolicy& policy) {
    return evaluate_lowered(policy.policy, principal, action, question.resource, facts);
  };
  const auto denied = [](Layer layer, const NamedPolicy& policy, const Verdict& verdict) {
    return Decision{Decision::Kind::denied, layer, &policy, verdict.denied};
  };
  const auto not_allowed = [](Layer layer) { return Decision{Decision::Kind::not_allowed, layer, nullptr, nullptr}; };
  constexpr Decision kAllowed{Decision::Kind::allowed, Layer::identity, nullptr, nullptr};

  auto by_identity = Grant::none, by_resource = Grant::none;
  for (const auto& policy : principal.policies) {
    const auto verdict = ask(*policy);
    if (verdict.denied != nullptr) return denied(Layer::identity, *policy, verdict);
    by_identity = std::max(by_identity, verdict.allowed);
  }
  if (resource_policy != nullptr) {
    const auto verdict = ask(*resource_policy);
    if (verdict.denied != nullptr) return denied(Layer::resource, *resource_policy, verdict);
    by_resource = verdict.allowed;
  }
  bool is_within_boundary = true, is_within_session = true;
  if (principal.boundary) {
    const auto verdict = ask(*principal.boundary);
    if (verdict.denied != nullptr) return denied(Layer::boundary, *principal.boundary, verdict);
    is_within_boundary = verdict.allowed != Grant::none;
  }
  if (principal.session) {
    const auto verdict = ask(*principal.session);
    if (verdict.denied != nullptr) return denied(Layer::session, *principal.session, verdict);
    is_within_session = verdict.allowed != Grant::none;
  }

  const bool is_required = rule == ResourcePolicy::required;
  if (is_required && by_resource == Grant::none) return not_allowed(Layer::resource);
  if (principal.kind == Principal::Kind::root) return kAllowed;
  if (by_resource == Grant::direct) return kAllowed;
  if (principal.kind == Principal::Kind::service) return not_allowed(Layer::resource);
  const bool may = by_resource == Grant::bounded || by_identity != Grant::none;
  if (!may) return not_allowed(Layer::identity);
  if (!is_within_boundary) return not_allowed(Layer::boundary);
  if (!is_within_session) return not_allowed(Layer::session);
  return kAllowed;
}

std::string where_denied(const Decision& decision) {
  if (decision.policy == nullptr || decision.statement == nullptr) return "";
  const auto& statements = decision.policy->policy.statements;
  const auto number = decision.statement - statements.data() + 1;
  return fmt::format("{}, statement {}", decision.policy->name,
                     decision.statement->sid.empty() ? std::to_string(number) : decision.statement->sid);
}

std::string words(const Principal& principal, const Question& question, const Decision& decision) {
  auto out = fmt::format("User: {} is not authorized to perform: {} on resource: {} ", principal.arn, question.action,
                         question.resource);
  const std::string_view article = decision.layer == Layer::identity ? "an" : "a";
  if (decision.kind == Decision::Kind::denied) {
    out += fmt::format("with an explicit deny in {} {}: {}", article, title(decision.layer), where_denied(decision));
  } else {
    out += fmt::format("because no {} allows the {} action", title(decision.layer), question.action);
  }
  return out;
}

}  // namespace ads::cloud::access
