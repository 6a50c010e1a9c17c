// One shard from lease to end: called with its message, or with the event of its file.
#pragma once
#include <string>

#include "function/flow.h"

namespace ads::function {

struct ShardVisit {
  enum class Kind {
    concluded,    // the shard is done or dead; `run` was read after that
    out_of_time,  // the rest is another invocation's; the lease was given back
    held,         // another invocation works on it, until `held_until` at least
    taken_over,   // another invocation has taken it over meanwhile
  };
  Kind kind = Kind::concluded;
  StoredRun run;
  SystemTime held_until{};
};

// Errors: what may pass, and denied. Everything up to the last checkpoint is stored, the lease was given back.
Task<Result<ShardVisit>> visit_shard(World& world, const Settings& settings, Flow& flow, StoredRun run,
                                     std::uint32_t shard, std::string owner);

// The shard's message is in the dead-letter queue: abandons the shard, or says that it is to be sent again.
struct DeadLetterVisit {
  batch::DeadLetterStep step = batch::DeadLetterStep::conclude;
  StoredRun run;
  bool is_held = false;  // an invocation works on it: nothing was done
};
Task<Result<DeadLetterVisit>> visit_dead_letter(World& world, Flow& flow, StoredRun run, std::uint32_t shard,
                                                std::string owner);

// Which bytes a shard of this run owns.
batch::Shard range_of(const batch::Run& run, std::uint32_t shard);

}  // namespace ads::function
