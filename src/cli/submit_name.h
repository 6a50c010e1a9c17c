// What would become of a key in the bucket, known before anything is sent.
#pragma once
#include <string>

#include "batch/batch_name.h"

namespace ads::cli {

struct NameCheck {
  enum class Outcome {
    accepted,
    refused,    // dispatch would refuse it: the file stays where it is, and the refusal is mailed
    unnoticed,  // no event rule of the bucket matches it: nothing at all would happen
  };
  Outcome outcome = Outcome::accepted;
  std::string code;      // "BAD_NAME", "WRONG_DAY", "NO_EVENT"
  std::string sentence;  // what is wrong, and what to do: a name that would be accepted, --force
};

// `file`: the name of the local file, for the extension of the name that is suggested; empty for standard input.
NameCheck check_name(std::string_view key, std::string_view file, batch::AcceptDates accept, batch::Date today);

// "DES_Manually_Process_01-12-2026.csv": today's name with the file's extension.
std::string suggested_name(std::string_view key, std::string_view file, batch::Date today);

}  // namespace ads::cli
