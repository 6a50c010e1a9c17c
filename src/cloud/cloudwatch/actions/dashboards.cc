#include "cloud/cloudwatch/dashboards.h"

#include "cloud/cloudwatch/actions/actions.h"
#include "cloud/cloudwatch/cbor.h"
#include "cloud/cloudwatch/errors.h"
#include "cloud/cloudwatch/keys.h"

namespace ads::cloud::cloudwatch {
namespace {

std::string arn(const Desk& desk, std::string_view name) {
  return fmt::format("arn:aws:cloudwatch::{}:dashboard/{}", desk.environment.account, name);
}

}  // namespace

Outcome<void> put_dashboard(Batch& batch, std::string_view region, std::string_view name, std::string_view body,
                            SystemTime now) {
  const bool is_valid = !name.empty() && name.size() <= 255 && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  });
  if (!is_valid) {
    return refuse(400, "InvalidParameterInput",
                  "DashboardName may have letters, digits, hyphens and underscores, up to 255.");
  }
  if (!parse_json_object(body))
    return refuse(400, "InvalidParameterInput", "The field DashboardBody must be a valid JSON object");
  batch.put(key({"dashboard", region, name}),
            json::serialize(json::object{{"body", body}, {"modified", now.time_since_epoch().count()}}));
  return {};
}

void remove_dashboard(Batch& batch, std::string_view region, std::string_view name) {
  batch.remove(key({"dashboard", region, name}));
}

Answer put_dashboard(Desk& desk, Call& call, json::object input) {
  Batch batch;
  auto put = put_dashboard(batch, call.region, text(input, "DashboardName"), text(input, "DashboardBody"), call.now);
  if (!put) co_return refuse(put.error());
  co_return co_await commit(desk, std::move(batch), {{"DashboardValidationMessages", json::array{}}});
}

Answer get_dashboard(Desk& desk, Call& call, json::object input) {
  const auto name = text(input, "DashboardName");
  const auto stored = desk.environment.store.get(key({"dashboard", call.region, name}));
  const auto object = stored ? parse_json_object(*stored) : Result<json::object>(fail(ErrorKind::not_found, "", ""));
  if (!object) co_return refuse(not_found(fmt::format("Dashboard {} does not exist", name)));
  co_return json::object{
      {"DashboardArn", arn(desk, name)}, {"DashboardBody", object->at("body")}, {"DashboardName", name}};
}

Answer list_dashboards(Desk& desk, Call& call, json::object input) {
  const auto wanted = text(input, "DashboardNamePrefix");
  json::array entries;
  const auto prefix = key({"dashboard", call.region});
  for (auto cursor = desk.environment.store.scan_prefix(prefix); cursor.valid() && entries.size() < 1000;
       cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto name = take_text(rest);
    const auto object = parse_json_object(cursor.value());
    if (!name || !object || !name->starts_with(wanted)) continue;
    entries.push_back(json::object{{"DashboardName", *name},
                                   {"DashboardArn", arn(desk, *name)},
                                   {"LastModified", timestamp(get_integer(*object, "modified").value_or(0))},
                                   {"Size", get_string(*object, "body").value_or("").size()}});
  }
  co_return json::object{{"DashboardEntries", std::move(entries)}};
}

Answer delete_dashboards(Desk& desk, Call& call, json::object input) {
  Batch batch;
  for (const auto& name : texts(input, "DashboardNames")) {
    if (!desk.environment.store.get(key({"dashboard", call.region, name}))) {
      co_return refuse(not_found(fmt::format("Dashboard {} does not exist", name)));
    }
    remove_dashboard(batch, call.region, name);
  }
  co_return co_await commit(desk, std::move(batch));
}

}  // namespace ads::cloud::cloudwatch
