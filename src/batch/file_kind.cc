#include "batch/file_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ads::batch {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSaveAsCsv = "open it and save it as CSV (\"CSV UTF-8\")";
constexpr std::string_view kExport = "export the records as CSV or JSON Lines";
constexpr std::string_view kRecords = "the records are needed as CSV or JSON Lines";
constexpr std::string_view kUnpack = "unpack it and submit the file in it, as it is or compressed with gzip";
constexpr std::string_view kUtf8 = "save it as UTF-8 (in Excel: \"CSV UTF-8\")";

struct Magic {
  std::size_t at;
  std::string_view bytes;
  FileKind kind;
};
constexpr std::array kMagics{
    Magic{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, {"an Excel workbook (.xls) or another Office document", kSaveAsCsv}},
    Magic{0, "%PDF-"sv, {"a PDF document", kExport}},
    Magic{0, "{\\rtf"sv, {"a Rich Text document", "save it as plain text (CSV)"}},
    Magic{0, "PK\x05\x06"sv, {"an empty zip archive", "pack the batch file again, or submit it as it is"}},
    Magic{0, "PK\x07\x08"sv, {"a zip archive in several volumes", kUnpack}},
    Magic{0, "7z\xbc\xaf\x27\x1c"sv, {"a 7-Zip archive", kUnpack}},
    Magic{0, "Rar!\x1a\x07"sv, {"a RAR archive", kUnpack}},
    Magic{257, "ustar"sv, {"a tar archive", kUnpack}},
    Magic{0, "\x04\x22\x4d\x18"sv, {"an LZ4 file", kUnpack}},
    Magic{0, "\x02\x21\x4c\x18"sv, {"an LZ4 file", kUnpack}},
    Magic{0, "LZIP"sv, {"an lzip file", kUnpack}},
    Magic{0, "\x89LZO\0"sv, {"an lzop file", kUnpack}},
    Magic{0, "\x1f\x9d"sv, {"a file of compress (.Z)", kUnpack}},
    Magic{0, "\x1f\xa0"sv, {"a file of compress (.Z)", kUnpack}},
    Magic{0, "\xff\x06\0\0sNaPpY"sv, {"a Snappy file", kUnpack}},
    Magic{0, "\x37\xa4\x30\xec"sv, {"a zstd dictionary", "submit the compressed file, made without a dictionary"}},
    Magic{0, "\xff\xfe\0\0"sv, {"text in UTF-32", kUtf8}},
    Magic{0, "\0\0\xfe\xff"sv, {"text in UTF-32", kUtf8}},
    Magic{0, "PAR1"sv, {"a Parquet file", kExport}},
    Magic{0, "Obj\x01"sv, {"an Avro file", kExport}},
    Magic{0, "ORC\x0a"sv, {"an ORC file", kExport}},
    Magic{0, "ARROW1\0"sv, {"an Arrow file", kExport}},
    Magic{0, "SQLite format 3\0"sv, {"an SQLite database", kExport}},
    Magic{4, "Standard Jet DB\0"sv, {"an Access database", kExport}},
    Magic{4, "Standard ACE DB\0"sv, {"an Access database", kExport}},
    Magic{0, "\x89PNG\r\n\x1a\n"sv, {"a picture (PNG)", kRecords}},
    Magic{0, "\xff\xd8\xff"sv, {"a picture (JPEG)", kRecords}},
    Magic{0, "GIF8"sv, {"a picture (GIF)", kRecords}},
    Magic{0,
          "\x7f"
          "ELF"sv,
          {"a program", kRecords}},
    Magic{0, "-----BEGIN PGP MESSAGE"sv, {"a file encrypted with PGP", "decrypt it first"}},
    Magic{0, "age-encryption.org/"sv, {"a file encrypted with age", "decrypt it first"}},
    Magic{0, "Salted__"sv, {"a file encrypted with OpenSSL", "decrypt it first"}},
};

// A zip archive whose first members say that an Office program wrote it.
std::optional<FileKind> office_document(std::string_view beginning) {
  if (!beginning.starts_with("PK\x03\x04") || beginning.size() < 30) return std::nullopt;
  auto has = [&](std::string_view text) { return beginning.find(text) != beginning.npos; };
  std::string_view name = beginning.substr(30);
  if (name.starts_with("mimetype")) {
    if (has("opendocument.spreadsheet")) return FileKind{"an OpenDocument spreadsheet (.ods)", kSaveAsCsv};
    if (has("opendocument")) return FileKind{"an OpenDocument text", kSaveAsCsv};
    return std::nullopt;
  }
  bool is_office =
      std::ranges::any_of(std::array{"[Content_Types].xml"sv, "_rels/"sv, "docProps/"sv, "xl/"sv, "word/"sv},
                          [&](std::string_view first) { return name.starts_with(first); });
  if (!is_office) {
    if (name.starts_with("Index/") || name.starts_with("Metadata/"))
      return FileKind{"a Numbers spreadsheet", "export it as CSV (Unicode UTF-8)"};
    return std::nullopt;
  }
  if (has("word/")) return FileKind{"a Word document (.docx)", kExport};
  if (has("ppt/")) return FileKind{"a PowerPoint document (.pptx)", kExport};
  if (has("xl/workbook.bin")) return FileKind{"an Excel workbook (.xlsb)", kSaveAsCsv};
  return FileKind{"an Excel workbook (.xlsx)", kSaveAsCsv};
}

// Every second byte is NUL, as in text of ASCII letters: 16 bits a character, and no byte-order mark.
std::optional<FileKind> unmarked_utf16(std::string_view beginning) {
  bool is_marked = beginning.starts_with("\xff\xfe") || beginning.starts_with("\xfe\xff");
  if (is_marked || beginning.size() < 8) return std::nullopt;
  std::string_view text = beginning.substr(0, beginning.size() / 2 * 2);
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\0') ++(i % 2 == 0 ? even : odd);
  bool is_wide = std::max(even, odd) * 10 > text.size() * 4 && std::min(even, odd) == 0;
  if (!is_wide) return std::nullopt;
  return FileKind{"text in UTF-16 without a byte-order mark", kUtf8};
}

}  // namespace

std::optional<FileKind> unreadable_kind(std::string_view beginning) {
  beginning = beginning.substr(0, kKindBytes);
  for (const Magic& magic : kMagics)
    if (beginning.size() > magic.at && beginning.substr(magic.at).starts_with(magic.bytes)) return magic.kind;
  if (auto office = office_document(beginning)) return office;
  return unmarked_utf16(beginning);
}

std::string sentence(const FileKind& kind, std::string_view container) {
  if (container.empty()) return fmt::format("This is {}: {}.", kind.name, kind.cure);
  return fmt::format("The {} file contains {}: {}.", container, kind.name, kind.cure);
}

}  // namespace ads::batch
