// The work on one shard, chunk by chunk, under a lease: effects, quarantine, checkpoint; and when to stop.
#pragma once
#include <string>

#include "function/effects.h"
#include "function/flow.h"

namespace ads::function {

struct ShardEnd {
  enum class Kind {
    finished,     // every line has had its effect, and the shard is stored as done
    stopped,      // for good, and the run with it: `sentence` says why
    out_of_time,  // the rest is the next invocation's
    lease_lost,   // somebody else goes on with it: leave it alone
  };
  Kind kind = Kind::finished;
  std::string sentence;
};

// Does the work from state.offset on. `lease` is what take_lease gave with `state`. Errors: those that may pass, and
// denied; everything up to the last checkpoint is stored then.
Task<Result<ShardEnd>> work_on_shard(World& world, const Settings& settings, Flow& flow, const StoredRun& run,
                                     ShardState state, Lease lease);

}  // namespace ads::function
