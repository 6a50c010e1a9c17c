#include "cloud/s3/sequence.h"

#include <charconv>

#include "base/log.h"
#include "cloud/s3/keys.h"

namespace ads::cloud::s3 {
namespace {
constexpr unsigned kCounterBits = 20;
constexpr std::uint64_t kReserve = std::uint64_t{10 * 60 * 1000} << kCounterBits;  // ten minutes' worth
}  // namespace

Sequence::Sequence(Store& store, Clock& clock) : store_(store), clock_(clock) {
  if (auto mark = store_.get(keys::sequence_mark())) std::from_chars(mark->data(), mark->data() + mark->size(), last_);
  reserved_ = last_;
}

std::uint64_t Sequence::next() {
  auto now = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count()) << kCounterBits;
  last_ = std::max(last_ + 1, now);
  if (last_ >= reserved_) {
    reserved_ = last_ + kReserve;
    Batch batch;
    batch.put(keys::sequence_mark(), std::to_string(reserved_));
    if (auto applied = store_.apply(std::move(batch)); !applied) {
      // The request that asked will fail on the same disk; try again with the next number.
      log(LogLevel::error, "S3's sequence was not recorded", {{"error", applied.error().message}});
      reserved_ = 0;
    }
  }
  return last_;
}

}  // namespace ads::cloud::s3
