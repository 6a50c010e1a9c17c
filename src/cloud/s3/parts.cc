#include "cloud/s3/parts.h"

#include <fcntl.h>

#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {

Outcome<UploadRecord> find_upload(State& state, const Request& request) {
  const auto& id = request.query_or_empty("uploadId");
  auto found = state.uploads.find(*request.bucket, request.key(), id);
  if (!found) return refuse(errors::no_such_upload(id));
  return std::move(*found);
}

Outcome<std::uint64_t> part_number(const Request& request) {
  auto number = request.query_number("partNumber", 0, 100'000);
  if (!number || *number < 1 || *number > 10'000)
    return refuse(errors::invalid_argument("Part number must be an integer between 1 and 10000, inclusive",
                                           "partNumber", request.query_or_empty("partNumber")));
  return *number;
}

Slices in_blob(const Slices& slices, std::uint64_t blob) {
  Slices own;
  for (const auto& slice : slices)
    if (slice.blob == blob) own.push_back(slice);
  return own;
}

Task<void> punch_holes(State& state, std::uint64_t blob, Slices dead) {
  if (dead.empty()) co_return;
  auto file = state.blobs.reopen_for_writing(blob);
  if (!file) co_return;
  // A file system without holes keeps the bytes until the object goes: nothing depends on it.
  co_await state.store.off_thread([&] {
    for (const auto& slice : dead)
      ::fallocate((*file)->descriptor(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(slice.offset),
                  static_cast<off_t>(slice.length));
  });
}

}  // namespace ads::cloud::s3
