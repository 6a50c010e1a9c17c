// libFuzzer: any bytes as a file of users, in pieces of any size and in each form: no crash, an end, nothing that
// depends on the pieces, and every user fit for the table.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "batch/record.h"
#include "batch/utf8.h"
#include "directory/user_reader.h"

namespace {

using namespace ads::directory;

void check(const ImportedUser& user) {
  if (!ads::batch::is_service_uuid(user.key)) std::abort();
  for (const auto& [name, value] : user.attributes) {
    auto parsed = ads::parse_json(value);
    bool is_empty = !parsed || parsed->is_null() || (parsed->is_string() && parsed->get_string().empty());
    if (is_empty || !user.stated.contains(name) || !ads::batch::is_utf8(value)) std::abort();
  }
}

std::string read(std::string_view bytes, std::size_t step, UserFormat format) {
  std::size_t at = 0;
  auto piece = [&]() -> ads::Result<std::string> {
    std::string out(bytes.substr(at, step));
    at += out.size();
    return out;
  };
  auto reader = UserReader::open(piece, {.format = format});
  if (!reader) return "!" + reader.error().message;
  std::string text;
  for (std::size_t entries = 0;; ++entries) {
    if (entries > bytes.size() + 1) std::abort();
    auto next = (*reader)->next();
    if (!next) return text + "!" + next.error().message;
    if (std::holds_alternative<UserReader::End>(*next)) break;
    if (auto* user = std::get_if<ImportedUser>(&*next)) {
      check(*user);
      text += std::to_string(user->line) + user->key + "\n";
    } else {
      const auto& bad = std::get<BadEntry>(*next);
      if (!ads::batch::is_utf8(bad.name) || !ads::batch::is_utf8(bad.why)) std::abort();
      text += std::to_string(bad.line) + "!" + bad.why + "\n";
    }
  }
  for (const auto& remark : (*reader)->remarks()) text += remark;
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr UserFormat formats[] = {UserFormat::detect, UserFormat::csv, UserFormat::json, UserFormat::ldif};
  UserFormat format = formats[data[0] % 4];
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (read(bytes, bytes.size() + 1, format) != read(bytes, 1 + data[0] / 4, format)) std::abort();
  return 0;
}
