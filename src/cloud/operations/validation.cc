#include "cloud/operations/validation.h"

#include <fmt/core.h>

#include <charconv>

namespace ads::cloud::operations {
namespace {

constexpr std::size_t kMostViolations = 10;
constexpr std::size_t kMostShown = 1024;    // bytes of a value in a message
constexpr std::size_t kMostMatched = 8192;  // no pattern is tried on more: its cost may grow faster than the value

double number_of(std::string_view text) {
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

// Characters, not bytes: AWS counts UTF-16 units, which differ for emoji alone.
std::size_t length_of(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    if ((c & 0xC0) != 0x80) ++count;
  }
  return count;
}

std::string plain(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return value.is_double() ? fmt::format("{}", value.get_double()) : json::serialize(value);
}

// As Java prints it: [a, b], {k=v}.
std::string shown(const json::value& value, const Shape& shape) {
  if (shape.is_sensitive || (shape.element != nullptr && shape.element->is_sensitive)) return "";
  std::string out;
  if (const auto* array = value.if_array()) {
    for (const auto& element : *array) {
      if (out.size() > kMostShown) break;
      out += (out.empty() ? "" : ", ") + plain(element);
    }
    out = "[" + out + "]";
  } else if (const auto* object = value.if_object(); object && shape.type == Type::map) {
    for (const auto& [key, element] : *object) {
      if (out.size() > kMostShown) break;
      out += (out.empty() ? "" : ", ") + std::string(key) + "=" + plain(element);
    }
    out = "{" + out + "}";
  } else {
    out = plain(value);
  }
  if (out.size() > kMostShown) {
    std::size_t end = kMostShown;
    while (end > 0 && (out[end] & 0xC0) == 0x80) --end;
    out.resize(end);
    out += "...";
  }
  return "'" + out + "'";
}

std::string join(const std::vector<std::string_view>& values) {
  std::string out;
  for (const auto value : values) out += (out.empty() ? "" : ", ") + std::string(value);
  return out;
}

bool is_outside(const Shape& shape, double value) {
  return (shape.least && value < number_of(*shape.least)) || (shape.most && value > number_of(*shape.most));
}

// Whether a text is one of its values, and of its length and pattern.
bool is_wrong(std::string_view text, const Shape& shape) {
  if (!shape.values.empty()) return std::ranges::find(shape.values, text) == shape.values.end();
  if ((shape.least || shape.most) && is_outside(shape, static_cast<double>(length_of(text)))) return true;
  return !shape.pattern.empty() && (text.size() > kMostMatched || !shape.expression().matches(text));
}

// All that a text must satisfy, whether it does or not: AWS lists it so for the elements of a list and a map.
std::string all_constraints(const Shape& shape) {
  std::string out;
  const auto add = [&](std::string constraint) { out += (out.empty() ? "" : ", ") + std::move(constraint); };
  if (shape.most) add(fmt::format("Member must have length less than or equal to {}", *shape.most));
  if (shape.least) add(fmt::format("Member must have length greater than or equal to {}", *shape.least));
  if (!shape.pattern.empty()) add(fmt::format("Member must satisfy regular expression pattern: {}", shape.pattern));
  if (!shape.values.empty()) add(fmt::format("Member must satisfy enum value set: [{}]", join(shape.values)));
  return "[" + out + "]";
}

WireError misplaced(const json::value& value, std::string_view wanted) {
  std::string message;
  if (value.is_array()) {
    message = fmt::format("Unrecognized collection type class java.lang.{}", wanted);
  } else if (value.is_object()) {
    message = "Start of structure or map found where not expected";
  } else {
    const std::string_view kind = value.is_bool()     ? (value.get_bool() ? "TRUE_VALUE" : "FALSE_VALUE")
                                  : value.is_string() ? "STRING_VALUE"
                                  : value.is_double() ? "DECIMAL_VALUE"
                                                      : "NUMBER_VALUE";
    message = fmt::format("{} cannot be converted to {}", kind, wanted);
  }
  return {400, "SerializationException", std::move(message)};
}

std::optional<WireError> wrong_type(const json::value& value, Type type) {
  switch (type) {
    case Type::string:
    case Type::blob:
      if (!value.is_string()) return misplaced(value, "String");
      break;
    case Type::integer:
      if (!value.is_number()) return misplaced(value, "Integer");
      break;
    case Type::floating:
      // "NaN" and "Infinity" are texts in JSON.
      if (!value.is_number() && !value.is_string()) return misplaced(value, "Double");
      break;
    case Type::boolean:
      if (!value.is_bool()) return misplaced(value, "Boolean");
      break;
    case Type::timestamp:
      if (!value.is_number() && !value.is_string()) return misplaced(value, "Date");
      break;
    case Type::list:
      if (!value.is_array()) return misplaced(value, "List");
      break;
    case Type::map:
    case Type::structure:
      if (value.is_array())
        return WireError{400, "SerializationException", "Unrecognized collection type java.util.Map"};
      if (!value.is_object()) return misplaced(value, "Map");
      break;
    case Type::any:
      break;
  }
  return std::nullopt;
}

class Checker {
 public:
  // The path of what is looked at: names are joined only where something is wrong.
  struct Place {
    const Place* above;
    std::string_view name;
    std::size_t index = 0;  // of a list's element, from 1
  };

  std::optional<WireError> structure(const json::object& input, const Shape& shape, const Place* above) {
    for (const auto& member : shape.members) {
      const auto* value = input.if_contains(member.name);
      const Place place{above, member.name};
      if (value == nullptr || value->is_null()) {
        if (member.is_required) add(Violation::Kind::missing, place, "null", "Member must not be null");
        continue;
      }
      if (auto error = any(*value, *member.shape, place)) return error;
    }
    return std::nullopt;
  }

  Violations violations;

 private:
  void add(Violation::Kind kind, const Place& place, std::string value, std::string constraint) {
    if (violations.size() < kMostViolations)
      violations.push_back({kind, path(place), std::move(value), std::move(constraint)});
  }

  static std::string path(const Place& place) {
    const auto own = place.index > 0 ? fmt::format("{}.member", place.index) : lower_first(place.name);
    return place.above == nullptr ? own : path(*place.above) + "." + own;
  }

  void bound(const json::value& value, const Shape& shape, const Place& place, double measure, bool is_length) {
    const auto kind = is_length ? Violation::Kind::length : Violation::Kind::range;
    const std::string_view what = is_length ? "length" : "value";
    if (shape.least && measure < number_of(*shape.least))
      add(kind, place, shown(value, shape),
          fmt::format("Member must have {} greater than or equal to {}", what, *shape.least));
    if (shape.most && measure > number_of(*shape.most))
      add(kind, place, shown(value, shape),
          fmt::format("Member must have {} less than or equal to {}", what, *shape.most));
  }

  void text(const json::value& value, const Shape& shape, const Place& place) {
    const std::string_view given = value.get_string();
    if (!is_wrong(given, shape)) return;
    if (!shape.values.empty())
      return add(Violation::Kind::choice, place, shown(value, shape),
                 fmt::format("Member must satisfy enum value set: [{}]", join(shape.values)));
    bound(value, shape, place, static_cast<double>(length_of(given)), true);
    if (!shape.pattern.empty() && (given.size() > kMostMatched || !shape.expression().matches(given)))
      add(Violation::Kind::pattern, place, shown(value, shape),
          fmt::format("Member must satisfy regular expression pattern: {}", shape.pattern));
  }

  std::optional<WireError> list(const json::value& value, const Shape& shape, const Place& place) {
    const auto& array = value.get_array();
    bound(value, shape, place, static_cast<double>(array.size()), true);
    const auto& element = *shape.element;
    if (std::ranges::any_of(array, [](const json::value& each) { return each.is_null(); })) {
      add(Violation::Kind::missing, place, shown(value, shape),
          "Member must satisfy constraint: [Member must not be null]");
      return std::nullopt;
    }
    if (element.type == Type::string) {
      bool is_any_wrong = false;
      for (const auto& text : array) {
        if (auto error = wrong_type(text, Type::string)) return error;
        is_any_wrong = is_any_wrong || is_wrong(text.get_string(), element);
      }
      if (is_any_wrong)
        add(Violation::Kind::pattern, place, shown(value, shape),
            "Member must satisfy constraint: " + all_constraints(element));
      return std::nullopt;
    }
    std::size_t index = 0;
    for (const auto& each : array) {
      if (auto error = any(each, element, Place{&place, {}, ++index})) return error;
    }
    return std::nullopt;
  }

  std::optional<WireError> map(const json::value& value, const Shape& shape, const Place& place) {
    const auto& object = value.get_object();
    bound(value, shape, place, static_cast<double>(object.size()), true);
    bool is_key_wrong = false, is_value_wrong = false;
    for (const auto& [key, each] : object) {
      is_key_wrong = is_key_wrong || is_wrong(key, *shape.key);
      if (each.is_null()) {
        add(Violation::Kind::missing, place, shown(value, shape),
            "Map value must satisfy constraint: [Member must not be null]");
        return std::nullopt;
      }
      if (shape.element->type == Type::string) {
        if (auto error = wrong_type(each, Type::string)) return error;
        is_value_wrong = is_value_wrong || is_wrong(each.get_string(), *shape.element);
      } else if (auto error = any(each, *shape.element, Place{&place, key})) {
        return error;
      }
    }
    if (is_key_wrong)
      add(Violation::Kind::pattern, place, shown(value, shape),
          "Map keys must satisfy constraint: " + all_constraints(*shape.key));
    if (is_value_wrong)
      add(Violation::Kind::pattern, place, shown(value, shape),
          "Map value must satisfy constraint: " + all_constraints(*shape.element));
    return std::nullopt;
  }

  std::optional<WireError> any(const json::value& value, const Shape& shape, const Place& place) {
    if (value.is_null()) return std::nullopt;
    if (auto error = wrong_type(value, shape.type)) return error;
    switch (shape.type) {
      case Type::string:
        text(value, shape, place);
        break;
      case Type::integer:
      case Type::floating:
        if (value.is_number()) bound(value, shape, place, value.to_number<double>(), false);
        break;
      case Type::list:
        return list(value, shape, place);
      case Type::map:
        return map(value, shape, place);
      case Type::structure:
        return structure(value.get_object(), shape, &place);
      default:
        break;  // a blob's length is its bytes', not its text's: the action's to check
    }
    return std::nullopt;
  }
};

}  // namespace

Outcome<Violations> check(const json::object& input, const Shape& shape) {
  Checker checker;
  if (auto error = checker.structure(input, shape, nullptr)) return refuse(*std::move(error));
  return std::move(checker.violations);
}

std::string describe(const Violations& violations) {
  auto out = fmt::format("{} validation error{} detected: ", violations.size(), violations.size() == 1 ? "" : "s");
  std::string_view separator;
  for (const auto& violation : violations) {
    out += fmt::format("{}Value {}at '{}' failed to satisfy constraint: {}", separator,
                       violation.value.empty() ? "" : violation.value + " ", violation.member, violation.constraint);
    separator = "; ";
  }
  return out;
}

}  // namespace ads::cloud::operations
