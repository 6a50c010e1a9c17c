// TagResource, UntagResource, ListTagsOfResource.
#include "cloud/dynamodb/actions/actions.h"
#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/tags.h"

namespace ads::cloud::dynamodb {
namespace {

constexpr std::size_t kMostTags = 50, kTagsPerPage = 10;

Member resource_arn() {
  return {"ResourceArn", Member::text, true, 1, 1283};
}

Outcome<Table*> find_resource(Context& context, const json::object& request) {
  const std::string arn(*get_string(request, "ResourceArn"));
  if (!arn.starts_with("arn:aws:dynamodb:") || arn.find(":table/") == std::string::npos)
    return refuse(validation("Invalid TableArn: Invalid ResourceArn provided as input " + arn));
  auto table = find_table(context, arn);
  if (!table) return refuse(no_such_resource(arn));
  return table;
}

Outcome<std::string> save(Context& context, Table& table, Tags tags) {
  Tags before = std::exchange(table.tags, std::move(tags));
  Batch batch;
  context.catalog.save(batch, table);
  if (auto applied = apply(context, std::move(batch)); !applied) {
    table.tags = std::move(before);
    return refuse(applied.error());
  }
  return std::string();  // AWS answers with an empty body
}

}  // namespace

Outcome<std::string> tag_resource(Context& context, const json::object& request) {
  static const Shape kShape = [] {
    Member tags = tags_member();
    tags.is_required = true;
    return Shape{resource_arn(), tags};
  }();
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  auto table = find_resource(context, request);
  if (!table) return refuse(table.error());
  if (get_array(request, "Tags")->empty()) return refuse(validation("Atleast one Tag needs to be provided as Input."));
  auto added = read_tags(request);
  if (!added) return refuse(added.error());
  Tags tags = (*table)->tags;
  for (auto& [key, value] : *added) tags[key] = value;
  if (tags.size() > kMostTags)
    return refuse(validation("One or more parameter values were invalid: Too many tags: a table has at most 50"));
  return save(context, **table, std::move(tags));
}

Outcome<std::string> untag_resource(Context& context, const json::object& request) {
  static const Shape kShape = {resource_arn(),
                               {"TagKeys", Member::list, true, {}, {}, {}, {{"", Member::text, true, 1, 128}}}};
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  auto table = find_resource(context, request);
  if (!table) return refuse(table.error());
  const json::array& keys = *get_array(request, "TagKeys");
  if (keys.empty()) return refuse(validation("Atleast one Tag Key needs to be provided as Input."));
  Tags tags = (*table)->tags;
  for (const json::value& key : keys) tags.erase(std::string(key.get_string()));
  return save(context, **table, std::move(tags));
}

Outcome<std::string> list_tags_of_resource(Context& context, const json::object& request) {
  static const Shape kShape = {resource_arn(), {"NextToken", Member::text}};
  if (auto sound = check_shape(request, kShape); !sound) return refuse(sound.error());
  auto table = find_resource(context, request);
  if (!table) return refuse(table.error());
  json::array tags;
  // The token is the last key of the page before.
  auto tag = (*table)->tags.upper_bound(std::string(get_string(request, "NextToken").value_or("")));
  for (; tag != (*table)->tags.end() && tags.size() < kTagsPerPage; ++tag)
    tags.emplace_back(json::object{{"Key", tag->first}, {"Value", tag->second}});
  const std::string last =
      tag == (*table)->tags.end() || tags.empty() ? "" : std::string(tags.back().at("Key").as_string());
  ReplyText reply;
  reply.member("Tags", json::value(std::move(tags)));
  if (!last.empty()) reply.member("NextToken", json::value(last));
  return reply.take();
}

}  // namespace ads::cloud::dynamodb
