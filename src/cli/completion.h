// The shell's completion of `ads`, made from the command line's own definitions: nothing to keep in step by hand.
#pragma once
#include <string>

namespace CLI {
class App;
}

namespace ads::cli {

// A script for `eval`, or for a file of /usr/share/bash-completion/completions.
std::string bash_completion(const CLI::App& program);
// A script for a file `_ads` of a directory of $fpath.
std::string zsh_completion(const CLI::App& program);

}  // namespace ads::cli
