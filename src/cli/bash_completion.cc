#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <set>

#include "cli/completion.h"
#include "cli/option_words.h"

namespace ads::cli {
namespace {

constexpr char kScript[] =
    R"sh(# Completion of ads for bash, made by `ads completion bash`. To try it: eval "$(ads completion bash)"
_ads() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local path=ads commands='' options='' values='' skip='' i
  # --option=value: bash splits at the equals sign.
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]]; then
    previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ -n $skip ]]; then
      [[ ${{COMP_WORDS[i]}} == = ]] || skip=''
      continue
    fi
    case ${{COMP_WORDS[i]}} in
      {valued}) skip=1 ;;
    esac
    case "$path ${{COMP_WORDS[i]}}" in
{deeper}    esac
  done
  case "$path $previous" in
{choices}  esac
  if [[ -n $values ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current")
    return
  fi
  case $previous in
    {valued}) return ;; # any value: the shell's own completion of file names
  esac
  case $path in
{words}  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
  fi
}}
complete -o default -F _ads ads
)sh";

// What depends on the command, as the branches of three `case` statements.
struct Branches {
  std::string deeper;            // 'ads users')      a word that leads to a command
  std::string words;             // what can come next
  std::string choices;           // 'ads --output')   what can be a value
  std::set<std::string> valued;  // options whose next word is a value
};

// `inherited`: the options of the commands above, which may stand anywhere.
void describe(const CLI::App& command, std::string inherited, Branches& branches) {
  std::string name = full_name(command), options = std::move(inherited), commands;
  for (const auto* option : options_of(command)) {
    auto names = names_of(*option);
    for (const auto& word : names) options += " " + word;
    if (names.empty() || !takes_value(*option)) continue;
    branches.valued.insert(names.begin(), names.end());
    if (auto choices = choices_of(*option); !choices.empty())
      for (const auto& word : names)
        branches.choices += fmt::format("    '{}'*' {}') values='{}' ;;\n", name, word, fmt::join(choices, " "));
  }
  for (const auto* child : commands_of(command)) {
    commands += (commands.empty() ? "" : " ") + child->get_name();
    branches.deeper += fmt::format("      '{0} {1}') path='{0} {1}' ;;\n", name, child->get_name());
    describe(*child, options, branches);
  }
  for (const auto* option : options_of(command))
    if (names_of(*option).empty())
      for (const auto& choice : choices_of(*option)) commands += (commands.empty() ? "" : " ") + choice;
  branches.words += fmt::format("    '{}') commands='{}' options='{}' ;;\n", name, commands,
                                options.empty() ? options : options.substr(1));
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
  Branches branches;
  describe(program, "", branches);
  return fmt::format(kScript, fmt::arg("valued", fmt::join(branches.valued, "|")), fmt::arg("deeper", branches.deeper),
                     fmt::arg("choices", branches.choices), fmt::arg("words", branches.words));
}

}  // namespace ads::cli
