// Standard output as everything in `ads` writes it. What cannot be written ends the program: exit code 1 with the
// reason for a full disk or a closed descriptor; SIGPIPE's death, in silence, where the reader of a pipe has left (`|
// head`).
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"

namespace ads::cli {

// First of all in main: descriptors 0, 1 and 2 are open afterwards, so that no file or socket takes the number of a
// closed standard stream.
void claim_standard_streams();

// Text for people, several lines perhaps. Controls in it are escaped (printable_lines).
void print(std::string_view text);
// Pretty-printed with a newline; and as one line, for output that is a list of objects.
void print_json(const json::value& value);
void print_json_line(const json::value& value);
// Bytes that are data for another program, unchanged: a file to correct, colored text that is escaped already.
void print_bytes(std::string_view bytes);

// Also at the end of main: what is still in the buffer may fail only there.
void flush_output();

}  // namespace ads::cli
