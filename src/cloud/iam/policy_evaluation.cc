#include <charconv>

#include "base/clock.h"
#include "cloud/iam/policy.h"

namespace ads::cloud::iam {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// A request's value is never a wildcard: inside a pattern its "*" and "?" are written so that they stand for
// themselves.
enum class Use { pattern, text };
void append_literally(std::string& out, std::string_view text, Use use) {
  for (const char c : text) {
    out.push_back(use == Use::text ? c : c == '*' ? kLiteralStar : c == '?' ? kLiteralQuestion : c);
  }
}

// "${aws:username}" inside a pattern becomes the request's value; "${*}" and its kin are those characters themselves.
std::string substitute(std::string_view pattern, const AccessRequest& request, Use use = Use::pattern) {
  std::string out;
  while (!pattern.empty()) {
    const auto start = pattern.find("${");
    const auto end = start == std::string_view::npos ? start : pattern.find('}', start);
    if (end == std::string_view::npos) return out.append(pattern);
    out.append(pattern.substr(0, start));
    const auto name = pattern.substr(start + 2, end - start - 2);
    const auto found = request.context.find(lower(name));
    if (found != request.context.end() && !found->second.empty()) {
      append_literally(out, found->second.front(), use);
    } else if (name == "*" || name == "?" || name == "$") {
      append_literally(out, name, use);
    } else {
      out.append(pattern.substr(start, end - start + 1));  // an unknown variable matches nothing that AWS sends
    }
    pattern.remove_prefix(end + 1);
  }
  return out;
}

std::optional<double> as_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> as_time(std::string_view text) {
  if (auto number = as_number(text)) return number;  // epoch seconds
  auto time = parse_iso8601(text);
  if (!time) return std::nullopt;
  return static_cast<double>(time->time_since_epoch().count()) / 1000.0;
}

std::optional<std::uint32_t> as_ipv4(std::string_view text) {
  std::uint32_t out = 0;
  for (int part = 0; part < 4; ++part) {
    unsigned number = 256;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > 255) return std::nullopt;
    out = out << 8 | number;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (part < 3) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
  }
  return text.empty() ? std::optional(out) : std::nullopt;
}

// "10.0.0.0/8" or one address. IPv6 ranges match only the same text.
bool in_range(std::string_view range, std::string_view address) {
  const auto slash = range.find('/');
  const auto network = as_ipv4(range.substr(0, slash)), host = as_ipv4(address);
  if (!network || !host) return range == address;
  unsigned bits = 32;
  if (slash != std::string_view::npos) {
    const auto text = range.substr(slash + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc{} || bits > 32) return false;
  }
  const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
  return (*network & mask) == (*host & mask);
}

// An ARN's six parts match one by one, so that "*" in the account never swallows the resource.
bool arn_matches(std::string_view pattern, std::string_view arn) {
  for (int part = 0; part < 5; ++part) {
    const auto a = pattern.find(':'), b = arn.find(':');
    if (a == std::string_view::npos || b == std::string_view::npos) return matches_pattern(pattern, arn);
    if (!matches_pattern(pattern.substr(0, a), arn.substr(0, b))) return false;
    pattern.remove_prefix(a + 1);
    arn.remove_prefix(b + 1);
  }
  return matches_pattern(pattern, arn);
}

// One requested value against one value of the policy, for the positive form of the operator.
bool compare(std::string_view operation, const std::string& wanted, const std::string& actual) {
  if (operation == "StringEquals" || operation == "BinaryEquals") return wanted == actual;
  if (operation == "StringEqualsIgnoreCase" || operation == "Bool") return lower(wanted) == lower(actual);
  if (operation == "StringLike") return matches_pattern(wanted, actual);
  if (operation == "ArnEquals" || operation == "ArnLike") return arn_matches(wanted, actual);
  if (operation == "IpAddress") return in_range(wanted, actual);
  const bool date = operation.starts_with("Date");
  const auto a = date ? as_time(actual) : as_number(actual), w = date ? as_time(wanted) : as_number(wanted);
  if (!a || !w) return false;
  operation.remove_prefix(date ? 4 : 7);
  if (operation == "Equals") return *a == *w;
  if (operation == "LessThan") return *a < *w;
  if (operation == "LessThanEquals") return *a <= *w;
  if (operation == "GreaterThan") return *a > *w;
  return *a >= *w;  // GreaterThanEquals
}

// "StringNotLike" -> "StringLike", negated.
std::pair<std::string, bool> positive_form(std::string operation) {
  const auto at = operation.find("Not");
  if (at == std::string::npos) return {std::move(operation), false};
  return {operation.erase(at, 3), true};
}

bool holds(const Condition& condition, const AccessRequest& request) {
  const auto found = request.context.find(condition.key);
  const bool present = found != request.context.end() && !found->second.empty();
  if (condition.operation == "Null") {
    return !condition.values.empty() && (lower(condition.values.front()) == "true") != present;
  }
  const auto [operation, negated] = positive_form(condition.operation);
  if (!present) {
    return condition.absent == Condition::Absent::passes || condition.set == Condition::Set::for_all ||
           (negated && condition.set == Condition::Set::single);
  }
  const auto one = [&](const std::string& actual) {
    const bool any = std::ranges::any_of(condition.values, [&](const std::string& wanted) {
      const bool pattern = operation.ends_with("Like") || operation.starts_with("Arn");
      return compare(operation, substitute(wanted, request, pattern ? Use::pattern : Use::text), actual);
    });
    return any != negated;
  };
  if (condition.set == Condition::Set::for_all) return std::ranges::all_of(found->second, one);
  return std::ranges::any_of(found->second, one);
}

// "arn:aws:sts::1:assumed-role/R/s" also is its role, "arn:aws:iam::1:role/R" (any path).
bool is_role_of(std::string_view pattern, std::string_view principal) {
  constexpr std::string_view kMark = ":assumed-role/";
  const auto at = principal.find(kMark);
  if (at == std::string_view::npos || !pattern.starts_with("arn:aws:iam::")) return false;
  const auto account = principal.substr(13, 12);
  auto role = principal.substr(at + kMark.size());
  role = role.substr(0, role.find('/'));
  return pattern.substr(13, 12) == account && pattern.substr(25).starts_with(":role/") &&
         pattern.substr(pattern.rfind('/') + 1) == role;
}

PrincipalMatch match(const PrincipalPatterns& principals, const AccessRequest& request) {
  if (principals.scope == PrincipalPatterns::Scope::anybody) return PrincipalMatch::exact;
  if (!request.principal_service.empty()) {
    return std::ranges::find(principals.service, request.principal_service) != principals.service.end()
               ? PrincipalMatch::exact
               : PrincipalMatch::none;
  }
  const std::string account = request.principal_arn.size() > 25 ? request.principal_arn.substr(13, 12) : "";
  auto best = PrincipalMatch::none;
  for (const auto& name : principals.aws) {
    if (name == request.principal_arn || is_role_of(name, request.principal_arn)) return PrincipalMatch::exact;
    if (name == account || name == "arn:aws:iam::" + account + ":root") best = PrincipalMatch::account;
  }
  return best;
}

bool any_matches(const Patterns& patterns, std::string_view text, const AccessRequest& request) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return matches_pattern(substitute(pattern, request), text); });
}

Verdict apply(const Statement& statement, const AccessRequest& request) {
  auto principal = PrincipalMatch::exact;
  if (!statement.principals.empty()) principal = match(statement.principals, request);
  if (!statement.not_principals.empty() && match(statement.not_principals, request) != PrincipalMatch::none) {
    return Verdict::not_mentioned;
  }
  if (principal == PrincipalMatch::none) return Verdict::not_mentioned;
  const std::string action = lower(request.action);
  if (!statement.actions.empty() && !any_matches(statement.actions, action, request)) return Verdict::not_mentioned;
  if (!statement.not_actions.empty() && any_matches(statement.not_actions, action, request)) {
    return Verdict::not_mentioned;
  }
  if (!statement.resources.empty() && !any_matches(statement.resources, request.resource, request)) {
    return Verdict::not_mentioned;
  }
  if (!statement.not_resources.empty() && any_matches(statement.not_resources, request.resource, request)) {
    return Verdict::not_mentioned;
  }
  if (!std::ranges::all_of(statement.conditions, [&](const Condition& c) { return holds(c, request); })) {
    return Verdict::not_mentioned;
  }
  if (statement.effect == Statement::Effect::deny) return Verdict::denied;
  return principal == PrincipalMatch::account ? Verdict::allowed_by_account : Verdict::allowed;
}

Verdict stronger(Verdict a, Verdict b) {
  // In order of strength: a deny wins, an exact allow beats one by account.
  const auto rank = [](Verdict verdict) {
    switch (verdict) {
      case Verdict::denied:
        return 3;
      case Verdict::allowed:
        return 2;
      case Verdict::allowed_by_account:
        return 1;
      case Verdict::not_mentioned:
        return 0;
    }
    return 0;
  };
  return rank(a) >= rank(b) ? a : b;
}

}  // namespace

Verdict evaluate(const Policy& policy, const AccessRequest& request) {
  auto verdict = Verdict::not_mentioned;
  for (const auto& statement : policy.statements) verdict = stronger(verdict, apply(statement, request));
  return verdict;
}

Verdict evaluate(const std::vector<Policy>& policies, const AccessRequest& request) {
  auto verdict = Verdict::not_mentioned;
  for (const auto& policy : policies) verdict = stronger(verdict, evaluate(policy, request));
  return verdict;
}

}  // namespace ads::cloud::iam
