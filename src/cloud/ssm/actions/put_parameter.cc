// PutParameter, DeleteParameter, DeleteParameters.
#include "cloud/ssm/actions/actions.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {

Answer put_parameter(Desk& desk, Call& call, json::object input) {
  const auto name = parse_reference(text(input, "Name")).name;
  if (auto checked = check_name(name); !checked) co_return refuse(checked.error());
  auto tags = read_tags(input);
  if (!tags) co_return refuse(tags.error());
  const bool overwrites = flag(input, "Overwrite");
  if (overwrites && !tags->empty())
    co_return refuse(validation(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove "
        "overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or "
        "RemoveTagsFromResource."));
  const auto existing = desk.parameters.find(call.region, name);
  if (existing && !overwrites) co_return refuse(already_exists());
  auto version = next_version(input, existing ? &existing->current : nullptr);
  if (!version) co_return refuse(version.error());
  version->user = call.caller.arn;
  version->modified = call.now;
  Parameter parameter{.name = name, .current = *std::move(version)};
  parameter.tags = existing ? existing->tags : *std::move(tags);
  if (existing) parameter.client_token = existing->client_token;
  Batch batch;
  if (auto put = desk.parameters.put(batch, call.region, parameter); !put) co_return refuse(put.error());
  co_return co_await commit(desk, std::move(batch),
                            {{"Version", parameter.current.number}, {"Tier", parameter.current.tier}});
}

Answer delete_parameter(Desk& desk, Call& call, json::object input) {
  const auto name = parse_reference(text(input, "Name")).name;
  if (!desk.parameters.find(call.region, name)) co_return refuse(parameter_not_found(name));
  Batch batch;
  desk.parameters.remove(batch, call.region, name);
  co_return co_await commit(desk, std::move(batch));
}

Answer delete_parameters(Desk& desk, Call& call, json::object input) {
  const auto names = texts(input, "Names");
  if (names.empty() || names.size() > 10) co_return refuse(validation("Names can have from 1 to 10 entries."));
  json::array deleted, invalid;
  Batch batch;
  for (const auto& given : names) {
    const auto name = parse_reference(given).name;
    const bool is_there = desk.parameters.find(call.region, name).has_value();
    if (is_there) desk.parameters.remove(batch, call.region, name);
    (is_there ? deleted : invalid).push_back(json::value(given));
  }
  co_return co_await commit(desk, std::move(batch),
                            {{"DeletedParameters", std::move(deleted)}, {"InvalidParameters", std::move(invalid)}});
}

}  // namespace ads::cloud::ssm
