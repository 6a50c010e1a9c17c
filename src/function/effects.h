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

// Errors: those of look_up_users and of deliver. Repeating a chunk repeats its record ids.
Task<Result<PreparedChunk>> prepare(World& world, Flow& flow, EffectRules rules, Chunk chunk);
Task<Result<Effects>> perform(World& world, Flow& flow, const EffectRules& rules, const PreparedChunk& prepared);

}  // namespace ads::function
