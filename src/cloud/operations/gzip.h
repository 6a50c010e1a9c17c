// Bodies that a client has compressed (Content-Encoding: gzip).
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace ads::cloud::operations {

// Errors: invalid, for a broken stream and for more than `limit` bytes.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit);

}  // namespace ads::cloud::operations
