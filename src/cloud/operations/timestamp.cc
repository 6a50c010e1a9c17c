#include "cloud/operations/timestamp.h"

#include <fmt/core.h>

#include "base/clock.h"

namespace ads::cloud::operations {
namespace {
constexpr std::string_view kTimestamp = "$timestamp";
}  // namespace

json::value timestamp(std::int64_t milliseconds) {
  return json::object{{kTimestamp, milliseconds}};
}

const json::value* as_timestamp(const json::value& value) {
  const auto* object = value.if_object();
  return object != nullptr && object->size() == 1 ? object->if_contains(kTimestamp) : nullptr;
}

json::value in_xml(const json::value& value) {
  if (const auto* time = as_timestamp(value)) {
    return json::string(iso8601(SystemTime(std::chrono::milliseconds(time->as_int64()))));
  }
  if (value.is_double()) return json::string(fmt::format("{}", value.as_double()));
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& element : *array) out.push_back(in_xml(element));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& [name, member] : *object) out[name] = in_xml(member);
    return out;
  }
  return value;
}

json::value in_json(const json::value& value) {
  if (const auto* time = as_timestamp(value)) return static_cast<double>(time->as_int64()) / 1000.0;
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& element : *array) out.push_back(in_json(element));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::object out;
    for (const auto& [name, member] : *object) out[name] = in_json(member);
    return out;
  }
  return value;
}

}  // namespace ads::cloud::operations
