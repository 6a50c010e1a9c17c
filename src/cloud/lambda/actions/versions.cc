// PublishVersion and ListVersionsByFunction. A version never changes once it is published.
#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

namespace {

// Whether publishing again would make the same version: everything but its own identity is equal.
bool is_same(Function a, Function b) {
  a.version = b.version;
  a.revision_id = b.revision_id;
  a.last_modified = b.last_modified;
  a.description = b.description;
  return to_json(a) == to_json(b);
}

}  // namespace

Task<Outcome<Function>> publish(Parts& parts, Function latest, std::optional<std::string> description) {
  auto about = parts.state.about(latest.region, latest.name);
  if (!about) co_return refuse(function_not_found(function_arn(latest.region, parts.environment.account, latest.name)));
  if (about->last_version > 0)
    if (auto last = parts.state.find(latest.region, latest.name, std::to_string(about->last_version));
        last && is_same(*last, latest))
      co_return std::move(*last);
  Function version = std::move(latest);
  version.version = std::to_string(++about->last_version);
  version.revision_id = random_uuid();
  if (description) version.description = *description;
  Batch batch;
  parts.state.put(batch, version);
  parts.state.put(batch, version.region, version.name, *about);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  co_return version;
}

Task<Reply> publish_version(Parts& parts, std::string region, json::object input) {
  auto name = named(parts, region, input);
  if (!name) co_return refuse(name.error());
  if (get_string(input, "PublishTo")) co_return refuse(not_implemented("PublishVersion with PublishTo"));
  auto latest = parts.state.find(region, name->name, "$LATEST");
  if (!latest) co_return refuse(function_not_found(parts.state.arn(region, *name)));
  if (auto revision = get_string(input, "RevisionId"); revision && *revision != latest->revision_id)
    co_return refuse(precondition_failed());
  if (auto sha = get_string(input, "CodeSha256")) {
    auto digest = from_hex(latest->code_sha);
    if (!digest || to_base64(*digest) != *sha)
      co_return refuse(
          invalid_parameter(fmt::format("CodeSHA256 ({}) is different from current CodeSHA256 in $LATEST ({}). Please "
                                        "try again with the CodeSHA256 in $LATEST.",
                                        *sha, digest ? to_base64(*digest) : "")));
  }
  std::optional<std::string> description;
  if (auto given = get_string(input, "Description")) description = std::string(*given);
  auto version = co_await publish(parts, std::move(*latest), std::move(description));
  if (!version) co_return refuse(version.error());
  co_return describe(*version, parts.environment.account, ArnForm::qualified);
}

Task<Reply> list_versions_by_function(Parts& parts, std::string region, json::object input) {
  auto name = existing(parts, region, input);
  if (!name) co_return refuse(name.error());
  auto page = page_of(input, 50);
  if (!page) co_return refuse(page.error());
  json::array versions;
  json::object reply;
  bool is_past = page->after.empty();
  std::string last;
  for (auto& version : parts.state.versions(region, name->name)) {
    if (!is_past) {
      is_past = version.version == page->after;
      continue;
    }
    if (versions.size() == page->most) {
      reply["NextMarker"] = last;
      break;
    }
    versions.push_back(describe(version, parts.environment.account, ArnForm::qualified));
    last = version.version;
  }
  reply["Versions"] = std::move(versions);
  co_return reply;
}

}  // namespace ads::cloud::lambda
