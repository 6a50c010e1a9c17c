#include "base/encoding.h"
#include "cloud/ssm/actions/actions.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {

std::string text(const json::object& input, std::string_view member) {
  return std::string(get_string(input, member).value_or(""));
}

std::vector<std::string> texts(const json::object& input, std::string_view member) {
  std::vector<std::string> out;
  if (const auto* values = get_array(input, member))
    for (const auto& value : *values)
      if (value.is_string()) out.emplace_back(value.as_string());
  return out;
}

bool flag(const json::object& input, std::string_view member) {
  return get_bool(input, member).value_or(false);
}

Answer commit(Desk& desk, Batch batch, json::object result) {
  if (auto written = co_await desk.environment.store.commit(std::move(batch)); !written)
    co_return refuse(internal_failure(written.error()));
  co_return result;
}

Outcome<Page> page_of(const json::object& input, std::size_t most) {
  Page page{.most = most};
  if (input.contains("MaxResults")) {
    const auto wanted = get_integer(input, "MaxResults").value_or(0);
    if (wanted < 1 || static_cast<std::size_t>(wanted) > most)
      return refuse(
          validation(fmt::format("1 validation error detected: Value '{}' at 'maxResults' failed to satisfy "
                                 "constraint: Member must have value from 1 to {}",
                                 wanted, most)));
    page.most = static_cast<std::size_t>(wanted);
  }
  auto after = from_base64(text(input, "NextToken"));
  if (!after) return refuse(400, "InvalidNextToken", "The specified token is not valid.");
  page.after = *std::move(after);
  return page;
}

void add_next_token(json::object& result, std::string_view next) {
  if (!next.empty()) result["NextToken"] = to_base64(next);
}

json::object describe(const Version& version, std::string_view name) {
  json::object out{{"Name", name},
                   {"Type", version.type},
                   {"LastModifiedDate", static_cast<double>(version.modified.time_since_epoch().count()) / 1000.0},
                   {"LastModifiedUser", version.user},
                   {"Version", version.number},
                   {"Tier", version.tier},
                   {"Policies", json::array{}},
                   {"DataType", version.data_type}};
  if (!version.description.empty()) out["Description"] = version.description;
  if (!version.allowed_pattern.empty()) out["AllowedPattern"] = version.allowed_pattern;
  if (!version.key_id.empty()) out["KeyId"] = version.key_id;
  return out;
}

}  // namespace ads::cloud::ssm
