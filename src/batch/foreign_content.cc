// Files of another kind, recognized by how their content begins.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "batch/diagnosis.h"

namespace ads::batch {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::string_view sentence;
};
constexpr std::array kMagics{
    Magic{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv,
          "This is an Excel workbook (.xls) or another Office document: open it and save it as CSV (\"CSV UTF-8\")."},
    Magic{"PK\x03\x04"sv, "This is a ZIP archive or an Office document: save the table in it as CSV."},
    Magic{"PK\x05\x06"sv, "This is an empty ZIP archive: pack the batch file again, or send it as it is."},
    Magic{"%PDF"sv, "This is a PDF document: export the records as CSV."},
    Magic{"{\\rtf"sv, "This is a Rich Text document: save it as plain text (CSV)."},
    Magic{"7z\xbc\xaf\x27\x1c"sv, "This is a 7-Zip archive: unpack it and send the file in it, compressed with gzip."},
    Magic{"Rar!"sv, "This is a RAR archive: unpack it and send the file in it, compressed with gzip."},
    Magic{"\x04\x22\x4d\x18"sv, "This is an LZ4 file: unpack it and compress it with gzip or zstd."},
    Magic{"PAR1"sv, "This is a Parquet file: export the records as CSV or JSON Lines."},
    Magic{"Obj\x01"sv, "This is an Avro file: export the records as CSV or JSON Lines."},
    Magic{"ORC"sv, "This is an ORC file: export the records as CSV or JSON Lines."},
    Magic{"SQLite format 3"sv, "This is an SQLite database: export the records as CSV."},
    Magic{"\x89PNG"sv, "This is a picture (PNG): send the records as CSV."},
    Magic{"\xff\xd8\xff"sv, "This is a picture (JPEG): send the records as CSV."},
    Magic{"GIF8"sv, "This is a picture (GIF): send the records as CSV."},
    Magic{"\x7f"
          "ELF"sv,
          "This is a program, not a batch file: send the records as CSV."},
    Magic{"-----BEGIN PGP"sv, "This is an encrypted file (PGP): decrypt it first."},
    Magic{"-----BEGIN "sv,
          "This is a key or a certificate, not a batch file: keep it secret, and send the records as CSV."},
};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return out;
}

std::string_view trimmed(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// The first lines as one text: documents put their parts on lines as they like.
std::string beginning_text(const Beginning& beginning) {
  std::string text;
  for (const SampleLine& line : beginning.samples()) {
    text += trimmed(line.text);
    text += '\n';
    if (text.size() > 8192) break;
  }
  return text;
}

// Half of the first bytes are NUL: 16-bit text without its mark.
bool is_utf16(std::string_view text) {
  if (text.size() < 8) return false;
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\0') ++(i % 2 == 0 ? even : odd);
  return std::max(even, odd) * 10 > text.size() * 4 && std::min(even, odd) * 10 < text.size();
}

std::string between(std::string_view text, std::string_view open, std::string_view close) {
  auto begin = text.find(open);
  if (begin == text.npos) return {};
  begin += open.size();
  auto end = text.find(close, begin);
  return end == text.npos ? std::string() : std::string(text.substr(begin, end - begin));
}

std::string aws_error(std::string_view code) {
  return fmt::format(
      "This is an error answer of AWS ({}) that was saved in place of the file: fetch the file again, with the rights "
      "for it.",
      in_quotes(code));
}

std::optional<std::string> markup(const std::string& text) {
  std::string lower = lowered(text);
  if (lower.find("<!doctype html") != lower.npos || lower.find("<html") != lower.npos)
    return "This is a web page (HTML), perhaps a login or an error page saved in place of the export: fetch the export "
           "again, or save its table as CSV.";
  if (std::string code = between(text, "<Code>", "</Code>"); !code.empty() && text.find("<Error") != text.npos)
    return aws_error(code);
  if (lower.find("urn:schemas-microsoft-com:office") != lower.npos)
    return "This is an Excel workbook (XML): open it and save it as CSV (\"CSV UTF-8\").";
  return "This is an XML document: export the records as CSV or JSON Lines.";
}

std::optional<std::string> json_object(const json::object& object, const Beginning& beginning) {
  if (object.contains("offset") && object.contains("reason") &&
      (object.contains("line") || object.contains("lineBase64")))
    return "This is a quarantine file: `ads quarantine RUN --csv` prints its lines as a file to correct.";
  if (object.contains("runId") && object.contains("batch") && object.contains("totalProcessed"))
    return "This is the report of a run, not a batch file.";
  if (auto type = get_string(object, "__type")) return aws_error(*type);
  if (const json::object* error = get_object(object, "Error"))
    if (auto code = get_string(*error, "Code")) return aws_error(*code);
  if (object.contains("firstName") || object.contains("detailedAddress"))
    return "This is a file of users, not of records: `ads users import FILE` reads it.";
  bool is_alone = beginning.counters().records() == 1;
  for (const auto& [name, value] : object)
    if (is_alone && value.is_array())
      return fmt::format(
          "This is one JSON object with the list {}: write one object per line (`jq -c '.[\"{}\"][]' FILE > NEW`).",
          in_quotes(name), std::string(name).substr(0, 40));
  return std::nullopt;
}

std::optional<std::string> json_text(const std::string& text, const Beginning& beginning) {
  if (text.starts_with('[') && text.find('{') == text.npos && !text.starts_with("[]"))
    return "The lines are lists in brackets, not objects: write one JSON object per line, or "
           "status_code,retry_count,service_uuid without brackets.";
  if (text.starts_with('['))
    return "This is a JSON array: one object per line is needed (`jq -c '.[]' FILE > NEW` writes it so).";
  std::string_view first(text);
  first = first.substr(0, first.find('\n'));
  if (auto object = parse_json_object(first)) return json_object(*object, beginning);
  const Counters& c = beginning.counters();
  bool is_no_json = c.quarantined_by_reason[static_cast<std::size_t>(Reason::bad_json)] == c.quarantined();
  bool is_open = first == "{" || first.ends_with('{') || first.ends_with(',') || first.ends_with('[');
  if (is_no_json && is_open && c.records() > 1)
    return "This is JSON that is spread over several lines: one object per line is needed (`jq -c . FILE > NEW` writes "
           "it so; `jq -c '.[]'` where it is a list).";
  return std::nullopt;
}

std::optional<std::string> plain_text(const std::string& text) {
  std::string_view first(text);
  first = first.substr(0, first.find('\n'));
  std::string lower = lowered(first);
  if (lower.starts_with("dn:") || lower.starts_with("version: 1") || lower.find("extended ldif") != lower.npos)
    return "This is an LDIF export of a directory: `ads users import FILE` reads it; a batch file has the lines "
           "status_code,retry_count,service_uuid.";
  if (first.starts_with("An error occurred (")) return aws_error(between(first, "(", ")"));
  if (lower.starts_with("dn,") && lower.find("objectclass") != lower.npos)
    return "This is a csvde export of a directory: `ads users import FILE` reads it; a batch file has the lines "
           "status_code,retry_count,service_uuid.";
  bool has_retries = lower.find("retry") != lower.npos;  // then the columns are a batch file's, with more beside them
  for (std::string_view name : {"firstname", "first_name", "first name", "detailedaddress", "lastpingedlocation"})
    if (!has_retries && lower.find(name) != lower.npos)
      return "This is a file of users, not of records: `ads users import FILE` reads it.";
  if (lower.starts_with("version https://git-lfs"))
    return "This is a Git LFS pointer, not the file itself: fetch it with `git lfs pull`.";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> foreign_content(const Beginning& beginning) {
  if (beginning.samples().empty()) return std::nullopt;
  std::string_view first = beginning.samples().front().text;
  for (const Magic& magic : kMagics)
    if (first.starts_with(magic.bytes)) return std::string(magic.sentence);
  if (is_utf16(first))
    return "This is UTF-16 text without its byte-order mark: save it as UTF-8 (in Excel: \"CSV UTF-8\").";
  std::string text = beginning_text(beginning);
  if (text.starts_with('<')) return markup(text);
  if (text.starts_with('[') || text.starts_with('{')) return json_text(text, beginning);
  if (first.find('\0') != first.npos)
    return "This is binary data, not text: export the records as CSV in UTF-8, or as JSON Lines.";
  return plain_text(text);
}

}  // namespace ads::batch
