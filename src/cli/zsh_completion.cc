#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/completion.h"
#include "cli/option_words.h"

namespace ads::cli {
namespace {

// Inside single quotes, as a part of a specification of _arguments.
std::string escape(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '[' || c == ']' || c == ':' || c == '\\')
      out += {'\\', c};
    else
      out += c;
  }
  return out;
}

std::string action_of(const CLI::Option& option) {
  auto choices = choices_of(option);
  return choices.empty() ? "_files" : fmt::format("({})", fmt::join(choices, " "));
}

std::string specifications(const CLI::App& command) {
  std::string text;
  for (const auto* option : options_of(command)) {
    std::string about = escape(first_sentence(option->get_description()));
    for (const auto& name : names_of(*option)) {
      bool is_long = name.starts_with("--");
      text += takes_value(*option) ? fmt::format("    '*{}{}[{}]:{}:{}'\n", name, is_long ? "=" : "", about,
                                                 escape(placeholder_of(*option)), action_of(*option))
                                   : fmt::format("    '{}[{}]'\n", name, about);
    }
  }
  return text;
}

std::string function_name(const CLI::App& command) {
  std::string name = "_" + full_name(command);
  for (char& c : name)
    if (c == ' ' || c == '-') c = '_';
  return name;
}

// One function a command; the options of the commands above go along, for they may stand anywhere.
std::string functions(const CLI::App& command, const std::string& inherited) {
  std::string options = inherited + specifications(command), text;
  auto children = commands_of(command);
  for (const auto* child : children) text += functions(*child, options);
  text += fmt::format("{}() {{\n", function_name(command));
  if (children.empty()) {
    std::string arguments;
    for (const auto* option : options_of(command))
      if (names_of(*option).empty())
        arguments +=
            fmt::format("    '{}:{}:{}'\n", takes_value(*option) && option->get_items_expected_max() > 1 ? "*" : "",
                        escape(placeholder_of(*option)), action_of(*option));
    return text + fmt::format("  local -a specifications=(\n{}{}  )\n  _arguments $specifications\n}}\n\n", options,
                              arguments);
  }
  std::string list, branches;
  for (const auto* child : children) {
    list += fmt::format("    '{}:{}'\n", child->get_name(), escape(first_sentence(child->get_description())));
    branches += fmt::format("      {}) {} ;;\n", child->get_name(), function_name(*child));
  }
  return text + fmt::format(R"(  local state line
  local -a specifications=(
{}    '1: :->command'
    '*:: :->rest'
  )
  local -a commands=(
{}  )
  _arguments -C $specifications
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
{}      esac
      ;;
  esac
}}

)",
                            options, list, branches);
}

}  // namespace

std::string zsh_completion(const CLI::App& program) {
  return "#compdef ads\n# Completion of ads for zsh, made by `ads completion zsh`.\n\n" + functions(program, "") +
         "_ads \"$@\"\n";
}

}  // namespace ads::cli
