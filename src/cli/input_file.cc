#include "cli/input_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace ads::cli {
namespace {

constexpr std::size_t kCopiedAtOnce = std::size_t{64} << 10;

}  // namespace

InputFile::~InputFile() {
  if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
}

Result<void> InputFile::open(const std::string& path) {
  name_ = is_standard_input(path) ? "standard input" : path;
  if (is_standard_input(path)) {
    if (::isatty(STDIN_FILENO) == 1)
      return fail(ErrorKind::invalid, "NoFile",
                  "'-' reads standard input, which is this terminal: pipe a file into the command, or name one");
    descriptor_ = STDIN_FILENO;
  } else {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  }
  struct stat found{};
  if (descriptor_ < 0 || ::fstat(descriptor_, &found) != 0)
    return fail(errno == EACCES ? ErrorKind::denied : ErrorKind::not_found, "NoFile",
                fmt::format("cannot open {}: {}", path.empty() ? "''" : name_, std::strerror(errno)));
  if (S_ISDIR(found.st_mode))
    return fail(ErrorKind::invalid, "NoFile",
                fmt::format("cannot open {}: it is a directory; name a file in it", name_));
  if (S_ISREG(found.st_mode)) {
    is_regular_ = true;
    if (is_standard_input(path)) start_ = std::max<std::int64_t>(::lseek(descriptor_, 0, SEEK_CUR), 0);
    size_ = static_cast<std::uint64_t>(std::max<std::int64_t>(found.st_size - start_, 0));
  }
  return {};
}

Result<void> InputFile::make_repeatable() {
  if (is_regular_) return {};
  auto failed = [](std::string_view what) {
    return fail(ErrorKind::unavailable, "WriteFailed",
                fmt::format("cannot {} a temporary file: {}", what, std::strerror(errno)));
  };
  std::string pattern = (std::filesystem::temp_directory_path() / "ads-input-XXXXXX").string();
  int copy = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (copy < 0) return failed("make");
  ::unlink(pattern.c_str());
  InputFile source;
  source.descriptor_ = std::exchange(descriptor_, copy);
  source.name_ = name_;
  is_regular_ = true;
  for (;;) {
    auto piece = source.read(kCopiedAtOnce);
    if (!piece) return fail(piece.error());
    if (piece->empty()) break;
    for (std::string_view rest = *piece; !rest.empty();) {
      ssize_t written = ::write(copy, rest.data(), rest.size());
      if (written < 0 && errno != EINTR) return failed("write");
      if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  return ::lseek(copy, 0, SEEK_SET) == 0 ? Result<void>{} : failed("read");
}

Result<void> InputFile::rewind() {
  if (!has_begun_ || (is_regular_ && ::lseek(descriptor_, start_, SEEK_SET) == start_)) return {};
  return fail(ErrorKind::unavailable, "ReadFailed", fmt::format("{} cannot be read twice", name_));
}

Result<std::string> InputFile::read(std::size_t most) {
  has_begun_ = true;
  std::string bytes(most, '\0');
  std::size_t filled = 0;
  while (filled < most) {
    auto got = ::read(descriptor_, bytes.data() + filled, most - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return fail(ErrorKind::unavailable, "ReadFailed", fmt::format("cannot read {}: {}", name_, std::strerror(errno)));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace ads::cli
