// POST /bucket?delete
#include <pugixml.hpp>

#include "cloud/query_protocol.h"
#include "cloud/s3/access.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/conditions.h"
#include "cloud/s3/deletion.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/xml.h"
#include "cloud/time_slice.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kMostKeys = 1000;
constexpr std::string_view kShape = "Delete{Object*!{Key!,VersionId,ETag,LastModifiedTime,Size},Quiet}";

struct Wanted {
  std::string key, version;
  http::Headers conditions;  // as DeleteObject's headers have them
};

void write_error(XmlWriter& xml, const Wanted& wanted, const WireError& error) {
  xml.open("Error").element("Key", wanted.key);
  if (!wanted.version.empty()) xml.element("VersionId", wanted.version);
  xml.element("Code", error.code).element("Message", error.message).close();
}

void write_deleted(XmlWriter& xml, const Wanted& wanted, const Objects::Removed& removed) {
  xml.open("Deleted").element("Key", wanted.key);
  if (!wanted.version.empty()) xml.element("VersionId", wanted.version);
  if (removed.is_marker_made || removed.is_marker_removed)
    xml.element("DeleteMarker", "true").element("DeleteMarkerVersionId", removed.version_id);
  xml.close();
}

}  // namespace

Task<Outcome<http::Reply>> delete_objects(State& state, Request& request) {
  auto body = co_await read_checked_body(request, kXmlLimit);
  if (!body) co_return refuse(body.error());
  auto text = normalise_xml(*body, kShape);
  if (!text) co_return refuse(text.error());
  pugi::xml_document document;
  auto root = parse_xml(document, *text, "Delete");
  if (!root) co_return refuse(root.error());
  bool is_quiet = child_text(*root, "Quiet") == "true";
  std::vector<Wanted> wanted;
  for (auto node : root->children("Object")) {
    Wanted one{std::string(child_text(node, "Key")), std::string(child_text(node, "VersionId")), {}};
    if (auto etag = child(node, "ETag")) one.conditions.add("If-Match", etag.child_value());
    if (auto size = child(node, "Size")) one.conditions.add("x-amz-if-match-size", size.child_value());
    if (auto time = child(node, "LastModifiedTime")) {
      auto parsed = parse_iso8601(time.child_value());
      one.conditions.add("x-amz-if-match-last-modified-time",
                         parsed ? http_date(*parsed) : std::string(time.child_value()));
    }
    wanted.push_back(std::move(one));
  }
  if (wanted.empty() || wanted.size() > kMostKeys) co_return refuse(errors::malformed_xml());

  XmlWriter xml;
  xml.open("DeleteResult", kS3Namespace);
  // Each key is a transaction of its own, so that a key named twice sees what the first did; all share one wait for the
  // disk.
  TimeSlice slice;
  for (const auto& one : wanted) {
    if (slice.is_over()) co_await slice.pass();
    auto bucket = state.buckets.find(request.address.bucket);
    if (!bucket || bucket->id != request.bucket->id) co_return refuse(errors::no_such_bucket(request.address.bucket));
    if (!one.version.empty() && !Objects::is_valid_version_id(one.version)) {
      write_error(xml, one, errors::no_such_version(one.key, one.version));
      continue;
    }
    auto condition = one.conditions.get_or("If-Match", "*") == "*" ? DeleteCondition::none : DeleteCondition::etag;
    if (auto allowed = authorize_delete(state, request, one.key, one.version, condition); !allowed) {
      write_error(xml, one, allowed.error());
      continue;
    }
    auto current = state.objects.current_summary(*bucket, one.key);
    if (auto held = check_delete(one.conditions, one.key, current ? &*current : nullptr); !held) {
      write_error(xml, one, held.error());
      continue;
    }
    Transaction transaction;
    auto removed = delete_one(state, transaction, request.call, *bucket, one.key, one.version);
    if (removed.existed || removed.is_marker_made)
      if (auto applied = state.apply(std::move(transaction)); !applied) {
        write_error(xml, one, applied.error());
        continue;
      }
    if (!is_quiet) write_deleted(xml, one, removed);
  }
  if (auto flushed = co_await state.durable(); !flushed) co_return refuse(flushed.error());
  xml.close();
  co_return xml_reply(request, xml.take());
}

}  // namespace ads::cloud::s3
