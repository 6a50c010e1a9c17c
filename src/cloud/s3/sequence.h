// Numbers that only ever grow, across restarts and a clock that goes back: for bucket ids, blobs, versions and events.
#pragma once
#include <cstdint>

#include "base/clock.h"
#include "cloud/store.h"

namespace ads::cloud::s3 {

class Sequence {
 public:
  Sequence(Store& store, Clock& clock);
  // Milliseconds since the epoch in the upper bits, a counter in the lower 20.
  std::uint64_t next();

 private:
  Store& store_;
  Clock& clock_;
  std::uint64_t last_ = 0;
  std::uint64_t reserved_ = 0;  // numbers up to here are on record as used
};

}  // namespace ads::cloud::s3
