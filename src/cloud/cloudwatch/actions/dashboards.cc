#include "cloud/cloudwatch/dashboards.h"

#include "cloud/cloudwatch/actions.h"
#include "cloud/cloudwatch/errors.h"
#include "cloud/cloudwatch/keys.h"

namespace ads::cloud::cloudwatch {
namespace {

std::string arn(const Context& context, std::string_view name) {
  return fmt::format("arn:aws:cloudwatch::{}:dashboard/{}", context.environment().account, name);
}

// A whole number within bounds, or nothing at all.
bool is_within(const json::object& widget, std::string_view member, std::int64_t least, std::int64_t most) {
  if (!widget.contains(member)) return true;
  const auto value = get_integer(widget, member);
  return value && *value >= least && *value <= most;
}

// What AWS would say first about a body; empty where it takes it.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
std::string first_mistake(const json::object& body) {
  const auto* widgets = get_array(body, "widgets");
  if (widgets == nullptr) return "/: should have the property 'widgets', a list";
  if (widgets->size() > 500) return "/widgets: should have at most 500 items";
  static const std::set<std::string_view> kTypes = {"metric", "text", "log", "alarm", "explorer", "custom"};
  for (std::size_t i = 0; i < widgets->size(); ++i) {
    const auto at = fmt::format("/widgets/{}", i);
    const auto* widget = (*widgets)[i].if_object();
    if (widget == nullptr) return at + ": should be an object";
    const auto type = text(*widget, "type");
    if (!kTypes.contains(type)) return fmt::format("{}/type: '{}' is no type of widget", at, type);
    const auto* properties = get_object(*widget, "properties");
    if (properties == nullptr) return at + ": should have the property 'properties', an object";
    if (!is_within(*widget, "x", 0, 23) || !is_within(*widget, "y", 0, 1'000'000'000) ||
        !is_within(*widget, "width", 1, 24) || !is_within(*widget, "height", 1, 1000))
      return at + ": x is 0-23, width 1-24, height 1-1000";
    if (type == "text" && !properties->contains("markdown")) return at + "/properties: should have 'markdown'";
    const bool has_source = properties->contains("metrics") || properties->contains("annotations");
    if (type == "metric" && !has_source) return at + "/properties: should have 'metrics' or 'annotations'";
    if (type == "log" && !properties->contains("query")) return at + "/properties: should have 'query'";
    if (type == "alarm" && get_array(*properties, "alarms") == nullptr)
      return at + "/properties: should have 'alarms', a list";
  }
  return "";
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
  const auto read = parse_json_object(body);
  if (!read) return refuse(400, "InvalidParameterInput", "The field DashboardBody must be a valid JSON object");
  if (const auto wrong = first_mistake(*read); !wrong.empty()) {
    return refuse(400, "InvalidParameterInput",
                  fmt::format("The dashboard body is invalid, there are validation errors: {}", wrong));
  }
  batch.put(key({"dashboard", region, name}),
            json::serialize(json::object{{"body", body}, {"modified", now.time_since_epoch().count()}}));
  return {};
}

void remove_dashboard(Batch& batch, std::string_view region, std::string_view name) {
  batch.remove(key({"dashboard", region, name}));
}

Reply put_dashboard(Context& context, const json::object& input) {
  Batch batch;
  auto put = put_dashboard(batch, context.region(), text(input, "DashboardName"), text(input, "DashboardBody"),
                           context.call.now);
  if (!put) return refuse(put.error());
  return apply(context, std::move(batch), {{"DashboardValidationMessages", json::array{}}});
}

Reply get_dashboard(Context& context, const json::object& input) {
  const auto name = text(input, "DashboardName");
  const auto stored = context.environment().store.get(key({"dashboard", context.region(), name}));
  const auto object = stored ? parse_json_object(*stored) : Result<json::object>(fail(ErrorKind::not_found, "", ""));
  if (!object) return refuse(not_found(fmt::format("Dashboard {} does not exist", name)));
  return json::object{
      {"DashboardArn", arn(context, name)}, {"DashboardBody", object->at("body")}, {"DashboardName", name}};
}

Reply list_dashboards(Context& context, const json::object& input) {
  const auto wanted = text(input, "DashboardNamePrefix");
  json::array entries;
  const auto prefix = key({"dashboard", context.region()});
  for (auto cursor = context.environment().store.scan_prefix(prefix); cursor.valid() && entries.size() < 1000;
       cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto name = take_text(rest);
    const auto object = parse_json_object(cursor.value());
    if (!name || !object || !name->starts_with(wanted)) continue;
    entries.push_back(json::object{{"DashboardName", *name},
                                   {"DashboardArn", arn(context, *name)},
                                   {"LastModified", timestamp(get_integer(*object, "modified").value_or(0))},
                                   {"Size", get_string(*object, "body").value_or("").size()}});
  }
  return json::object{{"DashboardEntries", std::move(entries)}};
}

Reply delete_dashboards(Context& context, const json::object& input) {
  Batch batch;
  for (const auto& name : texts(input, "DashboardNames")) {
    if (!context.environment().store.get(key({"dashboard", context.region(), name}))) {
      return refuse(not_found(fmt::format("Dashboard {} does not exist", name)));
    }
    remove_dashboard(batch, context.region(), name);
  }
  return apply(context, std::move(batch));
}

}  // namespace ads::cloud::cloudwatch
