// The scheduler's rest-json paths: which operation a request means, and the members its path and query carry.
#pragma once
#include <optional>
#include <string_view>

#include "base/json.h"
#include "cloud/scheduler/access.h"
#include "cloud/scheduler/actions/actions.h"

namespace ads::cloud::scheduler {

struct Route {
  std::string_view operation;
  Resource resource;
  Action action = nullptr;
  json::object members;  // from the path and the query, by the model's names
};

// Nothing for a path that is none of the scheduler's.
std::optional<Route> find_route(std::string_view method, std::string_view target);

}  // namespace ads::cloud::scheduler
