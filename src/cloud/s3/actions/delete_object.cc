// DELETE /bucket/key[?versionId]
#include "cloud/s3/actions.h"
#include "cloud/s3/conditions.h"
#include "cloud/s3/deletion.h"
#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {

Objects::Removed delete_one(State& state, Transaction& transaction, const Call& call, const Bucket& bucket,
                            const std::string& key, std::string_view version) {
  auto removed = version.empty() ? state.objects.remove(transaction, bucket, key, call.now)
                                 : state.objects.remove_version(transaction, bucket, key, version);
  if (removed.is_marker_made)
    state.outbox.add(
        transaction, call, bucket,
        {"ObjectRemoved:DeleteMarkerCreated", key, std::string(kEmptyEtag), removed.version_id, 0, removed.sequence});
  else if (removed.existed)
    state.outbox.add(transaction, call, bucket,
                     {"ObjectRemoved:Delete", key, "", bucket.versioning == Versioning::never ? "" : removed.version_id,
                      0, removed.sequence});
  return removed;
}

Task<Outcome<http::Reply>> delete_object(State& state, Request& request) {
  const auto& bucket = *request.bucket;
  const auto& version = request.query_or_empty("versionId");
  if (request.has_query("versionId") && !Objects::is_valid_version_id(version))
    co_return refuse(errors::invalid_argument(
        version.empty() ? "Version id cannot be the empty string" : "Invalid version id specified", "versionId",
        version));
  auto current = state.objects.current_summary(bucket, request.key());
  if (auto held = check_delete(request.headers(), request.key(), current ? &*current : nullptr); !held)
    co_return refuse(held.error());

  Transaction transaction;
  auto removed = delete_one(state, transaction, request.call, bucket, request.key(), version);
  if (removed.existed || removed.is_marker_made)
    if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());

  auto reply = empty_reply(request, 204);
  if (removed.is_marker_made || removed.is_marker_removed) reply.headers.add("x-amz-delete-marker", "true");
  if (removed.is_marker_made || !version.empty()) reply.headers.add("x-amz-version-id", removed.version_id);
  co_return reply;
}

}  // namespace ads::cloud::s3
