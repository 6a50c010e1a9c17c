// An option whose value is one of a few words.
#pragma once
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cli/nearest.h"

namespace ads::cli {

// "text or json", "csv, json or ldif".
inline std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

// Adds the option. A word that is not among them is answered with all of them.
template <class T>
CLI::Option* add_choice(CLI::App& command, std::string name, T& value, std::string about,
                        std::initializer_list<std::pair<std::string, T>> choices) {
  std::vector<std::pair<std::string, T>> known(choices);
  std::vector<std::string> words;
  std::string synopsis;
  for (const auto& [word, meaning] : known) {
    words.push_back(word);
    synopsis += (synopsis.empty() ? "" : "|") + word;
  }
  auto take = [name, &value, known, words](const std::string& given) {
    for (const auto& [word, meaning] : known)
      if (edit_distance(word, given) == 0) {
        value = meaning;
        return;
      }
    throw CLI::ValidationError(fmt::format("{} {}: it must be {}", name, given, listed(words)),
                               CLI::ExitCodes::ValidationError);
  };
  auto* option = command.add_option_function<std::string>(name, std::move(take), std::move(about));
  option->option_text(synopsis);
  for (const auto& [word, meaning] : known)
    if (meaning == value) option->default_str(word);
  return option;
}

}  // namespace ads::cli
