// What an operation of the parameter store is given.
#pragma once
#include "cloud/environment.h"
#include "cloud/operations/input.h"
#include "cloud/operations/operation.h"
#include "cloud/ssm/parameters.h"

namespace ads::cloud::ssm {

struct Context {
  Environment& environment;
  Parameters& parameters;
  const Call& call;

  const std::string& region() const { return call.region; }
};

using operations::flag;
using operations::list;
using operations::Reply;
using operations::text;
using operations::texts;
using operations::whole;

}  // namespace ads::cloud::ssm
