// A file's users as a line of text, so that a case of a table is one string.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "directory/user_reader.h"

namespace ads::directory {

// "key {attributes as JSON}" of each user, "!line name: why" of each bad entry, "!!message" where reading ended, then
// "# remark" of each remark; with "; " between them. `step`: bytes a piece.
inline std::string read_users(std::string_view text, UserReaderOptions options = {}, std::size_t step = 7) {
  std::size_t at = 0;
  auto piece = [&]() -> Result<std::string> {
    std::string out(text.substr(at, step));
    at += out.size();
    return out;
  };
  std::string all;
  auto say = [&](const std::string& what) { all += (all.empty() ? "" : "; ") + what; };
  auto reader = UserReader::open(piece, std::move(options));
  if (!reader) return "!!" + reader.error().message;
  for (;;) {
    auto next = (*reader)->next();
    if (!next) {
      say("!!" + next.error().message);
      return all;
    }
    if (std::holds_alternative<UserReader::End>(*next)) break;
    if (auto* user = std::get_if<ImportedUser>(&*next)) {
      std::string attributes;
      for (auto& [name, value] : user->attributes)
        attributes += (attributes.empty() ? "" : ",") + json::serialize(json::string_view(name)) + ":" + value;
      say(user->key + " {" + attributes + "}");
    } else {
      auto& bad = std::get<BadEntry>(*next);
      say("!" + std::to_string(bad.line) + " " + bad.name + ": " + bad.why);
    }
  }
  for (const auto& remark : (*reader)->remarks()) say("# " + remark);
  return all;
}

}  // namespace ads::directory
