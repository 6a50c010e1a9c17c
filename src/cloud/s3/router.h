// Which operation a request asks for: from its method, whether it names a key, and its query.
#pragma once
#include "cloud/s3/actions.h"

namespace ads::cloud::s3 {

enum class BucketNeed { none, exists };

struct Routed {
  Action action = nullptr;
  BucketNeed bucket = BucketNeed::exists;
};

// Errors: NotImplemented naming the sub-resource, MethodNotAllowed.
Outcome<Routed> route(const Request& request);

}  // namespace ads::cloud::s3
