// ProjectionExpression and AttributesToGet: the parts of an item that a request wants back.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cloud/dynamodb/expression/path.h"
#include "cloud/dynamodb/expression/scope.h"

namespace ads::cloud::dynamodb {

class Projection {
 public:
  // Errors: ValidationException "Invalid ProjectionExpression: ...".
  static Outcome<Projection> parse(std::string_view expression, Scope& scope);
  explicit Projection(std::vector<Path> paths);

  // The named parts with the maps and lists that hold them; elements of a list close ranks. What is not there is left
  // out.
  Attributes apply(const Attributes& item) const;

  const std::vector<Path>& paths() const { return paths_; }

 private:
  std::vector<Path> paths_;  // sorted, none within another
};

}  // namespace ads::cloud::dynamodb
