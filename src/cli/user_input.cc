#include "cli/user_input.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "batch/decompress.h"

namespace ads::cli {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10;

// A repetitive export may shrink much further than a batch file: nothing of it is kept in memory anyway.
constexpr std::uint64_t kMostExpansion = 1'000'000;

}  // namespace

Result<std::unique_ptr<UserInput>> UserInput::open(const std::string& path) {
  if (path == "-") return std::unique_ptr<UserInput>(new UserInput(STDIN_FILENO, "standard input"));
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail(ErrorKind::not_found, "NoFile", fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  return std::unique_ptr<UserInput>(new UserInput(descriptor, path));
}

UserInput::~UserInput() {
  if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
}

Result<std::string> UserInput::read_bytes() {
  std::string piece(kPiece, '\0');
  ssize_t count = 0;
  do count = ::read(descriptor_, piece.data(), piece.size());
  while (count < 0 && errno == EINTR);
  if (count < 0)
    return fail(ErrorKind::unavailable, "ReadFailed", fmt::format("cannot read {}: {}", name_, std::strerror(errno)));
  piece.resize(static_cast<std::size_t>(count));
  return piece;
}

Result<void> UserInput::make_repeatable() {
  struct stat facts{};
  if (::fstat(descriptor_, &facts) == 0 && S_ISREG(facts.st_mode)) return {};
  auto failed = [](std::string_view what) {
    return fail(ErrorKind::unavailable, "WriteFailed",
                fmt::format("cannot {} a temporary file: {}", what, std::strerror(errno)));
  };
  std::string pattern = (std::filesystem::temp_directory_path() / "ads-users-XXXXXX").string();
  int copy = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (copy < 0) return failed("make");
  ::unlink(pattern.c_str());
  UserInput source(std::exchange(descriptor_, copy), name_);
  for (;;) {
    auto piece = source.read_bytes();
    if (!piece) return fail(piece.error());
    if (piece->empty()) return {};
    for (std::string_view rest = *piece; !rest.empty();) {
      ssize_t written = ::write(copy, rest.data(), rest.size());
      if (written < 0 && errno != EINTR) return failed("write");
      if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
}

Result<directory::ReadPiece> UserInput::read() {
  bool may_seek = ::lseek(descriptor_, 0, SEEK_SET) == 0;
  if (std::exchange(has_begun_, true) && !may_seek)
    return fail(ErrorKind::unavailable, "ReadFailed", fmt::format("{} cannot be read twice", name_));
  struct State {
    batch::Decompressor decompressor{kMostExpansion};
    std::string compressed;
    bool is_at_end = false, is_judged = false;
  };
  auto state = std::make_shared<State>();
  return directory::ReadPiece([this, state]() -> Result<std::string> {
    for (;;) {
      auto content = state->decompressor.next();
      if (!content) return fail(content.error());
      if (!content->empty()) {
        if (!state->is_judged && content->starts_with('<'))
          return fail(ErrorKind::invalid, "NotUsers",
                      "this is XML or a web page: export the users as CSV, JSON or LDIF");
        state->is_judged = true;
        return std::string(*content);
      }
      if (state->is_at_end) return std::string();
      auto piece = read_bytes();
      if (!piece) return piece;
      state->compressed = std::move(*piece);
      state->is_at_end = state->compressed.empty();
      if (state->is_at_end)
        state->decompressor.finish();
      else
        state->decompressor.feed(state->compressed);
    }
  });
}

}  // namespace ads::cli
