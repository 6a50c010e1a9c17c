// Lambda's rest-json paths: which operation a request means, and the members its path and query carry.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "cloud/lambda/access.h"
#include "cloud/lambda/actions/actions.h"

namespace ads::cloud::lambda {

struct Route {
  std::string_view operation;
  Resource resource;
  Action action = nullptr;  // null: Invoke, or an operation that is not implemented
  int status = 200;
  json::object members;  // from the path and the query
};

// Nothing for a path that is none of Lambda's.
std::optional<Route> find_route(std::string_view method, std::string_view target);

}  // namespace ads::cloud::lambda
