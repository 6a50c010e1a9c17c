// When the next message of a queue becomes visible, without walking over the keys of those already gone: a count of
// messages per 32 ms slot. At most 12 hours of slots, and no more than there are messages.
#pragma once
#include <cstdint>
#include <map>
#include <optional>

namespace ads::cloud::sqs {

class DueTimes {
 public:
  using Millis = std::int64_t;

  void add(Millis due) {
    ++slots_[due >> kShift];
    ++total_;
  }
  void remove(Millis due) {
    const auto slot = slots_.find(due >> kShift);
    if (slot == slots_.end()) return;  // one from before the last restart, which was never added
    --total_;
    if (--slot->second == 0) slots_.erase(slot);
  }
  // True where a message may be due at `now`.
  bool may_be_due(Millis now) const { return !slots_.empty() && slots_.begin()->first <= (now >> kShift); }
  // All that was due until `now` is gone.
  void forget_until(Millis now) {
    while (!slots_.empty() && slots_.begin()->first < (now >> kShift)) {
      total_ -= slots_.begin()->second;
      slots_.erase(slots_.begin());
    }
  }
  // A time by which the earliest is due, at most 32 ms after it is.
  std::optional<Millis> next() const {
    if (slots_.empty()) return {};
    return (slots_.begin()->first + 1) << kShift;
  }
  std::uint64_t total() const { return total_; }

 private:
  static constexpr int kShift = 5;
  std::map<Millis, std::uint64_t> slots_;
  std::uint64_t total_ = 0;
};

}  // namespace ads::cloud::sqs
