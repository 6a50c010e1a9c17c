#include "cloud/dynamodb/tags.h"

#include "cloud/dynamodb/errors.h"

namespace ads::cloud::dynamodb {
namespace {
constexpr std::size_t kMostTags = 50;
}

Member tags_member() {
  return {"Tags",
          Member::list,
          false,
          {},
          {},
          {},
          {{"",
            Member::structure,
            true,
            {},
            {},
            {},
            {{"Key", Member::text, true, 1, 128}, {"Value", Member::text, true, 0, 256}}}}};
}

Outcome<Tags> read_tags(const json::object& request) {
  Tags out;
  const json::array* tags = get_array(request, "Tags");
  if (!tags) return out;
  for (const json::value& tag : *tags) {
    const std::string key(*get_string(tag.as_object(), "Key"));
    if (key.starts_with("aws:"))
      return refuse(validation("One or more tag keys are reserved: " + key + " begins with aws:. Choose another key"));
    if (!out.emplace(key, std::string(*get_string(tag.as_object(), "Value"))).second)
      return refuse(validation("Duplicate tag key: " + key));
  }
  if (out.size() > kMostTags)
    return refuse(validation("One or more parameter values were invalid: Too many tags: a table has at most 50"));
  return out;
}

}  // namespace ads::cloud::dynamodb
