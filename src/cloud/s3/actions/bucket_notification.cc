// GET and PUT /bucket?notification
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/destinations.h"
#include "cloud/s3/lookup.h"

namespace ads::cloud::s3 {

Task<Outcome<http::Reply>> get_bucket_notification(State&, Request& request) {
  co_return xml_reply(request, to_xml(request.bucket->notifications));
}

Task<Outcome<http::Reply>> put_bucket_notification(State& state, Request& request) {
  auto body = co_await read_body(request, kXmlLimit);
  if (!body) co_return refuse(body.error());
  auto configuration = parse_notification_xml(*body);
  if (!configuration) co_return refuse(configuration.error());
  if (auto checked = check_rules(*configuration); !checked) co_return refuse(checked.error());
  // botocore spelled booleans in headers as Python does until 2023.
  auto skip = request.headers().get_or("x-amz-skip-destination-validation", "false");
  bool skips = skip == "true" || skip == "True";
  if (!skips) {
    auto validated = co_await validate_destinations(state, request.bucket, *configuration, request.call.request_id,
                                                    request.call.now);
    if (!validated) co_return refuse(validated.error());
  }
  auto bucket = refresh_bucket(state, request);
  if (!bucket) co_return refuse(bucket.error());
  Bucket changed = **bucket;
  changed.configurations["notification"] = to_xml(*configuration);
  if (auto saved = state.buckets.save(state.blobs, std::move(changed)); !saved)
    co_return refuse(internal_error(saved.error()));
  if (auto flushed = co_await state.durable(); !flushed) co_return refuse(flushed.error());
  co_return empty_reply(request);
}

}  // namespace ads::cloud::s3
