#include "cli/option_words.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace ads::cli {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= text.size();) {
    auto end = std::min(text.find(separator, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

bool is_word(const std::string& text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == text.npos;
}

}  // namespace

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  // "text|json" where the declaration says it so, else what CLI11 makes of IsMember: "TEXT:{verify,off}".
  std::string text = option.get_option_text();
  char separator = '|';
  if (text.empty()) {
    text = option.get_type_name();
    auto open = text.find(":{"), close = text.rfind('}');
    if (open == text.npos || close == text.npos || close < open) return {};
    text = text.substr(open + 2, close - open - 2);
    separator = ',';
  }
  auto words = split(text, separator);
  if (words.size() < 2 || !std::all_of(words.begin(), words.end(), is_word)) return {};
  return words;
}

std::string placeholder_of(const CLI::Option& option) {
  if (auto choices = choices_of(option); !choices.empty()) {
    std::string text;
    for (const auto& choice : choices) text += (text.empty() ? "" : "|") + choice;
    return text;
  }
  if (!option.get_option_text().empty()) return option.get_option_text();
  if (option.get_positional() && names_of(option).empty()) return option.get_name(true);
  std::string type = option.get_type_name();
  if (type.find_first_of("INT UFLOAT") == 0 && type.starts_with("TEXT") == false) return "N";
  return "VALUE";
}

std::string first_sentence(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  // A full stop inside a word (config.yaml) ends nothing.
  auto end = text.find(". ");
  text = text.substr(0, end);
  while (!text.empty() && (text.back() == '.' || text.back() == ':')) text.remove_suffix(1);
  return std::string(text);
}

std::vector<const CLI::App*> commands_of(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App* command) { return !command->get_name().empty(); });
}

std::vector<const CLI::Option*> options_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return !option->get_group().empty(); });
}

std::string full_name(const CLI::App& command) {
  return command.get_parent() ? full_name(*command.get_parent()) + " " + command.get_name() : command.get_name();
}

}  // namespace ads::cli
