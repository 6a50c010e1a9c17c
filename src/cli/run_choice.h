// Which run a command is about: an id, the beginning of one that no other run's id has, or the newest.
#pragma once
#include <string>
#include <vector>

#include "cli/session.h"
#include "function/stored_run.h"

namespace CLI {
class App;
}

namespace ads::cli {

struct RunChoice {
  std::string run;
  bool is_last = false;
  bool is_empty() const { return run.empty() && !is_last; }
};

// RUN and --last, which exclude each other.
void add_run_choice(CLI::App& command, RunChoice& choice, std::string last_about = "The newest run");
// For a command that needs one. Throws CLI::RequiredError.
void require_run(const RunChoice& choice);

// The id that begins with `beginning`. Errors: not_found / "NoRun"; conflict / "AmbiguousRun" with the candidates;
// invalid / "NoRun" for what cannot be a part of an id.
Result<std::string> complete_run_id(const std::string& beginning, const std::vector<std::string>& known);

// The run as stored. `is_wanted` restricts --last. Errors: as complete_run_id's, those of the stack and of DynamoDB.
using RunFilter = bool (*)(const function::StoredRun& run);
Task<Result<function::StoredRun>> chosen_run(Session& session, RunChoice choice, RunFilter is_wanted = nullptr);

}  // namespace ads::cli
