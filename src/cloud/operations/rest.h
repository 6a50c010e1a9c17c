// The REST protocols: which operation a path means, and where a request carries its members.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cloud/operations/model.h"
#include "http/message.h"

namespace ads::cloud::operations {

class RestRoutes {
 public:
  explicit RestRoutes(Model& model);

  struct Found {
    const ApiOperation* operation;
    std::vector<std::pair<std::string_view, std::string>> labels;  // "Name" of "/schedules/{Name}", decoded
  };
  // `path` without its query, percent-encoded as sent. Of several that fit, the one with the fewest labels.
  std::optional<Found> find(std::string_view method, std::string_view path) const;

 private:
  std::vector<const ApiOperation*> operations_;
};

// The members of a request, each from the part of it that the model names and from no other.
json::object read_rest(const Shape& structure, const RestRoutes::Found& route, const http::Request& head,
                       json::object body);

}  // namespace ads::cloud::operations
