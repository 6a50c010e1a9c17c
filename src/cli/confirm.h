// How a command that changes something gets leave: --yes, or a person at a terminal.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/session.h"

namespace ads::cli {

enum class Consent { given, refused };

// `is_yes` is the flag. Errors: invalid / "NotConfirmed" where nobody can be asked.
struct Question {
  std::string text;       // "Make these 3 changes? [y/N] "
  std::string what;       // "the changes": for the error
  std::string must_type;  // empty: y or yes
};
enum class YesFlag { absent, given };
Result<Consent> confirm(const Question& question, YesFlag flag);

}  // namespace ads::cli
