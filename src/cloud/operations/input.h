// Reading an operation's input, which is valid by AWS's model: a member has its type or is absent.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace ads::cloud::operations {

// Empty where the member is absent.
std::string text(const json::object& input, std::string_view member);
std::vector<std::string> texts(const json::object& input, std::string_view member);
bool flag(const json::object& input, std::string_view member);
std::int64_t whole(const json::object& input, std::string_view member, std::int64_t fallback);
const json::array& list(const json::object& input, std::string_view member);

using TextMap = std::map<std::string, std::string>;
template <class Map = TextMap>
Map text_map(const json::object& input, std::string_view member) {
  Map out;
  if (const auto* object = get_object(input, member))
    for (const auto& [name, value] : *object)
      if (value.is_string()) out[std::string(name)] = value.get_string();
  return out;
}
// [{"Key": .., "Value": ..}], of a repeated key the last.
TextMap tags(const json::object& input, std::string_view member = "Tags");

}  // namespace ads::cloud::operations
