// Sends a file, or what a pipe gives, to the bucket: in one piece, or in parts of which a few are in flight at once, so
// that memory stays flat.
#pragma once
#include <string>

#include "batch/record.h"
#include "cli/input_file.h"
#include "cli/session.h"

namespace ads::cli {

// `input` is open. Errors: those of S3; unavailable / "ReadFailed", also where the file's size changed while it was
// read. Nothing is left in the bucket then.
Task<Result<batch::ObjectIdentity>> upload(Session& session, InputFile& input, std::string bucket, std::string key);

}  // namespace ads::cli
