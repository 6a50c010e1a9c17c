// What an operation of CloudWatch is given.
#pragma once
#include "cloud/cloudwatch/input.h"
#include "cloud/cloudwatch/state.h"
#include "cloud/operations/operation.h"
#include "cloud/operations/timestamp.h"

namespace ads::cloud::cloudwatch {

struct Context {
  State& state;
  const Call& call;

  Environment& environment() const { return state.environment; }
  const std::string& region() const { return call.region; }
};

using operations::Reply;
using operations::timestamp;

}  // namespace ads::cloud::cloudwatch
