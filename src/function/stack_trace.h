// Where the last exception of this thread was thrown from. Kept by a hook around __cxa_throw, which the linker puts in
// (-Wl,--wrap=__cxa_throw); a program linked without it has no traces, and everything else is the same.
#pragma once
#include <string>
#include <vector>

namespace ads::function {

// Addresses ("0x2c77da"), innermost first, for addr2line on the program before it was stripped: it is linked static and
// not relocated, so they are those of the file.
std::vector<std::string> thrown_from();

}  // namespace ads::function
