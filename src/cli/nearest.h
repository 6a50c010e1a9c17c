// The word that was probably meant.
#pragma once
#include <algorithm>
#include <cctype>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ads::cli {

// Insertions, deletions and replacements between two words; capitals count as small letters.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// Nothing where none is closer than a third of the word.
inline std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  std::optional<std::string> best;
  std::size_t least = word.size() / 3 + 1;
  for (const auto& candidate : known)
    if (auto distance = edit_distance(word, candidate); distance < least + (best ? 0 : 1)) {
      least = distance;
      best = candidate;
    }
  return best;
}

}  // namespace ads::cli
