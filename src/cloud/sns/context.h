// What an operation of SNS is given.
#pragma once
#include "cloud/operations/input.h"
#include "cloud/operations/operation.h"
#include "cloud/sns/service.h"

namespace ads::cloud::sns {

struct Context {
  Service& sns;
  const Call& call;

  Topics& topics() { return sns.topics(); }
};

using operations::Answer;
using operations::list;
using operations::Reply;
using operations::text;
using operations::text_map;
using operations::texts;

}  // namespace ads::cloud::sns
