// What an operation of CloudWatch Logs is given.
#pragma once
#include "cloud/environment.h"
#include "cloud/logs/state.h"
#include "cloud/operations/input.h"
#include "cloud/operations/operation.h"

namespace ads::cloud::logs {

struct Context {
  Environment& environment;
  State& state;
  const Call& call;

  const std::string& region() const { return call.region; }
};

using operations::flag;
using operations::Reply;
using operations::text;
using operations::text_map;
using operations::texts;
using operations::whole;

}  // namespace ads::cloud::logs
