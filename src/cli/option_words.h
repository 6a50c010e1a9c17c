// What the shell completions and the manual page say of an option, read from the command line's own definitions.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ads::cli {

// "-h", "--help": as typed. Empty for an argument without dashes.
std::vector<std::string> names_of(const CLI::Option& option);
bool takes_value(const CLI::Option& option);
// The words that it may be, where they are a fixed set: {"text", "json"}.
std::vector<std::string> choices_of(const CLI::Option& option);
// What stands for its value in a synopsis: "FILE", "text|json", "N".
std::string placeholder_of(const CLI::Option& option);
// Up to the first full stop or line's end: for a list of one line each.
std::string first_sentence(std::string_view text);

// In the order of their declaration, without the hidden.
std::vector<const CLI::App*> commands_of(const CLI::App& program);
std::vector<const CLI::Option*> options_of(const CLI::App& command);
// "ads users import".
std::string full_name(const CLI::App& command);

}  // namespace ads::cli
