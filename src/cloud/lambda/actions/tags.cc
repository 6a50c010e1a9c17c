// TagResource, UntagResource, ListTags: of functions and of event source mappings.
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"
#include "cloud/lambda/keys.h"

namespace ads::cloud::lambda {

namespace {

using Tags = std::map<std::string, std::string>;

// What an ARN names, with its tags, and how they are put back.
struct Tagged {
  Tags tags;
  std::function<void(Batch&, const Tags&)> put;
};

Outcome<Tagged> find(Parts& parts, std::string region, const json::object& input) {
  std::string arn(get_string(input, "Resource").value_or(""));
  if (auto at = arn.find(":event-source-mapping:"); at != std::string::npos) {
    auto mapping = find_mapping(parts.state, region, arn.substr(at + 22));
    if (!mapping) return refuse(not_found("The resource you requested does not exist."));
    auto tags = mapping->tags;
    return Tagged{std::move(tags), [m = *mapping](Batch& batch, const Tags& changed) mutable {
                    m.tags = changed;
                    batch.put(mapping_key(m.region, m.uuid), json::serialize(to_json(m)));
                  }};
  }
  auto name = parse_function_name(arn, region, parts.environment.account);
  if (!name) return refuse(name.error());
  if (!name->qualifier.empty())
    return refuse(
        invalid_parameter("Tags on function aliases and versions are not supported. Please specify a function ARN."));
  auto about = parts.state.about(region, name->name);
  if (!about) return refuse(function_not_found(arn));
  auto tags = about->tags;
  return Tagged{std::move(tags),
                [&parts, region, name = name->name, a = *about](Batch& batch, const Tags& changed) mutable {
                  a.tags = changed;
                  parts.state.put(batch, region, name, a);
                }};
}

}  // namespace

Task<Reply> tag_resource(Parts& parts, std::string region, json::object input) {
  auto found = find(parts, region, input);
  if (!found) co_return refuse(found.error());
  if (auto* tags = get_object(input, "Tags"))
    for (auto& [key, value] : *tags) {
      if (!value.is_string() || key.empty() || key.size() > 128 || value.as_string().size() > 256)
        co_return refuse(invalid_parameter("Tag '" + std::string(key) +
                                           "': a key has 1-128 characters, a value is a string of up to 256."));
      found->tags[key] = value.as_string();
    }
  if (found->tags.size() > 50) co_return refuse(invalid_parameter("A resource has at most 50 tags."));
  Batch batch;
  found->put(batch, found->tags);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return json::object{};
}

Task<Reply> untag_resource(Parts& parts, std::string region, json::object input) {
  auto found = find(parts, region, input);
  if (!found) co_return refuse(found.error());
  if (auto* keys = get_array(input, "tagKeys"))
    for (auto& key : *keys)
      if (key.is_string()) found->tags.erase(std::string(key.as_string()));
  Batch batch;
  found->put(batch, found->tags);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return json::object{};
}

Task<Reply> list_tags(Parts& parts, std::string region, json::object input) {
  auto found = find(parts, region, input);
  if (!found) co_return refuse(found.error());
  json::object tags;
  for (auto& [key, value] : found->tags) tags[key] = value;
  co_return json::object{{"Tags", std::move(tags)}};
}

}  // namespace ads::cloud::lambda
