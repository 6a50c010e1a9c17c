// What an operation of the scheduler is given.
#pragma once
#include "cloud/operations/input.h"
#include "cloud/operations/operation.h"
#include "cloud/scheduler/state.h"

namespace ads::cloud::scheduler {

struct Context {
  State& state;
  const Call& call;

  Environment& environment() const { return state.environment; }
  const std::string& region() const { return call.region; }
};

using operations::Answer;
using operations::Reply;
using operations::text;
using operations::texts;
using operations::whole;

}  // namespace ads::cloud::scheduler
