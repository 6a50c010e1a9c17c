#include "base/encoding.h"
#include "cloud/ssm/actions.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {

Reply apply(Context& context, Batch batch, json::object result) {
  if (auto applied = context.environment.store.apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  return result;
}

Outcome<Page> page_of(const json::object& input, std::size_t most) {
  Page page{.most = static_cast<std::size_t>(whole(input, "MaxResults", static_cast<std::int64_t>(most)))};
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
