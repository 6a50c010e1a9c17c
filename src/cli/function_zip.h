// What a function's zip must be before it is worth uploading: a `bootstrap` that Lambda can start, and for which
// processor.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::cli {

// The architecture of the ELF program `bootstrap` in the zip, in Lambda's words: "x86_64" or "arm64"; empty where
// bootstrap is a script. Errors: invalid / "BadCode": no zip, no `bootstrap` at its top, not executable, an ELF for
// another processor.
Result<std::string> architecture_of(std::string_view zip, std::string_view name);

}  // namespace ads::cli
