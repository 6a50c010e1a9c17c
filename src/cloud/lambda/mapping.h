// An event source mapping: which queue feeds which function, and how.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "cloud/lambda/state.h"

namespace ads::cloud::lambda {

struct Mapping {
  std::string uuid, region;
  std::string queue_arn;
  FunctionName function;
  int batch_size = 10;
  int window = 0;  // seconds
  std::optional<int> maximum_concurrency;
  std::vector<std::string> filters;  // patterns as given
  bool is_enabled = true;
  bool reports_item_failures = false;
  std::int64_t last_modified = 0;  // milliseconds
  std::map<std::string, std::string> tags;

  bool is_fifo() const { return queue_arn.ends_with(".fifo"); }
};

json::object to_json(const Mapping& mapping);  // as stored
std::optional<Mapping> read_mapping(std::string_view text);
// EventSourceMappingConfiguration. `state`: Creating, Enabled, Updating, Disabled, Deleting, ...
json::object describe(const Mapping& mapping, std::string_view account, std::string_view state,
                      std::string_view last_result);

std::optional<Mapping> find_mapping(const State& state, std::string_view region, std::string_view uuid);
// Every mapping of a region; of all regions where it is empty.
std::vector<Mapping> all_mappings(const State& state, std::string_view region);

}  // namespace ads::cloud::lambda
