// LabelParameterVersion, UnlabelParameterVersion, AddTagsToResource, RemoveTagsFromResource, ListTagsForResource.
#include "cloud/ssm/actions.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {
namespace {

constexpr std::size_t kMostLabels = 10;

bool is_label(std::string_view label) {
  const bool has_legal_letters = std::ranges::all_of(
      label, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_'; });
  return has_legal_letters && !label.empty() && label.size() <= 100 &&
         !std::isdigit(static_cast<unsigned char>(label[0])) && !label.starts_with("aws") && !label.starts_with("ssm");
}

Outcome<Parameter> tagged(const Context& context, const json::object& input) {
  if (text(input, "ResourceType") != "Parameter")
    return refuse(not_implemented(fmt::format("tags of Systems Manager's {}", text(input, "ResourceType"))));
  auto parameter = context.parameters.find(context.region(), parse_reference(text(input, "ResourceId")).name);
  if (!parameter)
    return refuse(400, "InvalidResourceId",
                  fmt::format("The resource ID {} is not valid. Verify that you entered the correct ID and try again.",
                              text(input, "ResourceId")));
  return *std::move(parameter);
}

// The version that a request about labels means: the one it names, else the newest.
Outcome<Version> labelled(const Context& context, const json::object& input, std::string_view name) {
  const auto number = get_integer(input, "ParameterVersion");
  return context.parameters.resolve(context.region(), {std::string(name), number ? std::to_string(*number) : ""});
}

}  // namespace

Reply label_parameter_version(Context& context, const json::object& input) {
  const auto name = parse_reference(text(input, "Name")).name;
  auto version = labelled(context, input, name);
  if (!version) return refuse(version.error());
  json::array invalid;
  std::vector<std::string> wanted;
  for (const auto& label : texts(input, "Labels")) {
    if (is_label(label))
      wanted.push_back(label);
    else
      invalid.push_back(json::value(label));
  }
  Batch batch;
  // A label names one version: it moves.
  for (auto& other : context.parameters.versions(context.region(), name)) {
    const auto moved = std::erase_if(other.labels, [&](const auto& label) {
      return other.number != version->number && std::ranges::find(wanted, label) != wanted.end();
    });
    if (moved > 0) context.parameters.put_version(batch, context.region(), name, other);
  }
  for (const auto& label : wanted)
    if (std::ranges::find(version->labels, label) == version->labels.end()) version->labels.push_back(label);
  if (version->labels.size() > kMostLabels)
    return refuse(400, "ParameterVersionLabelLimitExceeded", "A parameter version can have up to 10 labels.");
  context.parameters.put_version(batch, context.region(), name, *version);
  return apply(context, std::move(batch),
               {{"InvalidLabels", std::move(invalid)}, {"ParameterVersion", version->number}});
}

Reply unlabel_parameter_version(Context& context, const json::object& input) {
  const auto name = parse_reference(text(input, "Name")).name;
  auto version = labelled(context, input, name);
  if (!version) return refuse(version.error());
  json::array removed, invalid;
  for (const auto& label : texts(input, "Labels"))
    (std::erase(version->labels, label) > 0 ? removed : invalid).push_back(json::value(label));
  Batch batch;
  context.parameters.put_version(batch, context.region(), name, *version);
  return apply(context, std::move(batch),
               {{"RemovedLabels", std::move(removed)}, {"InvalidLabels", std::move(invalid)}});
}

Reply add_tags_to_resource(Context& context, const json::object& input) {
  auto parameter = tagged(context, input);
  if (!parameter) return refuse(parameter.error());
  auto tags = read_tags(input);
  if (!tags) return refuse(tags.error());
  for (auto& [name, value] : *tags) parameter->tags[name] = value;
  if (parameter->tags.size() > 50) return refuse(400, "TooManyTagsError", "A parameter can have up to 50 tags.");
  Batch batch;
  context.parameters.put_entry(batch, context.region(), *parameter);
  return apply(context, std::move(batch));
}

Reply remove_tags_from_resource(Context& context, const json::object& input) {
  auto parameter = tagged(context, input);
  if (!parameter) return refuse(parameter.error());
  for (const auto& name : texts(input, "TagKeys")) parameter->tags.erase(name);
  Batch batch;
  context.parameters.put_entry(batch, context.region(), *parameter);
  return apply(context, std::move(batch));
}

Reply list_tags_for_resource(Context& context, const json::object& input) {
  const auto parameter = tagged(context, input);
  if (!parameter) return refuse(parameter.error());
  json::array tags;
  for (const auto& [name, value] : parameter->tags) tags.push_back(json::object{{"Key", name}, {"Value", value}});
  return json::object{{"TagList", std::move(tags)}};
}

}  // namespace ads::cloud::ssm
