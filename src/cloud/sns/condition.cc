#include "cloud/sns/condition.h"

#include <arpa/inet.h>

#include <charconv>
#include <cmath>

#include "cloud/sns/errors.h"

namespace ads::cloud::sns {
namespace {

WireError bad(std::string_view why) {
  return invalid_parameter(fmt::format("FilterPolicy: {}", why));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::optional<double> number_of(const json::value& value) {
  if (value.is_double()) return value.get_double();
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  return {};
}

// Five digits after the decimal point count.
bool is_same(double a, double b) {
  return std::fabs(a - b) < 0.000005;
}

struct Address {
  std::array<unsigned char, 16> bytes{};
  int bits = 0;  // 32 or 128; 0: no address
};

Address parse_address(std::string_view text) {
  Address address;
  const std::string terminated(text);
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1)
    address.bits = 32;
  else if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1)
    address.bits = 128;
  return address;
}

struct Network {
  Address address;
  int prefix = -1;  // -1: not a network
};

Network parse_network(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  Network network{parse_address(text.substr(0, slash))};
  const auto digits = text.substr(slash + 1);
  int prefix = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  if (network.address.bits == 0 || prefix < 0 || prefix > network.address.bits) return {};
  network.prefix = prefix;
  return network;
}

Outcome<std::vector<Condition::Bound>> parse_bounds(const json::value& value) {
  using Op = Condition::Bound::Op;
  static const std::map<std::string_view, Op> kOps = {
      {"=", Op::equal}, {"<", Op::less}, {"<=", Op::less_equal}, {">", Op::greater}, {">=", Op::greater_equal}};
  const auto* array = value.if_array();
  if (!array || (array->size() != 2 && array->size() != 4))
    return refuse(bad("Value of numeric must be an array of 2 or 4 members"));
  std::vector<Condition::Bound> bounds;
  for (std::size_t i = 0; i < array->size(); i += 2) {
    const auto& name = (*array)[i];
    const auto op = name.is_string() ? kOps.find(std::string_view(name.get_string())) : kOps.end();
    if (op == kOps.end()) return refuse(bad("Unrecognized numeric range operator: " + json::serialize(name)));
    const auto number = number_of((*array)[i + 1]);
    if (!number) return refuse(bad("Value of " + std::string(op->first) + " must be numeric"));
    if (std::fabs(*number) > 1e9) return refuse(bad("Value of numeric must be between -1.0E9 and 1.0E9"));
    bounds.push_back({op->second, *number});
  }
  if (bounds.size() == 2) {
    const bool is_range = (bounds[0].op == Op::greater || bounds[0].op == Op::greater_equal) &&
                          (bounds[1].op == Op::less || bounds[1].op == Op::less_equal);
    if (!is_range) return refuse(bad("Bad numeric range: a lower bound (> or >=), then an upper one (< or <=)"));
    if (bounds[0].value >= bounds[1].value) return refuse(bad("Bottom must be less than top"));
  }
  return bounds;
}

Outcome<Condition> parse_text(Condition::Kind kind, std::string_view name, const json::value& value) {
  if (!value.is_string()) return refuse(bad(fmt::format("{} match pattern must be a string", name)));
  Condition condition{.kind = kind, .text = std::string(value.get_string())};
  if (condition.text.empty() && kind != Condition::Kind::equals_ignore_case) {
    return refuse(bad(fmt::format("{} match pattern must not be empty", name)));
  }
  if (kind == Condition::Kind::equals_ignore_case) condition.text = lower(condition.text);
  if (kind == Condition::Kind::wildcard && condition.text.find("**") != std::string::npos) {
    return refuse(bad("Consecutive wildcard characters in " + condition.text));
  }
  if (kind == Condition::Kind::cidr && parse_network(condition.text).prefix < 0) {
    return refuse(bad("Malformed CIDR, one '/' required and a prefix of its family: " + condition.text));
  }
  return condition;
}

Outcome<Condition> parse_operator(const json::object& object);

Outcome<Condition> parse_anything_but(const json::value& value) {
  Condition condition{.kind = Condition::Kind::anything_but};
  if (const auto* object = value.if_object()) {
    if (object->size() != 1) return refuse(bad("Only one key allowed in anything-but"));
    const std::string_view name = object->begin()->key();
    if (name != "prefix" && name != "suffix" && name != "wildcard" && name != "equals-ignore-case") {
      return refuse(bad(fmt::format("Unsupported anything-but pattern: {}", name)));
    }
    // {"anything-but": {"prefix": ["a", "b"]}} excludes each of them.
    const json::value& operand = object->begin()->value();
    json::array operands = operand.is_array() ? operand.get_array() : json::array{operand};
    if (operands.empty()) return refuse(bad("anything-but needs at least one value"));
    for (const auto& one : operands) {
      auto inner = parse_operator(json::object{{name, one}});
      if (!inner) return refuse(inner.error());
      condition.except.push_back(std::move(*inner));
    }
    return condition;
  }
  json::array values = value.is_array() ? value.get_array() : json::array{value};
  if (values.empty()) return refuse(bad("anything-but needs at least one value"));
  for (const auto& one : values) {
    if (!one.is_string() && !number_of(one))
      return refuse(bad("anything-but list must contain only strings or numbers"));
    condition.except.push_back(Condition{.kind = Condition::Kind::exact, .exact = one});
  }
  return condition;
}

Outcome<Condition> parse_operator(const json::object& object) {
  using Kind = Condition::Kind;
  static const std::map<std::string_view, Kind> kTexts = {{"prefix", Kind::prefix},
                                                          {"suffix", Kind::suffix},
                                                          {"equals-ignore-case", Kind::equals_ignore_case},
                                                          {"wildcard", Kind::wildcard},
                                                          {"cidr", Kind::cidr}};
  if (object.size() != 1) return refuse(bad("Only one key allowed in match expression"));
  const std::string_view name = object.begin()->key();
  const json::value& value = object.begin()->value();
  if (const auto text = kTexts.find(name); text != kTexts.end()) return parse_text(text->second, name, value);
  if (name == "exists") {
    if (!value.is_bool()) return refuse(bad("exists match pattern must be either true or false."));
    return Condition{.kind = Kind::exists, .wants_existing = value.get_bool()};
  }
  if (name == "numeric") {
    auto bounds = parse_bounds(value);
    if (!bounds) return refuse(bounds.error());
    Condition condition{.kind = Kind::numeric};
    condition.bounds = std::move(*bounds);
    return condition;
  }
  if (name == "anything-but") return parse_anything_but(value);
  return refuse(bad(fmt::format("Unrecognized match type {}", name)));
}

}  // namespace

Outcome<Condition> parse_condition(const json::value& value) {
  if (value.is_array()) return refuse(bad("Match value must be String, number, true, false, or null"));
  if (const auto* object = value.if_object()) return parse_operator(*object);
  if (const auto number = number_of(value); number && std::fabs(*number) > 1e9) {
    return refuse(bad("Numeric values must be between -1.0E9 and 1.0E9"));
  }
  return Condition{.kind = Condition::Kind::exact, .exact = value};
}

bool matches_wildcard(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    const bool is_star = p < pattern.size() && pattern[p] == '*';
    const bool is_escaped =
        p + 1 < pattern.size() && pattern[p] == '\\' && (pattern[p + 1] == '*' || pattern[p + 1] == '\\');
    if (is_star) {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (is_escaped ? pattern[p + 1] : pattern[p]) == text[t]) {
      p += is_escaped ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool is_in_cidr(std::string_view cidr, std::string_view text) {
  const Network network = parse_network(cidr);
  const Address address = parse_address(text);
  if (network.prefix < 0 || address.bits != network.address.bits) return false;
  for (int bit = 0; bit < network.prefix; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    if ((network.address.bytes[bit / 8] & mask) != (address.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

bool holds(const Condition& condition, const json::value& value) {
  using Kind = Condition::Kind;
  const auto number = number_of(value);
  const std::string_view text = value.is_string() ? std::string_view(value.get_string()) : std::string_view();
  switch (condition.kind) {
    case Kind::exact: {
      const auto wanted = number_of(condition.exact);
      if (wanted) return number && is_same(*wanted, *number);
      return condition.exact == value;
    }
    case Kind::prefix:
      return value.is_string() && text.starts_with(condition.text);
    case Kind::suffix:
      return value.is_string() && text.ends_with(condition.text);
    case Kind::equals_ignore_case:
      return value.is_string() && lower(text) == condition.text;
    case Kind::wildcard:
      return value.is_string() && matches_wildcard(condition.text, text);
    case Kind::cidr:
      return value.is_string() && is_in_cidr(condition.text, text);
    case Kind::numeric: {
      if (!number) return false;
      return std::all_of(condition.bounds.begin(), condition.bounds.end(), [&](const Condition::Bound& bound) {
        using Op = Condition::Bound::Op;
        const bool equal = is_same(*number, bound.value);
        switch (bound.op) {
          case Op::equal:
            return equal;
          case Op::less:
            return !equal && *number < bound.value;
          case Op::less_equal:
            return equal || *number < bound.value;
          case Op::greater:
            return !equal && *number > bound.value;
          case Op::greater_equal:
            return equal || *number > bound.value;
        }
        return false;
      });
    }
    case Kind::exists:
      return condition.wants_existing;
    case Kind::anything_but:
      return std::none_of(condition.except.begin(), condition.except.end(),
                          [&](const Condition& except) { return holds(except, value); });
  }
  return false;
}

}  // namespace ads::cloud::sns
