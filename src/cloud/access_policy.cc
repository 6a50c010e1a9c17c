#include "cloud/access_policy.h"

#include <algorithm>
#include <set>

namespace ads::cloud::access {
namespace {

std::unexpected<WireError> malformed(std::string message) {
  return refuse(400, "MalformedPolicyDocument", std::move(message));
}

// A scalar as the text that conditions compare; nothing for an object, array or null.
std::optional<std::string> scalar(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_number()) return json::serialize(value);
  return std::nullopt;
}

using Texts = std::vector<std::string>;

// "x" or ["x", "y"].
Outcome<Texts> read_texts(const json::value& value, std::string_view element) {
  Texts out;
  if (const auto* array = value.if_array()) {
    for (const auto& entry : *array) {
      auto text = scalar(entry);
      if (!text) return malformed("Syntax errors in policy.");
      out.push_back(std::move(*text));
    }
  } else if (auto text = scalar(value)) {
    out.push_back(std::move(*text));
  } else {
    return malformed(fmt::format("Syntax errors in policy: {} must be a string or a list of strings.", element));
  }
  return out;
}

Outcome<PrincipalPatterns> read_principals(const json::value& value) {
  PrincipalPatterns out;
  if (value.is_string()) {
    if (value.as_string() != "*") return malformed("Invalid principal in policy.");
    out.scope = PrincipalPatterns::Scope::anybody;
    return out;
  }
  const auto* object = value.if_object();
  if (object == nullptr || object->empty()) return malformed("Invalid principal in policy.");
  for (const auto& [kind, names] : *object) {
    auto patterns = read_texts(names, "Principal");
    if (!patterns) return refuse(patterns.error());
    if (kind == "AWS") {
      out.aws = std::move(*patterns);
      if (std::ranges::find(out.aws, "*") != out.aws.end()) out.scope = PrincipalPatterns::Scope::anybody;
      for (const auto& name : out.aws) {
        const bool account = name.size() == 12 && name.find_first_not_of("0123456789") == std::string::npos;
        if (name != "*" && !account && !name.starts_with("arn:")) {
          return malformed(fmt::format("Invalid principal in policy: \"AWS\":\"{}\"", name));
        }
      }
    } else if (kind == "Service") {
      for (const auto& name : *patterns) {
        if (!name.ends_with(".amazonaws.com") && !name.ends_with(".amazon.com")) {
          return malformed(fmt::format("Invalid principal in policy: \"SERVICE\":\"{}\"", name));
        }
      }
      out.service = std::move(*patterns);
    } else if (kind == "Federated" || kind == "CanonicalUser") {
      out.federated = std::move(*patterns);
    } else {
      return malformed(fmt::format("Unknown field {}", std::string_view(kind)));
    }
  }
  return out;
}

Patterns compiled(const Texts& texts, Variables variables) {
  Patterns out;
  out.reserve(texts.size());
  for (const auto& text : texts) out.emplace_back(text, variables);
  return out;
}

Outcome<std::vector<Condition>> read_conditions(const json::value& value, Variables variables) {
  std::vector<Condition> out;
  const auto* operators = value.if_object();
  if (operators == nullptr) return malformed("Syntax errors in policy.");
  for (const auto& [name, keys] : *operators) {
    auto condition = parse_operator(name);
    if (!condition) return malformed(fmt::format("Invalid Condition type : {}", std::string_view(name)));
    const auto* object = keys.if_object();
    if (object == nullptr) return malformed("Syntax errors in policy.");
    for (const auto& [key, values] : *object) {
      auto texts = read_texts(values, "Condition");
      if (!texts) return refuse(texts.error());
      condition->key = to_lower(key);
      condition->values = compiled(*texts, variables);
      out.push_back(*condition);
    }
  }
  return out;
}

std::optional<WireError> check_actions(const Texts& actions) {
  for (const auto& action : actions) {
    if (action == "*") continue;
    const auto colon = action.find(':');
    if (colon == std::string::npos || colon == 0) {
      return WireError{400, "MalformedPolicyDocument",
                       "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."};
    }
    if (colon + 1 == action.size()) {
      return WireError{400, "MalformedPolicyDocument", fmt::format("Action {} has no name after its vendor.", action)};
    }
  }
  return std::nullopt;
}

Outcome<Statement> read_statement(const json::object& object, PolicyKind kind, Variables variables) {
  Statement statement;
  static const std::set<std::string_view> kKnown = {"Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
                                                    "NotAction", "Resource", "NotResource", "Condition"};
  for (const auto& [name, value] : object) {
    if (!kKnown.contains(std::string_view(name))) {
      return malformed(fmt::format("Syntax errors in policy: unknown field {}.", std::string_view(name)));
    }
    if (name == "Sid") {
      if (!value.is_string()) return malformed("Syntax errors in policy.");
      statement.sid = value.as_string();
    } else if (name == "Effect") {
      if (value != "Allow" && value != "Deny") return malformed("Syntax errors in policy: Effect is Allow or Deny.");
      statement.effect = value == "Allow" ? Statement::Effect::allow : Statement::Effect::deny;
    } else if (name == "Principal" || name == "NotPrincipal") {
      if (kind == PolicyKind::identity) return malformed("Policy document should not specify a principal.");
      auto principals = read_principals(value);
      if (!principals) return refuse(principals.error());
      (name == "Principal" ? statement.principals : statement.not_principals) = std::move(*principals);
    } else if (name == "Condition") {
      auto conditions = read_conditions(value, variables);
      if (!conditions) return refuse(conditions.error());
      statement.conditions = std::move(*conditions);
    } else {
      auto texts = read_texts(value, name);
      if (!texts) return refuse(texts.error());
      if (name == "Action" || name == "NotAction") {
        if (auto error = check_actions(*texts)) return refuse(*error);
        for (auto& action : *texts) action = to_lower(action);
        (name == "Action" ? statement.actions : statement.not_actions) = compiled(*texts, Variables::literal);
      } else {
        if (kind == PolicyKind::trust) return malformed(fmt::format("Has prohibited field {}", std::string_view(name)));
        for (const auto& resource : *texts) {
          if (resource != "*" && !resource.starts_with("arn:")) {
            return malformed(fmt::format("Resource {} must be in ARN format or \"*\".", resource));
          }
        }
        (name == "Resource" ? statement.resources : statement.not_resources) = compiled(*texts, variables);
      }
    }
  }
  if (!object.contains("Effect")) return malformed("Missing required field Effect");
  if (statement.actions.empty() == statement.not_actions.empty()) {
    return malformed("Policy statement must contain actions.");
  }
  if (kind != PolicyKind::trust && statement.resources.empty() == statement.not_resources.empty()) {
    return malformed("Policy statement must contain resources.");
  }
  if (kind != PolicyKind::identity && statement.principals.empty() == statement.not_principals.empty()) {
    return malformed("Missing required field Principal");
  }
  return statement;
}

}  // namespace

Outcome<Policy> parse_policy(std::string_view document, PolicyKind kind) {
  auto parsed = parse_json(document);
  if (!parsed) return malformed("This policy contains invalid Json");
  const auto* object = parsed->if_object();
  if (object == nullptr) return malformed("Syntax errors in policy.");
  Policy policy;
  const json::value* statements = nullptr;
  for (const auto& [name, value] : *object) {
    if (name == "Version") {
      if (value != "2012-10-17" && value != "2008-10-17") {
        return malformed("The policy must contain a valid version string");
      }
      policy.version = value.as_string();
    } else if (name == "Id") {
      if (!value.is_string()) return malformed("Syntax errors in policy.");
    } else if (name == "Statement") {
      statements = &value;
    } else {
      return malformed(fmt::format("Syntax errors in policy: unknown field {}.", std::string_view(name)));
    }
  }
  if (statements == nullptr) return malformed("Syntax errors in policy: Statement is missing.");
  std::vector<const json::object*> bodies;
  if (const auto* array = statements->if_array()) {
    for (const auto& entry : *array) bodies.push_back(entry.if_object());
  } else {
    bodies.push_back(statements->if_object());
  }
  if (bodies.empty()) return malformed("Syntax errors in policy: Statement is empty.");
  const auto variables = policy.version == "2012-10-17" ? Variables::replaced : Variables::literal;
  std::set<std::string> sids;
  for (const auto* body : bodies) {
    if (body == nullptr) return malformed("Syntax errors in policy.");
    auto statement = read_statement(*body, kind, variables);
    if (!statement) return refuse(statement.error());
    if (!statement->sid.empty() && !sids.insert(statement->sid).second) {
      return malformed(fmt::format("Statement IDs (SID) in a single policy must be unique: {}.", statement->sid));
    }
    policy.statements.push_back(std::move(*statement));
  }
  return policy;
}

}  // namespace ads::cloud::access
