#include "cli/packageable.h"

#include <fmt/core.h>

#include <vector>

#include "base/json.h"

namespace ads::cli {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::size_t indentation(std::string_view line) {
  auto start = line.find_first_not_of(' ');
  return start == line.npos || line[start] == '\n' || line[start] == '\r' ? line.npos : start;
}

// One past the last line of the block that `first` begins: blank lines belong to what comes before them.
std::size_t end_of_block(const std::vector<std::string_view>& lines, std::size_t first) {
  auto level = indentation(lines[first]);
  auto end = first + 1;
  for (auto at = end; at < lines.size(); ++at) {
    auto depth = indentation(lines[at]);
    if (depth == std::string_view::npos) continue;
    if (depth <= level) break;
    end = at + 1;
  }
  return end;
}

bool begins(std::string_view line, std::string_view key) {
  auto start = indentation(line);
  return start != line.npos && line.substr(start).starts_with(key);
}

}  // namespace

Result<std::string> packageable(std::string_view text, std::string_view code) {
  const auto lines = lines_of(text);
  std::string out;
  int rewritten = 0;
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = end_of_block(lines, at);
    if (begins(lines[at], "CodeBucket:") || begins(lines[at], "CodeKey:")) {
      at = end;
      continue;
    }
    bool is_code = false;
    if (begins(lines[at], "Code:"))
      for (auto inside = at; inside < end; ++inside) is_code |= lines[inside].find("!Ref CodeBucket") != text.npos;
    if (!is_code) {
      out += lines[at++];
      continue;
    }
    // A JSON string is a YAML string, whatever the path has in it.
    out += fmt::format("{}Code: {}\n", std::string(indentation(lines[at]), ' '),
                       json::serialize(json::value(json::string(code))));
    ++rewritten;
    at = end;
  }
  if (rewritten == 0)
    return fail(ErrorKind::invalid, "BadTemplate", "the template has no function whose Code is !Ref CodeBucket");
  return out;
}

}  // namespace ads::cli
