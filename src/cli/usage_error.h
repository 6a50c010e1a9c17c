// A command line that cannot be understood, answered in one line: what is wrong, what was probably meant, where help
// is.
#pragma once
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace ads::cli {

// After program.parse threw `error`. Without "ads: " before it and newline after it.
std::string usage_error(const CLI::App& program, const CLI::ParseError& error);

}  // namespace ads::cli
