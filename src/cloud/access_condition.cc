#include "cloud/access_condition.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/clock.h"

namespace ads::cloud::access {
namespace {

using Compares = Condition::Compares;
using Relation = Condition::Relation;

struct Operator {
  std::string_view name;
  Compares compares;
  Relation relation;
};

// In their positive forms; Null apart.
constexpr Operator kOperators[] = {
    {"StringEquals", Compares::text, Relation::equal},
    {"StringEqualsIgnoreCase", Compares::text_without_case, Relation::equal},
    {"StringLike", Compares::text_pattern, Relation::equal},
    {"NumericEquals", Compares::number, Relation::equal},
    {"NumericLessThan", Compares::number, Relation::less},
    {"NumericLessThanEquals", Compares::number, Relation::less_or_equal},
    {"NumericGreaterThan", Compares::number, Relation::greater},
    {"NumericGreaterThanEquals", Compares::number, Relation::greater_or_equal},
    {"DateEquals", Compares::date, Relation::equal},
    {"DateLessThan", Compares::date, Relation::less},
    {"DateLessThanEquals", Compares::date, Relation::less_or_equal},
    {"DateGreaterThan", Compares::date, Relation::greater},
    {"DateGreaterThanEquals", Compares::date, Relation::greater_or_equal},
    {"Bool", Compares::truth, Relation::equal},
    {"BinaryEquals", Compares::bytes, Relation::equal},
    {"IpAddress", Compares::address, Relation::equal},
    {"ArnEquals", Compares::arn, Relation::equal},
    {"ArnLike", Compares::arn, Relation::equal},
    {"Null", Compares::absence, Relation::equal},
};
constexpr std::pair<std::string_view, std::string_view> kNegated[] = {
    {"StringNotEquals", "StringEquals"}, {"StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"},
    {"StringNotLike", "StringLike"},     {"NumericNotEquals", "NumericEquals"},
    {"DateNotEquals", "DateEquals"},     {"NotIpAddress", "IpAddress"},
    {"ArnNotEquals", "ArnEquals"},       {"ArnNotLike", "ArnLike"},
};

std::optional<double> as_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// ISO 8601, or seconds since the epoch.
std::optional<double> as_time(std::string_view text) {
  if (auto number = as_number(text)) return number;
  auto time = parse_iso8601(text);
  if (!time) time = parse_iso8601(std::string(text) + "T00:00:00Z");
  if (!time) return std::nullopt;
  return static_cast<double>(time->time_since_epoch().count()) / 1000.0;
}

struct Address {
  std::array<unsigned char, 16> bytes{};
  unsigned bits = 0;  // 32 or 128
};

std::optional<Address> as_address(std::string_view text) {
  const std::string terminated(text);
  Address out;
  if (::inet_pton(AF_INET, terminated.c_str(), out.bytes.data()) == 1) {
    out.bits = 32;
  } else if (::inet_pton(AF_INET6, terminated.c_str(), out.bytes.data()) == 1) {
    out.bits = 128;
  } else {
    return std::nullopt;
  }
  return out;
}

// "10.0.0.0/8", "2001:db8::/32", or one address.
bool in_range(std::string_view range, std::string_view address) {
  const auto slash = range.find('/');
  const auto network = as_address(range.substr(0, slash)), host = as_address(address);
  if (!network || !host || network->bits != host->bits) return false;
  unsigned bits = network->bits;
  if (slash != std::string_view::npos) {
    const auto text = range.substr(slash + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc{} || end != text.data() + text.size() || bits > network->bits) return false;
  }
  if (std::memcmp(network->bytes.data(), host->bytes.data(), bits / 8) != 0) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<unsigned char>(0xFF << (8 - bits % 8));
  return (network->bytes[bits / 8] & mask) == (host->bytes[bits / 8] & mask);
}

bool compare(Relation relation, double actual, double wanted) {
  switch (relation) {
    case Relation::equal:
      return actual == wanted;
    case Relation::less:
      return actual < wanted;
    case Relation::less_or_equal:
      return actual <= wanted;
    case Relation::greater:
      return actual > wanted;
    case Relation::greater_or_equal:
      return actual >= wanted;
  }
  return false;
}

// One value of the request against one of the policy, in the operator's positive form.
bool fits(const Condition& condition, const Pattern& wanted, const std::string& actual, const Facts& facts) {
  if (condition.compares == Compares::text_pattern) return wanted.matches(actual, facts);
  if (condition.compares == Compares::arn) return wanted.matches_arn(actual, facts);
  const auto text = wanted.filled(facts);
  if (!text) return false;
  switch (condition.compares) {
    case Compares::text_without_case:
    case Compares::truth:
      return to_lower(*text) == to_lower(actual);
    case Compares::address:
      return in_range(*text, actual);
    case Compares::number:
    case Compares::date: {
      const auto as = condition.compares == Compares::date ? as_time : as_number;
      const auto a = as(actual), w = as(*text);
      return a && w && compare(condition.relation, *a, *w);
    }
    default:
      return *text == actual;
  }
}

}  // namespace

std::optional<Condition> parse_operator(std::string_view name) {
  Condition out;
  if (name.starts_with("ForAllValues:")) {
    out.quantifier = Condition::Quantifier::for_all;
    name.remove_prefix(13);
  } else if (name.starts_with("ForAnyValue:")) {
    out.quantifier = Condition::Quantifier::for_any;
    name.remove_prefix(12);
  }
  if (name.ends_with("IfExists")) {
    out.absent = Condition::Absent::passes;
    name.remove_suffix(8);
  }
  if (const auto found = std::ranges::find(kNegated, name, &std::pair<std::string_view, std::string_view>::first);
      found != std::end(kNegated)) {
    out.sense = Condition::Sense::negated;
    name = found->second;
  }
  const auto found = std::ranges::find(kOperators, name, &Operator::name);
  if (found == std::end(kOperators)) return std::nullopt;
  if (found->compares == Compares::absence && out.absent == Condition::Absent::passes) return std::nullopt;
  out.compares = found->compares;
  out.relation = found->relation;
  return out;
}

bool holds(const Condition& condition, const Facts& facts) {
  const auto values = facts.find(condition.key);
  const bool is_present = values && !values->empty();
  if (condition.compares == Compares::absence) {
    return std::ranges::any_of(
        condition.values, [&](const Pattern& wanted) { return (to_lower(wanted.text()) == "true") != is_present; });
  }
  const bool is_negated = condition.sense == Condition::Sense::negated;
  if (!is_present) {
    return condition.absent == Condition::Absent::passes || condition.quantifier == Condition::Quantifier::for_all ||
           (is_negated && condition.quantifier == Condition::Quantifier::single);
  }
  const auto one = [&](const std::string& actual) {
    const bool any = std::ranges::any_of(condition.values,
                                         [&](const Pattern& wanted) { return fits(condition, wanted, actual, facts); });
    return any != is_negated;
  };
  if (condition.quantifier == Condition::Quantifier::for_all) return std::ranges::all_of(*values, one);
  // A negated operator on a key with several values, without a quantifier: none of them may fit.
  if (is_negated && condition.quantifier == Condition::Quantifier::single) return std::ranges::all_of(*values, one);
  return std::ranges::any_of(*values, one);
}

}  // namespace ads::cloud::access
