#include "cloud/ses/address.h"

#include <algorithm>
#include <cctype>

namespace ads::cloud::ses {
namespace {

std::string trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

std::vector<std::string> split_addresses(std::string_view list) {
  std::vector<std::string> entries;
  std::string entry;
  bool is_quoted = false, is_angled = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (c == '\\' && is_quoted && i + 1 < list.size()) {
      entry += c;
      entry += list[++i];
      continue;
    }
    if (c == '"') is_quoted = !is_quoted;
    if (!is_quoted && c == '<') is_angled = true;
    if (!is_quoted && c == '>') is_angled = false;
    if (c == ',' && !is_quoted && !is_angled) {
      if (auto one = trimmed(entry); !one.empty()) entries.push_back(std::move(one));
      entry.clear();
    } else {
      entry += c;
    }
  }
  if (auto one = trimmed(entry); !one.empty()) entries.push_back(std::move(one));
  return entries;
}

std::string bare_address(std::string_view entry) {
  const auto open = entry.rfind('<');
  const auto close = entry.rfind('>');
  if (open != std::string_view::npos && close != std::string_view::npos && close > open) {
    return trimmed(entry.substr(open + 1, close - open - 1));
  }
  return trimmed(entry);
}

bool is_address(std::string_view bare) {
  const auto at = bare.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == bare.size() || bare.size() > 320) return false;
  if (bare.find('@') != at) return false;
  return std::all_of(bare.begin(), bare.end(),
                     [](char c) { return c > 0x20 && c < 0x7F && c != ',' && c != '<' && c != '>'; });
}

std::string domain_of(std::string_view bare) {
  const auto at = bare.rfind('@');
  std::string domain(at == std::string_view::npos ? bare : bare.substr(at + 1));
  for (char& c : domain) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return domain;
}

bool is_domain(std::string_view text) {
  if (text.empty() || text.size() > 253 || text.find('.') == std::string_view::npos || text.front() == '.' ||
      text.back() == '.')
    return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.'; });
}

}  // namespace ads::cloud::ses
