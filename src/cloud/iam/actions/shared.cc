#include "base/encoding.h"
#include "cloud/iam/actions/actions.h"
#include "cloud/iam/errors.h"
#include "cloud/iam/input.h"

namespace ads::cloud::iam {

Outcome<std::string> write(const Request& request, Batch batch, std::string result) {
  if (auto applied = request.directory.store().apply(std::move(batch)); !applied) {
    return refuse(internal_failure(applied.error()));
  }
  return result;
}

std::string members(const json::object& result) {
  XmlWriter xml;
  write_members(xml, result);
  return xml.take();
}

Outcome<std::vector<std::string>> page_of_names(const Request& request, std::string_view table, json::object& page) {
  auto most = optional_integer(request.input, "MaxItems", 100, 1, 1000);
  if (!most) return refuse(most.error());
  const auto after = from_base64(optional_text(request.input, "Marker"));
  if (!after) return refuse(validation("Invalid Marker."));
  auto names = request.directory.names(table, *after, static_cast<std::size_t>(*most) + 1);
  const bool more = names.size() > static_cast<std::size_t>(*most);
  page["IsTruncated"] = more;
  if (more) {
    names.pop_back();
    page["Marker"] = to_base64(names.back());
  }
  return names;
}

Outcome<void> check_removable(const Directory& directory, const Entity& entity) {
  if (!entity.attached.empty()) {
    return refuse(delete_conflict("Cannot delete entity, must detach all policies first."));
  }
  if (!entity.inline_policies.empty()) {
    return refuse(delete_conflict("Cannot delete entity, must delete policies first."));
  }
  if (entity.kind == EntityKind::user && !directory.keys_of(entity.name).empty()) {
    return refuse(delete_conflict("Cannot delete entity, must delete access keys first."));
  }
  return {};
}

Outcome<std::string> checked_boundary(const Request& r) {
  auto boundary = optional_text(r.input, "PermissionsBoundary");
  if (!boundary.empty() && !r.directory.find_policy(boundary)) {
    return refuse(no_such_entity(fmt::format("Scope ARN: {} does not exist or is not attachable.", boundary)));
  }
  return boundary;
}

}  // namespace ads::cloud::iam
