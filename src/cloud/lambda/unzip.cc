// walk_zip: the only code that knows libarchive.
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "cloud/lambda/code_store.h"

namespace ads::cloud::lambda {

namespace {

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

// A relative path of plain names. Nothing is ever written outside the package's own directory.
bool is_safe(const std::filesystem::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  for (auto& part : path)
    if (part == "..") return false;
  return path.native().find('\0') == std::string::npos;
}

using Links = std::set<std::filesystem::path>;

// A link may lead to another link and so, step by step, out of the package: nothing is ever written through one.
bool is_below_a_link(const Links& links, const std::filesystem::path& path) {
  if (links.empty()) return false;
  for (auto parent = path.parent_path(); !parent.empty(); parent = parent.parent_path())
    if (links.contains(parent)) return true;
  return false;
}

std::unexpected<Error> disk_error(const std::filesystem::path& path) {
  return fail(ErrorKind::unavailable, "DiskFailed", path.string() + ": " + std::strerror(errno));
}

Result<std::uint64_t> copy_entry(archive* zip, const std::filesystem::path& target, mode_t mode, std::uint64_t budget) {
  int file = -1;
  if (!target.empty()) {
    std::error_code ignored;
    std::filesystem::create_directories(target.parent_path(), ignored);
    // O_NOFOLLOW: a link made by an earlier entry must not lead elsewhere.
    file = ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
    if (file < 0) return disk_error(target);
  }
  std::uint64_t total = 0;
  Result<std::uint64_t> outcome = 0;
  const void* bytes;
  std::size_t size;
  la_int64_t offset;
  for (;;) {
    int status = archive_read_data_block(zip, &bytes, &size, &offset);
    if (status == ARCHIVE_EOF) break;
    if (status < ARCHIVE_WARN) {
      outcome = fail(ErrorKind::invalid, "BadZip", "the zip's content is damaged");
      break;
    }
    total += size;
    if (total > budget) {
      outcome = fail(ErrorKind::invalid, "TooLarge", "the package is too large unpacked");
      break;
    }
    if (file >= 0 && ::pwrite(file, bytes, size, offset) != static_cast<ssize_t>(size)) {
      outcome = disk_error(target);
      break;
    }
  }
  if (file >= 0) ::close(file);
  if (outcome) outcome = total;
  return outcome;
}

}  // namespace

Result<std::uint64_t> walk_zip(const std::filesystem::path& path, const std::filesystem::path& target) {
  Archive zip(archive_read_new(), archive_read_free);
  archive_read_support_format_zip(zip.get());
  auto bad = [] { return fail(ErrorKind::invalid, "BadZip", "this is not a zip file"); };
  if (archive_read_open_filename(zip.get(), path.c_str(), 256 * 1024) != ARCHIVE_OK) return bad();
  std::uint64_t total = 0;
  std::size_t entries = 0;
  Links links;
  archive_entry* entry;
  for (;; ++entries) {
    int status = archive_read_next_header(zip.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status < ARCHIVE_WARN) return bad();
    if (entries > 100'000) return fail(ErrorKind::invalid, "TooLarge", "the package has more than 100,000 files");
    const char* name = archive_entry_pathname_utf8(entry);
    if (!name) name = archive_entry_pathname(entry);
    std::filesystem::path relative = std::filesystem::path(name ? name : "").lexically_normal();
    if (!is_safe(relative))
      return fail(ErrorKind::invalid, "UnsafePath",
                  "the zip has an entry that leaves the package: " + relative.string());
    if (is_below_a_link(links, relative))
      return fail(ErrorKind::invalid, "UnsafePath", "the zip has an entry below a link: " + relative.string());
    std::error_code error;
    auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR) {
      if (!target.empty()) std::filesystem::create_directories(target / relative, error);
      continue;
    }
    if (type == AE_IFLNK) {
      const char* link = archive_entry_symlink(entry);
      std::filesystem::path to = (relative.parent_path() / (link ? link : "")).lexically_normal();
      if (!link || !is_safe(to))
        return fail(ErrorKind::invalid, "UnsafePath",
                    "the zip has a link that leaves the package: " + relative.string());
      links.insert(relative);
      if (!target.empty()) {
        std::filesystem::create_directories((target / relative).parent_path(), error);
        std::filesystem::create_symlink(link, target / relative, error);
      }
      continue;
    }
    // A zip made where no permissions are known says 0: such a file is readable, and runnable if it is the bootstrap.
    mode_t mode = archive_entry_perm(entry) & 0777;
    if (mode == 0) mode = relative == "bootstrap" ? 0755 : 0644;
    auto size = copy_entry(zip.get(), target.empty() ? target : target / relative, mode | 0400, kUnzippedLimit - total);
    if (!size) return size;
    total += *size;
  }
  if (entries == 0) return bad();
  return total;
}

}  // namespace ads::cloud::lambda
