// The manual page ads(1), made from the command line's own definitions.
#pragma once
#include <string>

namespace CLI {
class App;
}

namespace ads::cli {

// man(7)'s roff: `ads manual | man -l -`.
std::string manual_page(const CLI::App& program);

}  // namespace ads::cli
