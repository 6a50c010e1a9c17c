// PutParameter, DeleteParameter, DeleteParameters.
#include "cloud/ssm/actions.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {

Reply put_parameter(Context& context, const json::object& input) {
  const auto name = parse_reference(text(input, "Name")).name;
  if (auto checked = check_name(name); !checked) return refuse(checked.error());
  auto tags = read_tags(input);
  if (!tags) return refuse(tags.error());
  const bool overwrites = flag(input, "Overwrite");
  if (overwrites && !tags->empty())
    return refuse(validation(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove "
        "overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or "
        "RemoveTagsFromResource."));
  const auto existing = context.parameters.find(context.region(), name);
  if (existing && !overwrites) return refuse(already_exists());
  auto version = next_version(input, existing ? &existing->current : nullptr);
  if (!version) return refuse(version.error());
  version->user = context.call.caller.arn;
  version->modified = context.call.now;
  Parameter parameter{.name = name, .current = *std::move(version)};
  parameter.tags = existing ? existing->tags : *std::move(tags);
  if (existing) parameter.client_token = existing->client_token;
  Batch batch;
  if (auto put = context.parameters.put(batch, context.region(), parameter); !put) return refuse(put.error());
  return apply(context, std::move(batch), {{"Version", parameter.current.number}, {"Tier", parameter.current.tier}});
}

Reply delete_parameter(Context& context, const json::object& input) {
  const auto name = parse_reference(text(input, "Name")).name;
  if (!context.parameters.find(context.region(), name)) return refuse(parameter_not_found(name));
  Batch batch;
  context.parameters.remove(batch, context.region(), name);
  return apply(context, std::move(batch));
}

Reply delete_parameters(Context& context, const json::object& input) {
  const auto names = texts(input, "Names");
  json::array deleted, invalid;
  Batch batch;
  for (const auto& given : names) {
    const auto name = parse_reference(given).name;
    const bool is_there = context.parameters.find(context.region(), name).has_value();
    if (is_there) context.parameters.remove(batch, context.region(), name);
    (is_there ? deleted : invalid).push_back(json::value(given));
  }
  return apply(context, std::move(batch),
               {{"DeletedParameters", std::move(deleted)}, {"InvalidParameters", std::move(invalid)}});
}

}  // namespace ads::cloud::ssm
