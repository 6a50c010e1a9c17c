#include "cli/confirm.h"

#include <fmt/core.h>

#include <cstdio>
#include <iostream>

#include "cli/printable.h"

namespace ads::cli {

Result<Consent> confirm(const Question& question, YesFlag flag) {
  if (flag == YesFlag::given) return Consent::given;
  if (!is_interactive())
    return fail(ErrorKind::invalid, "NotConfirmed",
                fmt::format("nobody can be asked here (no terminal): confirm {} with --yes", question.what));
  flush_output();
  std::fputs(printable_lines(question.text).c_str(), stderr);
  std::string answer;
  std::getline(std::cin, answer);
  bool is_yes = question.must_type.empty() ? answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes"
                                           : answer == question.must_type;
  return is_yes ? Consent::given : Consent::refused;
}

}  // namespace ads::cli
