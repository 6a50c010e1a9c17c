#include "cli/run_choice.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/run_table.h"

namespace ads::cli {
namespace {

constexpr std::size_t kIdLength = 32;
constexpr std::size_t kShownCandidates = 5;
constexpr std::size_t kRunsSearched = 100'000;

}  // namespace

void add_run_choice(CLI::App& command, RunChoice& choice, std::string last_about) {
  auto* run = command.add_option("RUN", choice.run, "A run's id or its beginning, as `ads runs` lists them");
  command.add_flag("--last", choice.is_last, std::move(last_about))->excludes(run);
}

void require_run(const RunChoice& choice) {
  if (choice.is_empty()) throw CLI::RequiredError("RUN or --last");
}

Result<std::string> complete_run_id(const std::string& beginning, const std::vector<std::string>& known) {
  if (beginning.empty() || beginning.size() > kIdLength ||
      beginning.find_first_not_of("0123456789abcdef") != beginning.npos)
    return fail(
        ErrorKind::invalid, "NoRun",
        fmt::format("'{}' is not the id of a run: 32 hexadecimal digits, or the first of them; `ads runs` lists "
                    "the runs",
                    beginning));
  std::vector<std::string> found;
  for (const auto& id : known)
    if (id.starts_with(beginning)) found.push_back(id);
  if (found.size() == 1) return found.front();
  if (found.empty())
    return fail(ErrorKind::not_found, "NoRun", fmt::format("there is no run {}: `ads runs` lists them", beginning));
  std::string candidates;
  for (std::size_t i = 0; i < std::min(found.size(), kShownCandidates); ++i)
    candidates += (i == 0 ? "" : ", ") + found[i];
  if (found.size() > kShownCandidates) candidates += ", ...";
  return fail(ErrorKind::conflict, "AmbiguousRun",
              fmt::format("{} runs begin with {}: {}; give more digits", found.size(), beginning, candidates));
}

Task<Result<function::StoredRun>> chosen_run(Session& session, RunChoice choice, RunFilter is_wanted) {
  if (choice.is_last) {
    auto runs = co_await newest_runs(session, is_wanted ? 1000 : 1);
    if (!runs) co_return fail(runs.error());
    for (auto& run : *runs)
      if (!is_wanted || is_wanted(run)) co_return std::move(run);
    co_return fail(ErrorKind::not_found, "NoRun",
                   runs->empty() ? "no run has begun yet: `ads submit FILE` starts one"
                                 : "no run of that kind is among the newest: `ads runs` lists them");
  }
  std::string id = choice.run;
  bool is_whole = id.size() == kIdLength;
  std::vector<std::string> known;
  if (is_whole) {
    known.push_back(id);
  } else if (!id.empty() && id.find_first_not_of("0123456789abcdef") == id.npos) {
    auto runs = co_await newest_runs(session, kRunsSearched);
    if (!runs) co_return fail(runs.error());
    for (const auto& run : *runs) known.push_back(run.run.id);
  }
  auto completed = complete_run_id(id, known);
  if (!completed) co_return fail(completed.error());
  auto run = co_await find_run(session, *completed);
  if (!run) co_return fail(run.error());
  if (!*run)
    co_return fail(ErrorKind::not_found, "NoRun",
                   fmt::format("there is no run {}, or it has not begun yet: `ads runs` lists them", id));
  co_return std::move(**run);
}

}  // namespace ads::cli
