#include "cloud/dynamodb/expression/path.h"

namespace ads::cloud::dynamodb {

const Value* resolve(const Attributes& item, const Path& path) {
  const Value* at = item.find(std::get<std::string>(path.front()));
  for (std::size_t i = 1; at && i < path.size(); ++i) {
    if (const auto* name = std::get_if<std::string>(&path[i]))
      at = at->type == Type::map ? at->map.find(*name) : nullptr;
    else if (std::size_t index = std::get<std::size_t>(path[i]); at->type == Type::list && index < at->list.size())
      at = &at->list[index];
    else
      at = nullptr;
  }
  return at;
}

std::string to_string(const Path& path) {
  std::string out = "[";
  for (const PathPart& part : path) {
    if (out.size() > 1) out += ", ";
    if (const auto* name = std::get_if<std::string>(&part))
      out += *name;
    else
      out += "[" + std::to_string(std::get<std::size_t>(part)) + "]";
  }
  return out + "]";
}

PathRelation relate(const Path& a, const Path& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i].index() != b[i].index()) return PathRelation::conflict;
    if (a[i] != b[i]) return PathRelation::apart;
  }
  return PathRelation::overlap;
}

}  // namespace ads::cloud::dynamodb
