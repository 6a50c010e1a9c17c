// What the operations on parts of a multipart upload share.
#pragma once
#include "cloud/s3/request.h"
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {

// ?uploadId. Errors: NoSuchUpload.
Outcome<UploadRecord> find_upload(State& state, const Request& request);
// ?partNumber, 1 to 10,000. Errors: InvalidArgument.
Outcome<std::uint64_t> part_number(const Request& request);
// Gives the file space of a blob's dead ranges back, off the executor. Call it once their removal is durable.
Task<void> punch_holes(State& state, std::uint64_t blob, Slices dead);
// The slices of `slices` that lie in `blob`.
Slices in_blob(const Slices& slices, std::uint64_t blob);

}  // namespace ads::cloud::s3
