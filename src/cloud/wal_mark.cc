#include "cloud/wal_mark.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ads::cloud {

Result<WalMark> WalMark::open(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(ErrorKind::unavailable, "StoreUnavailable",
                fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)));
  return WalMark(descriptor);
}

WalMark::~WalMark() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> WalMark::check(const std::filesystem::path& logs) const {
  std::array<char, 64> text{};
  unsigned long long number = 0, bytes = 0;
  if (::pread(descriptor_, text.data(), text.size() - 1, 0) <= 0 ||
      std::sscanf(text.data(), "%llu %llu", &number, &bytes) != 2 || number == 0) {
    return {};  // a new directory, or one of before there was a mark
  }
  const auto name = fmt::format("{:06}.log", number);
  std::error_code error;
  const auto size = std::filesystem::file_size(logs / name, error);
  if (!error && size >= bytes) return {};
  if (!error)
    return fail(ErrorKind::corrupt, "StoreCorrupt",
                fmt::format("the write-ahead log {} was cut: {} of {} bytes are there. Changes that were acknowledged "
                            "are missing; restore the data directory from a copy",
                            (logs / name).string(), size, bytes));
  // Its content may stand in tables by now: then a later log was begun before this one was removed.
  for (const auto& entry : std::filesystem::directory_iterator(logs, error)) {
    if (entry.path().extension() != ".log") continue;
    if (std::strtoull(entry.path().stem().c_str(), nullptr, 10) > number) return {};
  }
  return fail(
      ErrorKind::corrupt, "StoreCorrupt",
      fmt::format("the write-ahead log {} is missing. Changes that were acknowledged are lost; restore the data "
                  "directory from a copy",
                  (logs / name).string()));
}

void WalMark::set(Position position) {
  const auto text = fmt::format("{:020} {:020}\n", position.log, position.bytes);
  [[maybe_unused]] const auto written = ::pwrite(descriptor_, text.data(), text.size(), 0);
}

}  // namespace ads::cloud
