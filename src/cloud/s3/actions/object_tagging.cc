// GET, PUT and DELETE /bucket/key?tagging
#include <pugixml.hpp>

#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/tagging.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

Task<Outcome<http::Reply>> set_tags(State& state, Request& request, NamedValues tags, std::string event, int status) {
  auto bucket = refresh_bucket(state, request);
  if (!bucket) co_return refuse(bucket.error());
  auto object = find_object(state, request);
  if (!object) co_return refuse(object.error());
  object->tags = std::move(tags);
  Transaction transaction;
  state.objects.rewrite(transaction, **bucket, request.key(), *object);
  state.outbox.add(transaction, request.call, **bucket, {event, request.key(), object->etag, object->version_id, 0, 0});
  if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());
  auto reply = empty_reply(request, status);
  if ((*bucket)->versioning != Versioning::never) reply.headers.add("x-amz-version-id", object->version_name());
  co_return reply;
}

}  // namespace

Task<Outcome<http::Reply>> get_object_tagging(State& state, Request& request) {
  auto object = find_object(state, request);
  if (!object) co_return refuse(object.error());
  auto reply = xml_reply(request, tagging_xml(object->tags));
  if (request.bucket->versioning != Versioning::never) reply.headers.add("x-amz-version-id", object->version_name());
  co_return reply;
}

Task<Outcome<http::Reply>> put_object_tagging(State& state, Request& request) {
  auto body = co_await read_checked_body(request, kXmlLimit);
  if (!body) co_return refuse(body.error());
  auto tags = parse_tagging_xml(*body);
  if (!tags) co_return refuse(tags.error());
  if (auto checked = check_tags(*tags, 10); !checked) co_return refuse(checked.error());
  co_return co_await set_tags(state, request, std::move(*tags), "ObjectTagging:Put", 200);
}

Task<Outcome<http::Reply>> delete_object_tagging(State& state, Request& request) {
  co_return co_await set_tags(state, request, {}, "ObjectTagging:Delete", 204);
}

}  // namespace ads::cloud::s3
