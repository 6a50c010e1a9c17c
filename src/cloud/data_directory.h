// The directory of a cloud's data, before anything in it is opened.
#pragma once
#include <filesystem>

#include "base/result.h"

namespace ads::cloud {

// Whether the disk has room for a start. Errors: unavailable / "DiskFull".
Result<void> check_room(const std::filesystem::path& directory);
// Takes it and what is in it from everybody but its owner.
void make_private(const std::filesystem::path& directory);

}  // namespace ads::cloud
