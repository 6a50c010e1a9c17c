// The effects of one chunk: what is decided about each record, and all of it delivered.
#pragma once
#include <string>
#include <vector>

#include "function/deliver.h"
#include "function/line_source.h"
#include "function/lookup.h"

namespace ads::function {

// A chunk that is ready to have its effects: its users are known.
struct PreparedChunk {
  Chunk chunk;
  UserMap users;
};

struct Effects {
  // Of the chunk's first lines: all of them, or those before the first whose call could not begin in time. Some behind
  // them may have had their effect too.
  std::size_t lines = 0;
  batch::Counters counters;               // of reading and of the effects
  std::vector<batch::BadLine> bad_lines;  // those read and those refused, in the file's order
};

struct EffectRules {
  int max_retries = 1;
  std::string run_id;
  std::string batch;  // the file's key
  batch::ActiveStatuses active;
  batch::UserKeyForm user_key_form = batch::UserKeyForm::as_is;
};

// Would the chunk's effects make better use of the calls in flight if it had more lines?
bool wants_more_lines(const Flow& flow, const EffectRules& rules, const Chunk& chunk);

// Errors: those of look_up_users and of deliver. Repeating a chunk repeats its record ids.
Task<Result<PreparedChunk>> prepare(World& world, Flow& flow, EffectRules rules, Chunk chunk);
Task<Result<Effects>> perform(World& world, Flow& flow, const EffectRules& rules, const Chunk& chunk,
                              const UserMap& users);

// How many lines from the chunk's beginning can have their effects in `available`, as fast as calls were answered of
// late: the longest chain of calls that wait for each other, or what can be in flight at once, decides. At least what
// one round of calls takes, and no more before the first answer.
std::size_t lines_in_time(const Flow& flow, const EffectRules& rules, const Chunk& chunk, milliseconds available);

}  // namespace ads::function
