// Where the last exception of this thread was thrown from. Kept by a hook around __cxa_throw, which the linker puts in
// (-Wl,--wrap=__cxa_throw); a program linked without it has no traces, and everything else is the same.
#pragma once
#include <string>
#include <vector>

namespace ads::function {

// "bootstrap+0x1a2b3c" and the symbol where there is one, innermost first; for addr2line on the program with its symbols.
std::vector<std::string> thrown_from();

}  // namespace ads::function
