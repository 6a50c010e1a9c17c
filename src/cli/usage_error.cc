#include "cli/usage_error.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/nearest.h"
#include "cli/option_words.h"

namespace ads::cli {
namespace {

// CLI::PositiveNumber says that a number may be up to the largest double, in 309 digits.
constexpr std::size_t kLongestRange = 60;

// The command that the words led to: `ads users import` of `ads users import --maap x`.
const CLI::App& reached(const CLI::App& program) {
  auto chosen = program.get_subcommands();
  return chosen.empty() ? program : reached(*chosen.back());
}

bool is_option(const std::string& word) {
  return word.size() > 1 && word.front() == '-';
}

std::string help_of(const CLI::App& command) {
  return fmt::format("`{} --help`", full_name(command));
}

std::string unknown_option(const CLI::App& program, const CLI::App& command, const std::string& word) {
  std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const auto* app : {&command, &program})
    for (const auto* option : options_of(*app))
      for (const auto& one : names_of(*option)) known.push_back(one);
  auto meant = name.starts_with("--") ? nearest(name, known) : std::nullopt;
  return fmt::format("{} has no option {}{}; {} lists its options", full_name(command), name,
                     meant ? fmt::format(": did you mean {}?", *meant) : "", help_of(command));
}

std::string unknown_command(const CLI::App& command, const std::string& word) {
  std::vector<std::string> known;
  for (const auto* child : commands_of(command)) known.push_back(child->get_name());
  auto meant = nearest(word, known);
  if (!meant)  // "sub" for submit
    for (const auto& one : known)
      if (word.size() >= 2 && one.starts_with(word)) meant = one;
  return fmt::format("{} has no command '{}'{}; {} lists its commands", full_name(command), word,
                     meant ? fmt::format(": did you mean {}?", *meant) : "", help_of(command));
}

// "--limit: Value 0 not in range 1 to 1000", "Could not convert: --limit = abc": CLI11's words, in ours.
std::string in_our_words(std::string text) {
  constexpr std::string_view kConversion = "Could not convert: ";
  if (text.starts_with(kConversion)) {
    auto equals = text.find(" = ");
    if (equals == text.npos) return text;
    return fmt::format("{}: '{}' is not a number", text.substr(kConversion.size(), equals - kConversion.size()),
                       text.substr(equals + 3));
  }
  auto value = text.find(": Value "), range = text.find(" not in range ");
  if (value != text.npos && range != text.npos && range > value) {
    std::string given = text.substr(value + 8, range - value - 8);
    if (given.empty() || given.find_first_not_of("+-.0123456789") != given.npos)
      return fmt::format("{}: '{}' is not a number", text.substr(0, value), given);
    std::string allowed = text.substr(range + 14);
    if (allowed.size() > kLongestRange) return fmt::format("{}: {} must be more than 0", text.substr(0, value), given);
    return fmt::format("{}: {} is outside the range {}", text.substr(0, value), given, allowed);
  }
  if (auto missing = text.find(" required "); missing != text.npos && text.ends_with(" missing"))
    return fmt::format("{} needs a value", text.substr(0, text.find(':')));
  if (auto excludes = text.find(" excludes "); excludes != text.npos)
    return fmt::format("{} and {} exclude each other: give one of them", text.substr(0, excludes),
                       text.substr(excludes + 10));
  return text;
}

}  // namespace

std::string usage_error(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& command = reached(program);
  // CLI11 gives an ExtrasError the program's name: only its exit code says what it is.
  int code = error.get_exit_code();
  bool is_sound =
      code == static_cast<int>(CLI::ExitCodes::RequiredError) || code == static_cast<int>(CLI::ExitCodes::ExtrasError);
  if (auto left = program.remaining(true); is_sound && !left.empty()) {
    const std::string& first = left.front();
    bool needs_command = !commands_of(command).empty();
    // `ads sumbit f --wait` lacks a command, and that --wait is unknown follows from it; `ads report a b --lsat` has
    // two faults, and the second word is more likely the value of the option.
    auto option = std::ranges::find_if(left, is_option);
    if (option != left.end() && (!needs_command || is_option(first))) return unknown_option(program, command, *option);
    if (needs_command) return unknown_command(command, first);
    return fmt::format("{} takes no further argument: '{}' is one too many; see {}", full_name(command), first,
                       help_of(command));
  }
  if (error.get_name() == "RequiredError") {
    if (!commands_of(command).empty())
      return fmt::format("{} needs a command; {} lists them", full_name(command), help_of(command));
    std::string what = error.what();
    if (what.ends_with(" is required")) what.resize(what.size() - 12);
    return fmt::format("{} needs {}; see {}", full_name(command), what, help_of(command));
  }
  return fmt::format("{}; see {}", in_our_words(error.what()), help_of(command));
}

}  // namespace ads::cli
