#include "cloud/s3/service.h"

#include "cloud/s3/access.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/events.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/router.h"
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kLongestKey = 1024;

// Well-formed UTF-8 without surrogates, as keys must be.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead < 0x80                   ? 1
                         : lead >= 0xC2 && lead < 0xE0 ? 2
                         : (lead & 0xF0) == 0xE0       ? 3
                         : lead >= 0xF0 && lead < 0xF5 ? 4
                                                       : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F))
      return false;
    i += length;
  }
  return true;
}

Outcome<void> check_address(const Request& request) {
  if (!is_utf8(request.key()) || !is_utf8(request.address.bucket))
    return refuse(400, "InvalidURI", "Couldn't parse the specified URI.");
  if (request.key().size() > kLongestKey) return refuse(errors::key_too_long(request.key().size()));
  return {};
}

Task<Outcome<http::Reply>> run(State& state, Request& request) {
  if (auto checked = check_address(request); !checked) co_return refuse(checked.error());
  auto routed = route(request);
  if (!routed) co_return refuse(routed.error());
  if (routed->bucket == BucketNeed::exists) {
    request.bucket = state.buckets.find(request.address.bucket);
    if (!request.bucket) co_return refuse(errors::no_such_bucket(request.address.bucket));
    auto owner = request.header("x-amz-expected-bucket-owner");
    if (owner && *owner != request.bucket->account) co_return refuse(403, "AccessDenied", "Access Denied");
  }
  if (auto allowed = authorize(state, request, routed->action); !allowed) co_return refuse(allowed.error());
  auto reply = co_await routed->action(state, request);
  if (!reply) co_return refuse(seen_by(state, request, routed->action, std::move(reply.error())));
  co_return reply;
}

}  // namespace

S3::S3(Environment& environment) : state_(std::make_unique<State>(environment)) {}
S3::~S3() = default;

Task<http::Reply> S3::answer(Call& call) {
  Request request(call);
  auto outcome = co_await run(*state_, request);
  if (outcome) co_return std::move(*outcome);
  auto reply = render_s3_error(call, outcome.error());
  reply.headers.set("x-amz-id-2", host_id(call.request_id));
  // HeadBucket's clients look for the region even in a refusal.
  if (request.bucket) reply.headers.set("x-amz-bucket-region", request.bucket->region);
  co_return reply;
}

Task<void> S3::start() {
  co_await state_->blobs.start();
  co_await state_->outbox.start();
}

Task<void> S3::stop() {
  co_await state_->outbox.stop();
  co_await state_->blobs.stop();
}

Outcome<void> S3::may_read(const Call& call, const std::string& bucket, const std::string& key,
                           const std::string& version_id) {
  return authorize_read(*state_, call, bucket, key, version_id);
}

Task<Outcome<std::string>> S3::read_object(std::string bucket_name, std::string key, std::string version_id,
                                           std::uint64_t limit) {
  auto bucket = state_->buckets.find(bucket_name);
  if (!bucket) co_return refuse(errors::no_such_bucket(bucket_name));
  auto object =
      version_id.empty() ? state_->objects.current(*bucket, key) : state_->objects.version(*bucket, key, version_id);
  if (!object || object->is_delete_marker)
    co_return refuse(version_id.empty() ? errors::no_such_key(key) : errors::no_such_version(key, version_id));
  if (object->size > limit) co_return refuse(errors::entity_too_large(object->size, limit));
  co_return co_await load_body(*state_, *object);
}

}  // namespace ads::cloud::s3
