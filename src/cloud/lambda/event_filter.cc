#include "cloud/lambda/event_filter.h"

#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

namespace {

std::unexpected<WireError> bad(std::string_view why) {
  return refuse(invalid_parameter(fmt::format("Invalid filter pattern definition. ({})", why)));
}

std::optional<double> number_of(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  return {};
}

bool equals(const json::value& rule, const json::value& value) {
  auto a = number_of(rule), b = number_of(value);
  if (a && b) return *a == *b;
  return rule == value;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool matches_numeric(const json::array& rule, double value) {
  for (std::size_t i = 0; i + 1 < rule.size(); i += 2) {
    std::string_view comparison = rule[i].as_string();
    double bound = rule[i + 1].to_number<double>();
    bool holds = comparison == "="    ? value == bound
                 : comparison == "<"  ? value < bound
                 : comparison == "<=" ? value <= bound
                 : comparison == ">"  ? value > bound
                                      : value >= bound;
    if (!holds) return false;
  }
  return true;
}

// `value` is null where the event lacks the member.
bool matches_rule(const json::value& rule, const json::value* value) {
  if (!rule.is_object()) return value && equals(rule, *value);
  auto& [name, argument] = *rule.as_object().begin();
  std::string_view op = name;
  if (op == "exists") return (value != nullptr) == argument.as_bool();
  if (!value) return false;
  if (op == "prefix")
    return value->is_string() && std::string_view(value->as_string()).starts_with(argument.as_string());
  if (op == "suffix") return value->is_string() && std::string_view(value->as_string()).ends_with(argument.as_string());
  if (op == "equals-ignore-case") return value->is_string() && lower(value->as_string()) == lower(argument.as_string());
  if (op == "numeric") return value->is_number() && matches_numeric(argument.as_array(), *number_of(*value));
  // anything-but: a value, a list of values, or {"prefix": text}
  if (argument.is_array()) {
    for (auto& each : argument.as_array())
      if (equals(each, *value)) return false;
    return true;
  }
  return !matches_rule(argument, value);
}

Outcome<void> check_rule(const json::value& rule) {
  if (rule.is_array()) return bad("a value may not be a list");
  if (!rule.is_object()) return {};
  if (rule.as_object().size() != 1) return bad("an operator stands alone in its braces");
  auto& [name, argument] = *rule.as_object().begin();
  std::string_view op = name;
  if (op == "exists") return argument.is_bool() ? Outcome<void>{} : bad("exists takes true or false");
  if (op == "prefix" || op == "suffix" || op == "equals-ignore-case")
    return argument.is_string() ? Outcome<void>{} : bad(fmt::format("{} takes a string", op));
  if (op == "anything-but") {
    if (argument.is_object()) {
      if (argument.as_object().size() == 1 && argument.as_object().contains("prefix")) return check_rule(argument);
      return bad("anything-but takes values or a prefix");
    }
    if (argument.is_array())
      for (auto& each : argument.as_array())
        if (each.is_object() || each.is_array()) return bad("anything-but takes plain values");
    return {};
  }
  if (op == "numeric") {
    if (!argument.is_array() || argument.as_array().empty() || argument.as_array().size() % 2 != 0)
      return bad("numeric takes comparisons and numbers in turn");
    auto& list = argument.as_array();
    for (std::size_t i = 0; i < list.size(); i += 2) {
      bool is_known = list[i].is_string() &&
                      (list[i].as_string() == "=" || list[i].as_string() == "<" || list[i].as_string() == "<=" ||
                       list[i].as_string() == ">" || list[i].as_string() == ">=");
      if (!is_known || !list[i + 1].is_number()) return bad("numeric takes = < <= > >= and numbers in turn");
    }
    return {};
  }
  return bad(fmt::format("unrecognized match type {}", op));
}

Outcome<void> check_pattern(const json::object& pattern, int depth) {
  if (depth > 16) return bad("it is nested too deep");
  if (pattern.empty()) return bad("an object in it is empty");
  for (auto& [name, rule] : pattern) {
    if (name == "$or") {
      if (!rule.is_array() || rule.as_array().empty()) return bad("$or takes a list of patterns");
      for (auto& each : rule.as_array()) {
        if (!each.is_object()) return bad("$or takes a list of patterns");
        if (auto checked = check_pattern(each.as_object(), depth + 1); !checked) return checked;
      }
    } else if (rule.is_object()) {
      if (auto checked = check_pattern(rule.as_object(), depth + 1); !checked) return checked;
    } else if (rule.is_array()) {
      if (rule.as_array().empty()) return bad(fmt::format("'{}' has an empty list", std::string_view(name)));
      for (auto& each : rule.as_array())
        if (auto checked = check_rule(each); !checked) return checked;
    } else {
      return bad(fmt::format("'{}' must be an object or an array", std::string_view(name)));
    }
  }
  return {};
}

bool any_rule(const json::array& rules, const json::value* value) {
  for (auto& rule : rules) {
    if (value && value->is_array()) {
      for (auto& element : value->as_array())
        if (matches_rule(rule, &element)) return true;
      if (rule.is_object() && rule.as_object().contains("exists") && matches_rule(rule, value)) return true;
    } else if (matches_rule(rule, value)) {
      return true;
    }
  }
  return false;
}

}  // namespace

Outcome<json::object> parse_event_pattern(std::string_view text) {
  auto parsed = parse_json_object(text);
  if (!parsed) return bad("it is not a JSON object");
  if (parsed->empty()) return std::move(*parsed);
  if (auto checked = check_pattern(*parsed, 0); !checked) return refuse(checked.error());
  return std::move(*parsed);
}

bool matches(const json::object& pattern, const json::object& event) {
  for (auto& [name, rule] : pattern) {
    if (name == "$or") {
      bool any = false;
      for (auto& each : rule.as_array()) any = any || matches(each.as_object(), event);
      if (!any) return false;
      continue;
    }
    auto* value = event.if_contains(name);
    if (rule.is_array()) {
      if (!any_rule(rule.as_array(), value)) return false;
      continue;
    }
    static const json::object kNothing;
    if (value && value->is_array()) {
      bool any = false;
      for (auto& element : value->as_array())
        any = any || (element.is_object() && matches(rule.as_object(), element.as_object()));
      if (!any) return false;
    } else if (!matches(rule.as_object(), value && value->is_object() ? value->as_object() : kNothing)) {
      return false;
    }
  }
  return true;
}

bool passes(const std::vector<json::object>& filters, const json::object& record) {
  if (filters.empty()) return true;
  std::optional<json::object> with_json_body;
  for (auto& filter : filters) {
    auto* body_rule = filter.if_contains("body");
    if (!body_rule || body_rule->is_array()) {
      // A text rule does not match a JSON body.
      if (body_rule && parse_json_object(get_string(record, "body").value_or(""))) continue;
      if (matches(filter, record)) return true;
      continue;
    }
    if (!with_json_body) {
      auto body = parse_json(get_string(record, "body").value_or(""));
      if (!body || !(body->is_object() || body->is_array())) continue;
      with_json_body = record;
      (*with_json_body)["body"] = std::move(*body);
    }
    if (matches(filter, *with_json_body)) return true;
  }
  return false;
}

}  // namespace ads::cloud::lambda
