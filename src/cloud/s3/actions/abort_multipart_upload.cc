// DELETE /bucket/key?uploadId
#include "cloud/s3/actions.h"
#include "cloud/s3/parts.h"

namespace ads::cloud::s3 {

Task<Outcome<http::Reply>> abort_multipart_upload(State& state, Request& request) {
  auto upload = find_upload(state, request);
  if (!upload) co_return refuse(upload.error());
  Transaction transaction;
  state.uploads.abort(transaction, *request.bucket, request.key(), *upload);
  if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());
  co_return empty_reply(request, 204);
}

}  // namespace ads::cloud::s3
