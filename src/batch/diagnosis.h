// Why a file is not a batch file, in one sentence that names the cause and the cure. The same sentence stands in
// `ads check`, the run's log, its report and the mail.
#pragma once
#include <optional>
#include <string>

#include "batch/beginning.h"

namespace ads::batch {

// Nothing: the file is to be processed, lines that are bad one by one. A sentence, and nothing of the file is to have
// an effect, where
// - none of the first lines is a record, unless the file ends there and no line of it is bad (it is empty, blank, or a
//   header alone: then there is nothing to do), or
// - more than `max_bad_percent` of the first records are bad; 100 never.
std::optional<std::string> diagnose(const Beginning& beginning, int max_bad_percent);

// -- what diagnose asks, in this order; nothing where it is something else

// Content that is another kind of file: a document, a web page, an answer of AWS, an export of users.
std::optional<std::string> foreign_content(const Beginning& beginning);
// Lines whose fields are separated, named or ordered in another way.
std::optional<std::string> misread_columns(const Beginning& beginning);
// JSON objects without the three members.
std::optional<std::string> misnamed_members(const Beginning& beginning);

// "line 7: status code 'abc'", safe to print.
std::string where_and_what(const SampleLine& line);
// "'text'", shortened and safe to print.
std::string in_quotes(std::string_view text);

}  // namespace ads::batch
