// The template in the form that `aws cloudformation package` understands: code as a local path.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::cli {

// `text` is a YAML template whose functions have `Code:` with S3Bucket !Ref CodeBucket, as a block or as `{ ... }` on
// the same line or the next ones: each becomes `Code: PATH`, and the parameters CodeBucket and CodeKey, which nothing
// needs then, go. Everything else stays to the byte. Errors: invalid / "BadTemplate" where there is no such function.
Result<std::string> packageable(std::string_view text, std::string_view code);

}  // namespace ads::cli
