#include "cloud/data_directory.h"

#include <fmt/core.h>
#include <sys/statvfs.h>

#include "base/log.h"

namespace ads::cloud {
namespace {

constexpr std::uint64_t kRoomToStart = 4u << 20;

}  // namespace

// RocksDB ends the process by an assertion where the disk fills up while it starts: that is found out before. What a
// start writes is the content of the logs, once more.
Result<void> check_room(const std::filesystem::path& directory) {
  std::error_code ignored;
  std::uint64_t needed = kRoomToStart;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "state", ignored))
    if (entry.path().extension() == ".log") needed += entry.file_size(ignored);
  struct statvfs disk{};
  if (::statvfs(directory.c_str(), &disk) != 0) return {};
  const auto free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (free >= needed) return {};
  return fail(ErrorKind::unavailable, "DiskFull",
              fmt::format("the disk of {} is full: {} KiB are free, and {} KiB are needed to start", directory.string(),
                          free >> 10, needed >> 10));
}

// What was made before by another umask is closed to others, too: mails, messages and objects are in it.
void make_private(const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::permissions(directory, fs::perms::owner_all, error);
  if (error) log(LogLevel::warning, "data directory is open to other users", {{"directory", directory.string()}});
  for (const auto* name : {"blobs", "state", "runtime"})
    if (fs::exists(directory / name, error)) fs::permissions(directory / name, fs::perms::owner_all, error);
  for (const auto& entry : fs::directory_iterator(directory / "state", error))
    if (entry.is_regular_file(error))
      fs::permissions(entry.path(), fs::perms::owner_read | fs::perms::owner_write, error);
}

}  // namespace ads::cloud
