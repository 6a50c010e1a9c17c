#include "cloud/iam/policy.h"

namespace ads::cloud::iam {
namespace {

std::unexpected<WireError> malformed(std::string message) {
  return refuse(400, "MalformedPolicyDocument", std::move(message));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// A scalar as the text that conditions compare; nothing for an object, array or null.
std::optional<std::string> scalar(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_number()) return json::serialize(value);
  return std::nullopt;
}

Outcome<Patterns> read_patterns(const json::value& value, std::string_view element) {
  Patterns out;
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
    auto patterns = read_patterns(names, "Principal");
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

constexpr std::array<std::string_view, 27> kOperators = {"StringEquals",
                                                         "StringNotEquals",
                                                         "StringEqualsIgnoreCase",
                                                         "StringNotEqualsIgnoreCase",
                                                         "StringLike",
                                                         "StringNotLike",
                                                         "NumericEquals",
                                                         "NumericNotEquals",
                                                         "NumericLessThan",
                                                         "NumericLessThanEquals",
                                                         "NumericGreaterThan",
                                                         "NumericGreaterThanEquals",
                                                         "DateEquals",
                                                         "DateNotEquals",
                                                         "DateLessThan",
                                                         "DateLessThanEquals",
                                                         "DateGreaterThan",
                                                         "DateGreaterThanEquals",
                                                         "Bool",
                                                         "BinaryEquals",
                                                         "IpAddress",
                                                         "NotIpAddress",
                                                         "ArnEquals",
                                                         "ArnLike",
                                                         "ArnNotEquals",
                                                         "ArnNotLike",
                                                         "Null"};

Outcome<std::vector<Condition>> read_conditions(const json::value& value) {
  std::vector<Condition> out;
  const auto* operators = value.if_object();
  if (operators == nullptr) return malformed("Syntax errors in policy.");
  for (const auto& [name, keys] : *operators) {
    Condition condition;
    std::string_view operation = name;
    if (operation.starts_with("ForAllValues:")) {
      condition.set = Condition::Set::for_all;
      operation.remove_prefix(13);
    } else if (operation.starts_with("ForAnyValue:")) {
      condition.set = Condition::Set::for_any;
      operation.remove_prefix(12);
    }
    if (operation.ends_with("IfExists") && operation != "NullIfExists") {
      condition.absent = Condition::Absent::passes;
      operation.remove_suffix(8);
    }
    if (std::ranges::find(kOperators, operation) == kOperators.end()) {
      return malformed(fmt::format("Invalid Condition type : {}", std::string_view(name)));
    }
    condition.operation = operation;
    const auto* object = keys.if_object();
    if (object == nullptr) return malformed("Syntax errors in policy.");
    for (const auto& [key, values] : *object) {
      auto patterns = read_patterns(values, "Condition");
      if (!patterns) return refuse(patterns.error());
      condition.key = lower(key);
      condition.values = std::move(*patterns);
      out.push_back(condition);
    }
  }
  return out;
}

std::optional<WireError> check_actions(const Patterns& actions) {
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

Outcome<Statement> read_statement(const json::object& object, PolicyKind kind) {
  Statement statement;
  static const std::set<std::string_view> kKnown = {"Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
                                                    "NotAction", "Resource", "NotResource", "Condition"};
  for (const auto& [name, value] : object) {
    if (!kKnown.contains(std::string_view(name))) {
      return malformed(fmt::format("Syntax errors in policy: unknown field {}.", std::string_view(name)));
    }
    Outcome<Patterns> patterns = Patterns{};
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
      auto conditions = read_conditions(value);
      if (!conditions) return refuse(conditions.error());
      statement.conditions = std::move(*conditions);
    } else {
      patterns = read_patterns(value, name);
      if (!patterns) return refuse(patterns.error());
      if (name == "Action" || name == "NotAction") {
        if (auto error = check_actions(*patterns)) return refuse(*error);
        for (auto& action : *patterns) action = lower(action);
        (name == "Action" ? statement.actions : statement.not_actions) = std::move(*patterns);
      } else {
        if (kind == PolicyKind::trust) return malformed(fmt::format("Has prohibited field {}", std::string_view(name)));
        for (const auto& resource : *patterns) {
          if (resource != "*" && !resource.starts_with("arn:")) {
            return malformed(fmt::format("Resource {} must be in ARN format or \"*\".", resource));
          }
        }
        (name == "Resource" ? statement.resources : statement.not_resources) = std::move(*patterns);
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
  std::set<std::string> sids;
  for (const auto* body : bodies) {
    if (body == nullptr) return malformed("Syntax errors in policy.");
    auto statement = read_statement(*body, kind);
    if (!statement) return refuse(statement.error());
    if (!statement->sid.empty() && !sids.insert(statement->sid).second) {
      return malformed(fmt::format("Statement IDs (SID) in a single policy must be unique: {}.", statement->sid));
    }
    policy.statements.push_back(std::move(*statement));
  }
  return policy;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  // Greedy with one point to return to: linear in practice, never exponential.
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    const char c = p == pattern.size()              ? '\0'
                   : pattern[p] == kLiteralStar     ? '*'
                   : pattern[p] == kLiteralQuestion ? '?'
                                                    : pattern[p];
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] != '*' && c == text[t]))) {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace ads::cloud::iam
