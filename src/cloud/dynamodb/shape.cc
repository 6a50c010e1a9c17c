#include "cloud/dynamodb/shape.h"

#include <limits>

#include "cloud/dynamodb/errors.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kMostFaults = 10;
constexpr std::string_view kNamePattern = "[a-zA-Z0-9_.-]+";

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '.' || c == '-';
  });
}

// "TableName" -> "tableName".
std::string lower_first(std::string_view name) {
  std::string out(name);
  if (!out.empty()) out[0] = char(std::tolower(static_cast<unsigned char>(out[0])));
  return out;
}

std::string shown(const json::value* value) {
  if (!value || value->is_null()) return "null";
  if (value->is_string()) return "'" + std::string(value->get_string()) + "'";
  if (value->is_array()) {
    std::string out;
    for (const json::value& element : value->get_array())
      out += (out.empty() ? "" : ", ") +
             (element.is_string() ? std::string(element.get_string()) : json::serialize(element));
    return "'[" + out + "]'";
  }
  return "'" + json::serialize(*value) + "'";
}

// Of a number that may be written as 1e300 or 18446744073709551615: what has no std::int64_t is its largest or
// smallest.
std::int64_t nearest_integer(const json::value& value) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (value.is_uint64()) return std::int64_t(std::min(value.get_uint64(), std::uint64_t(Limits::max())));
  if (value.is_int64()) return value.get_int64();
  constexpr double kBeyond = 9223372036854775808.0;
  const double number = value.get_double();
  if (number >= kBeyond) return Limits::max();
  return number < -kBeyond ? Limits::min() : std::int64_t(number);
}

class Checker {
 public:
  Outcome<void> check_members(const json::object& object, const Shape& shape, const std::string& parent) {
    for (const Member& member : shape) {
      auto checked = check(object.if_contains(member.member), member, parent, member.member);
      if (!checked) return checked;
    }
    return {};
  }

  Outcome<void> verdict() const {
    if (faults_.empty()) return {};
    std::string message =
        std::to_string(faults_.size()) + " validation error" + (faults_.size() > 1 ? "s" : "") + " detected: ";
    for (std::size_t i = 0; i < faults_.size(); ++i) message += (i ? "; " : "") + faults_[i];
    return refuse(validation(std::move(message)));
  }

 private:
  void fault(const json::value* value, const std::string& parent, std::string_view name,
             const std::string& constraint) {
    if (faults_.size() >= kMostFaults) return;
    faults_.push_back("Value " + shown(value) + " at '" + (parent.empty() ? "" : parent + ".") + lower_first(name) +
                      "' failed to satisfy constraint: Member must " + constraint);
  }

  Outcome<void> check(const json::value* value, const Member& member, const std::string& parent,
                      std::string_view name) {
    if (!value || value->is_null()) {
      if (member.kind == Member::control_table_name)
        return refuse(
            validation("The parameter '" + std::string(name) + "' is required but was not present in the request"));
      if (member.is_required) fault(nullptr, parent, name, "not be null");
      return {};
    }
    if (auto typed = check_type(*value, member); !typed) return typed;
    switch (member.kind) {
      case Member::text:
        check_length(value, value->get_string().size(), member, parent, name);
        check_choice(value, member, parent, name);
        break;
      case Member::name:
      case Member::control_table_name:
        return check_name(value, member, parent, name);
      case Member::integer: {
        const std::int64_t number = nearest_integer(*value);
        if (member.least && number < *member.least)
          fault(value, parent, name, "have value greater than or equal to " + std::to_string(*member.least));
        if (member.most && number > *member.most)
          fault(value, parent, name, "have value less than or equal to " + std::to_string(*member.most));
        break;
      }
      case Member::structure:
        return check_members(value->get_object(), member.members,
                             (parent.empty() ? "" : parent + ".") + lower_first(name));
      case Member::list: {
        check_length(value, value->get_array().size(), member, parent, name);
        if (member.members.empty()) break;
        std::size_t position = 0;
        for (const json::value& element : value->get_array()) {
          const std::string at =
              (parent.empty() ? "" : parent + ".") + lower_first(name) + "." + std::to_string(++position);
          if (auto checked = check(&element, member.members[0], at, "member"); !checked) return checked;
        }
        break;
      }
      case Member::map: {
        check_length(value, value->get_object().size(), member, parent, name);
        if (member.members.empty()) break;
        for (const auto& [key, element] : value->get_object()) {
          const std::string at = (parent.empty() ? "" : parent + ".") + lower_first(name) + "." + std::string(key);
          if (auto checked = check(&element, member.members[0], at, "member"); !checked) return checked;
        }
        break;
      }
      default:
        break;
    }
    return {};
  }

  Outcome<void> check_name(const json::value* value, const Member& member, const std::string& parent,
                           std::string_view name) {
    std::string_view text = value->get_string();
    if (text.starts_with("arn:")) return {};  // a table may be named by its ARN; whose it is the lookup tells
    const bool is_control = member.kind == Member::control_table_name;
    if (is_control && (text.size() < 3 || text.size() > 255))
      return refuse(
          validation(std::string(name) + " must be at least 3 characters long and at most 255 characters long"));
    if (!is_name(text)) fault(value, parent, name, "satisfy regular expression pattern: " + std::string(kNamePattern));
    if (text.size() < 3) fault(value, parent, name, "have length greater than or equal to 3");
    if (text.size() > 255) fault(value, parent, name, "have length less than or equal to 255");
    return {};
  }

  void check_length(const json::value* value, std::size_t length, const Member& member, const std::string& parent,
                    std::string_view name) {
    if (member.least && std::int64_t(length) < *member.least)
      fault(value, parent, name, "have length greater than or equal to " + std::to_string(*member.least));
    if (member.most && std::int64_t(length) > *member.most)
      fault(value, parent, name, "have length less than or equal to " + std::to_string(*member.most));
  }

  void check_choice(const json::value* value, const Member& member, const std::string& parent, std::string_view name) {
    if (member.one_of.empty()) return;
    const std::string_view text = value->get_string();
    std::string choices;
    for (std::string_view choice : member.one_of) {
      if (choice == text) return;
      choices += (choices.empty() ? "" : ", ") + std::string(choice);
    }
    fault(value, parent, name, "satisfy enum value set: [" + choices + "]");
  }

  static Outcome<void> check_type(const json::value& value, const Member& member) {
    auto misplaced = [&](std::string_view wanted) {
      if (value.is_array()) return serialization("Unrecognized collection type class java.lang." + std::string(wanted));
      if (value.is_object()) return serialization("Start of structure or map found where not expected");
      std::string_view kind = value.is_bool()     ? (value.get_bool() ? "TRUE_VALUE" : "FALSE_VALUE")
                              : value.is_string() ? "STRING_VALUE"
                              : value.is_double() ? "DECIMAL_VALUE"
                                                  : "NUMBER_VALUE";
      return serialization(std::string(kind) + " cannot be converted to " + std::string(wanted));
    };
    switch (member.kind) {
      case Member::text:
      case Member::name:
      case Member::control_table_name:
        if (!value.is_string()) return refuse(misplaced("String"));
        break;
      case Member::integer:
        if (!value.is_number()) return refuse(misplaced("Integer"));
        break;
      case Member::number:
        if (!value.is_number()) return refuse(misplaced("Double"));
        break;
      case Member::boolean:
        if (!value.is_bool()) return refuse(misplaced("Boolean"));
        break;
      case Member::list:
        if (value.is_object()) return refuse(serialization("Start of structure or map found where not expected"));
        if (!value.is_array()) return refuse(serialization("Unexpected field type"));
        break;
      case Member::structure:
      case Member::map:
      case Member::values:
        if (value.is_array()) return refuse(serialization("Unrecognized collection type java.util.Map"));
        if (!value.is_object()) return refuse(serialization("Unexpected field type"));
        break;
    }
    return {};
  }

  std::vector<std::string> faults_;
};

}  // namespace

Outcome<void> check_shape(const json::object& request, const Shape& shape) {
  Checker checker;
  if (auto checked = checker.check_members(request, shape, ""); !checked) return checked;
  return checker.verdict();
}

Member table_name() {
  return {"TableName", Member::name, true};
}
Member return_consumed_capacity() {
  return {"ReturnConsumedCapacity", Member::text, false, {}, {}, {"INDEXES", "TOTAL", "NONE"}};
}
Member return_item_collection_metrics() {
  return {"ReturnItemCollectionMetrics", Member::text, false, {}, {}, {"SIZE", "NONE"}};
}
Member key_schema() {
  return {
      "KeySchema",
      Member::list,
      true,
      1,
      2,
      {},
      {{"",
        Member::structure,
        true,
        {},
        {},
        {},
        {{"AttributeName", Member::text, true, 1, 255}, {"KeyType", Member::text, true, {}, {}, {"HASH", "RANGE"}}}}}};
}
Member expression_names() {
  return {"ExpressionAttributeNames", Member::map, false, {}, {}, {}, {{"", Member::text}}};
}

}  // namespace ads::cloud::dynamodb
