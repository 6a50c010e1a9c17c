// The INI dialect of ~/.aws/config and ~/.aws/credentials
// (docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
#include <fmt/format.h>

#include "aws/configuration.h"

namespace ads::aws {
namespace {

std::string_view trimmed(std::string_view text) {
  auto start = text.find_first_not_of(" \t\r");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

// A comment behind a value starts with a blank and '#' or ';'.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i)
    if ((text[i] == '#' || text[i] == ';') && (text[i - 1] == ' ' || text[i - 1] == '\t')) return text.substr(0, i);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = char(c + 32);
  return out;
}

struct Heading {
  std::string_view kind;  // "profile", "services", or another word that is passed over
  std::string_view name;
};

Heading heading_of(std::string_view inside, SharedFileForm form) {
  auto space = inside.find_first_of(" \t");
  if (space == std::string_view::npos) {
    bool profile = form == SharedFileForm::credentials || inside == "default";
    return {profile ? "profile" : "", inside};
  }
  auto name = trimmed(inside.substr(space));
  if (name.size() >= 2 && name.front() == name.back() && (name.front() == '"' || name.front() == '\''))
    name = name.substr(1, name.size() - 2);
  if (form == SharedFileForm::credentials) return {"profile", inside};
  return {inside.substr(0, space), name};
}

}  // namespace

Result<void> parse_shared_file(std::string_view text, std::string_view name, SharedFileForm form, SharedFiles& files) {
  SharedFiles read;
  Section ignored;
  Section* section = nullptr;
  std::string parent;  // "s3" while its indented settings follow
  int line_number = 0;
  for (std::size_t at = 0; at <= text.size(); ++line_number) {
    auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    at = end + 1;
    auto content = trimmed(line);
    auto bad = [&](std::string_view why) {
      return fail(ErrorKind::invalid, "BadConfiguration", fmt::format("{}:{}: {}", name, line_number + 1, why));
    };
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    if (content.front() == '[') {
      auto close = content.find(']');
      if (close == std::string_view::npos) return bad("a section needs its ']'");
      auto heading = heading_of(trimmed(content.substr(1, close - 1)), form);
      parent.clear();
      section = heading.kind == "profile"    ? &read.profiles[std::string(heading.name)]
                : heading.kind == "services" ? &read.services[std::string(heading.name)]
                                             : &ignored;
      continue;
    }
    auto equals = content.find('=');
    if (equals == std::string_view::npos) return bad("expected 'name = value'");
    if (!section) return bad("a setting before the first [section]");
    bool indented = line.front() == ' ' || line.front() == '\t';
    auto key = lower(trimmed(content.substr(0, equals)));
    auto value = trimmed(without_comment(content.substr(equals)).substr(1));
    if (key.empty()) return bad("expected a name before '='");
    if (!indented) parent = value.empty() ? key : std::string();
    if (indented && !parent.empty()) key = parent + "." + key;
    (*section)[key] = value;
  }
  auto merge = [](auto& from, auto& into) {
    for (auto& [title, settings] : from) into[title].merge(settings);
  };
  merge(read.profiles, files.profiles);
  merge(read.services, files.services);
  return {};
}

}  // namespace ads::aws
