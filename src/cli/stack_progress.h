// A stack's events as a person follows them: one row per resource, the failures in the order of their causes, and how
// it ended.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/cloudformation/cloudformation.h"
#include "cli/terminal.h"

namespace ads::cli {

struct StackFailure {
  std::string logical_id, resource_type, status, reason;
};

class StackProgress {
 public:
  explicit StackProgress(std::string stack_name) : stack_name_(std::move(stack_name)) {}

  // The next event, in order of time. Gives the line that a log shows for it; nothing where a row's status is as
  // before.
  std::optional<Line> take(const aws::cloudformation::StackEvent& event);

  // Resources at work now, and for how long: the part of the screen that moves.
  std::vector<Line> live(SystemTime now) const;

  // The stack's own last status, once it has come to an end.
  const std::optional<std::string>& ending() const { return ending_; }

  // The first one is the cause; what was only cancelled because of it is left out.
  const std::vector<StackFailure>& failures() const { return failures_; }

 private:
  struct Row {
    std::string type, status;
    std::optional<SystemTime> since;  // of the first event of the work at hand
  };
  std::string stack_name_;
  std::map<std::string, Row> rows_;  // by logical id
  std::vector<StackFailure> failures_;
  std::optional<std::string> ending_;
};

// "3 s", "2 min 5 s"
std::string duration_text(std::chrono::milliseconds duration);

// The failures as sentences for the end of a command: the cause first, with what to do about it where that is known.
std::vector<std::string> describe_failures(const std::vector<StackFailure>& failures);

}  // namespace ads::cli
