// `ads --help` and `ads COMMAND --help`: what the command is for, its arguments and options, and the options that hold
// for every command, in lines that fit the terminal.
#pragma once
#include <string>

namespace CLI {
class App;
}

namespace ads::cli {

std::string help_page(const CLI::App& command, std::size_t columns);

}  // namespace ads::cli
