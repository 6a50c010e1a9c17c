// The role `dispatch`: an object event becomes a run, or a refusal.
#pragma once
#include "batch/event.h"
#include "function/invocation.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

// Handles an S3 event. Twice-safe: a repeated event finds its run and goes on, or has nothing to do. An error asks
// Lambda to repeat the event. The answer tells what became of each object.
Task<Result<std::string>> dispatch(World& world, const Settings& settings, Invocation invocation);

// What an event means, given what is stored about its run.
enum class NextAct {
  begin,     // nothing is known: judge the name, make the run
  work,      // planned or running
  finalise,  // every line has had its effect
  nothing,   // done, failed or refused: a late repetition
};
NextAct next_act(const std::optional<StoredRun>& run);

}  // namespace ads::function
