#include "cloud/lambda/mapping.h"

#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

json::object to_json(const Mapping& m) {
  json::array filters;
  for (auto& filter : m.filters) filters.push_back(json::value(filter));
  json::object tags;
  for (auto& [key, value] : m.tags) tags[key] = value;
  json::object out{{"uuid", m.uuid},
                   {"region", m.region},
                   {"queueArn", m.queue_arn},
                   {"function", m.function.name},
                   {"qualifier", m.function.qualifier},
                   {"batchSize", m.batch_size},
                   {"window", m.window},
                   {"filters", std::move(filters)},
                   {"isEnabled", m.is_enabled},
                   {"reportsItemFailures", m.reports_item_failures},
                   {"lastModified", m.last_modified},
                   {"tags", std::move(tags)}};
  if (m.maximum_concurrency) out["maximumConcurrency"] = *m.maximum_concurrency;
  return out;
}

std::optional<Mapping> read_mapping(std::string_view text) {
  auto parsed = parse_json_object(text);
  if (!parsed) return {};
  Mapping m;
  m.uuid = get_string(*parsed, "uuid").value_or("");
  m.region = get_string(*parsed, "region").value_or("");
  m.queue_arn = get_string(*parsed, "queueArn").value_or("");
  m.function = {std::string(get_string(*parsed, "function").value_or("")),
                std::string(get_string(*parsed, "qualifier").value_or(""))};
  m.batch_size = static_cast<int>(get_integer(*parsed, "batchSize").value_or(10));
  m.window = static_cast<int>(get_integer(*parsed, "window").value_or(0));
  if (auto most = get_integer(*parsed, "maximumConcurrency")) m.maximum_concurrency = static_cast<int>(*most);
  if (auto* filters = get_array(*parsed, "filters"))
    for (auto& filter : *filters) m.filters.emplace_back(filter.as_string());
  m.is_enabled = get_bool(*parsed, "isEnabled").value_or(true);
  m.reports_item_failures = get_bool(*parsed, "reportsItemFailures").value_or(false);
  m.last_modified = get_integer(*parsed, "lastModified").value_or(0);
  if (auto* tags = get_object(*parsed, "tags"))
    for (auto& [key, value] : *tags) m.tags[key] = value.as_string();
  return m;
}

json::object describe(const Mapping& m, std::string_view account, std::string_view state,
                      std::string_view last_result) {
  json::object out{
      {"UUID", m.uuid},
      {"BatchSize", m.batch_size},
      {"MaximumBatchingWindowInSeconds", m.window},
      {"EventSourceArn", m.queue_arn},
      {"FunctionArn", function_arn(m.region, account, m.function.name, m.function.qualifier)},
      {"EventSourceMappingArn", fmt::format("arn:aws:lambda:{}:{}:event-source-mapping:{}", m.region, account, m.uuid)},
      {"LastModified", m.last_modified / 1000.0},
      {"LastProcessingResult", last_result},
      {"State", state},
      {"StateTransitionReason", "USER_INITIATED"},
      {"FunctionResponseTypes", json::array{}}};
  if (m.reports_item_failures) out["FunctionResponseTypes"] = json::array{json::value("ReportBatchItemFailures")};
  if (m.maximum_concurrency) out["ScalingConfig"] = json::object{{"MaximumConcurrency", *m.maximum_concurrency}};
  if (!m.filters.empty()) {
    json::array filters;
    for (auto& filter : m.filters) filters.push_back(json::object{{"Pattern", filter}});
    out["FilterCriteria"] = json::object{{"Filters", std::move(filters)}};
  }
  return out;
}

std::optional<Mapping> find_mapping(const State& state, std::string_view region, std::string_view uuid) {
  auto text = state.store().get(mapping_key(region, uuid));
  return text ? read_mapping(*text) : std::nullopt;
}

std::vector<Mapping> all_mappings(const State& state, std::string_view region) {
  std::vector<Mapping> out;
  auto prefix = region.empty() ? key_of({"esm"}) : key_of({"esm", region});
  for (auto cursor = state.store().scan_prefix(prefix); cursor.valid(); cursor.next())
    if (auto mapping = read_mapping(cursor.value())) out.push_back(std::move(*mapping));
  return out;
}

}  // namespace ads::cloud::lambda
