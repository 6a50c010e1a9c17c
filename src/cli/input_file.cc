#include "cli/input_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ads::cli {

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
    auto at = is_standard_input(path) ? ::lseek(descriptor_, 0, SEEK_CUR) : 0;
    size_ = static_cast<std::uint64_t>(found.st_size - (at > 0 ? at : 0));
  }
  return {};
}

Result<std::string> InputFile::read(std::size_t most) {
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
