// ZIP's layout (PKWARE's APPNOTE): local headers and data, then the central directory, then the end record that says
// where that is.
#include "cli/function_zip.h"

#include <fmt/core.h>
#include <zlib.h>

#include <optional>

namespace ads::cli {
namespace {

constexpr std::string_view kEnd = "PK\x05\x06", kEntry = "PK\x01\x02", kLocal = "PK\x03\x04",
                           kElf =
                               "\x7f"
                               "ELF";
constexpr std::size_t kEndBytes = 22, kEntryBytes = 46, kLocalBytes = 30, kElfBytes = 20;
constexpr std::uint32_t kAnyExecutable = 0111;

// Little-endian; 0 past the end, which no check below lets pass.
std::uint32_t number(std::string_view bytes, std::size_t at, int width) {
  std::uint32_t value = 0;
  if (at + static_cast<std::size_t>(width) > bytes.size()) return 0;
  for (int i = width; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return value;
}

struct Entry {
  std::uint32_t method = 0, mode = 0, size = 0, local = 0;
};

std::optional<Entry> find_bootstrap(std::string_view zip, std::size_t end) {
  std::size_t at = number(zip, end + 16, 4);
  for (std::uint32_t left = number(zip, end + 10, 2); left > 0; --left) {
    if (zip.substr(std::min(at, zip.size()), 4) != kEntry) return std::nullopt;
    auto length = number(zip, at + 28, 2);
    if (zip.substr(std::min(at + kEntryBytes, zip.size()), length) == "bootstrap")
      return Entry{number(zip, at + 10, 2), number(zip, at + 38, 4) >> 16, number(zip, at + 20, 4),
                   number(zip, at + 42, 4)};
    at += kEntryBytes + length + number(zip, at + 30, 2) + number(zip, at + 32, 2);
  }
  return std::nullopt;
}

// The first bytes of the entry, unpacked; fewer where it is shorter or broken.
std::string first_bytes(std::string_view zip, const Entry& entry) {
  if (zip.substr(std::min<std::size_t>(entry.local, zip.size()), 4) != kLocal) return {};
  auto start = entry.local + kLocalBytes + number(zip, entry.local + 26, 2) + number(zip, entry.local + 28, 2);
  auto packed = zip.substr(std::min<std::size_t>(start, zip.size()), entry.size);
  if (entry.method == 0) return std::string(packed.substr(0, kElfBytes));
  z_stream stream{};
  std::string out(kElfBytes, '\0');
  if (entry.method != Z_DEFLATED || inflateInit2(&stream, -MAX_WBITS) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  int code = inflate(&stream, Z_SYNC_FLUSH);
  out.resize(kElfBytes - stream.avail_out);
  inflateEnd(&stream);
  return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR ? out : std::string();
}

}  // namespace

Result<std::string> architecture_of(std::string_view zip, std::string_view name) {
  auto bad = [&](std::string_view why) {
    return fail(ErrorKind::invalid, "BadCode",
                fmt::format("{}: {}; scripts/package and the target function_zip make what Lambda wants", name, why));
  };
  // The end record is last, but for a comment of up to 65,535 bytes.
  auto end = zip.rfind(kEnd);
  if (end == zip.npos || zip.size() < kEndBytes || end > zip.size() - kEndBytes) return bad("this is not a zip file");
  auto entry = find_bootstrap(zip, end);
  if (!entry) return bad("it has no file named bootstrap at its top");
  if ((entry->mode & kAnyExecutable) == 0) return bad("its bootstrap is not executable");
  auto head = first_bytes(zip, *entry);
  if (head.starts_with("#!")) return std::string();
  if (!head.starts_with(kElf) || head.size() < kElfBytes) return bad("its bootstrap is not a program");
  switch (number(head, 18, 2)) {  // e_machine
    case 62:
      return "x86_64";
    case 183:
      return "arm64";
    default:
      return bad("its bootstrap is for a processor that Lambda has not (neither x86-64 nor arm64)");
  }
}

}  // namespace ads::cli
