#include "cli/completion.h"

#include <CLI/CLI.hpp>

#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/manual.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

using Maker = std::string (*)(const CLI::App&);

Task<int> print_made(const CLI::App& program, Maker make) {
  print(make(program));
  co_return kSuccess;
}

}  // namespace

void add_completion(CLI::App& program, Session& session) {
  auto shell = std::make_shared<std::string>();
  auto* command = program.add_subcommand("completion",
                                         "Print the completion script of a shell.\n"
                                         "Example: eval \"$(ads completion bash)\"");
  add_choice<std::string>(*command, "SHELL", *shell, "The shell", {{"bash", "bash"}, {"zsh", "zsh"}})->required();
  command->callback([&program, &session, shell] {
    session.action = [&program, make = *shell == "zsh" ? &zsh_completion : &bash_completion] {
      return print_made(program, make);
    };
  });
}

void add_manual(CLI::App& program, Session& session) {
  auto* command = program.add_subcommand("manual", "Print the manual page.\nExample: ads manual | man -l -");
  command->callback(
      [&program, &session] { session.action = [&program] { return print_made(program, &manual_page); }; });
}

}  // namespace ads::cli
