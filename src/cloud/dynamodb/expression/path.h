// A document path such as a.b[3].c, and the value it leads to.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "cloud/dynamodb/value.h"

namespace ads::cloud::dynamodb {

using PathPart = std::variant<std::string, std::size_t>;  // a name, or an index into a list
using Path = std::vector<PathPart>;                       // begins with a name

// Nothing where the path leads nowhere.
const Value* resolve(const Attributes& item, const Path& path);

// "[a, b, [3]]": how AWS's errors write a path.
std::string to_string(const Path& path);

enum class PathRelation {
  apart,
  overlap,   // one is the other, or contains it
  conflict,  // one takes a map where the other takes a list
};
PathRelation relate(const Path& a, const Path& b);

}  // namespace ads::cloud::dynamodb
