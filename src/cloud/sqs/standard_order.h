// Which message of a standard queue comes next: the ready ones by sequence.
#pragma once
#include <optional>

#include "cloud/sqs/keys.h"
#include "cloud/sqs/states.h"
#include "cloud/sqs/window.h"

namespace ads::cloud::sqs {

class StandardOrder {
 public:
  StandardOrder(Store& store, const MessageKeys& keys, std::uint64_t first)
      : store_(store), keys_(keys), window_(first) {}

  // Written by seal(): ready keys one after the other cost the store half of what they cost between other keys.
  void put(std::uint64_t sequence, const Waiting& waiting) {
    changed_[sequence] = waiting;
    window_.insert(sequence, waiting);
  }

  std::optional<std::pair<std::uint64_t, Waiting>> front() {
    const auto* first = window_.front([this](std::uint64_t from, std::size_t most, auto put) {
      auto cursor = store_.scan(keys_.of(Kind::ready, from), after_prefix(keys_.of(Kind::ready)));
      for (std::size_t i = 0; i < most && cursor.valid(); ++i, cursor.next()) {
        put(MessageKeys::last_number(cursor.key()), decode_waiting(cursor.value()).value_or(Waiting{}));
      }
    });
    if (!first) return {};
    return std::pair(first->first, first->second);
  }

  std::optional<Waiting> find(std::uint64_t sequence) const {
    const auto stored = store_.get(keys_.of(Kind::ready, sequence));
    if (!stored) return {};
    return decode_waiting(*stored);
  }

  void remove(Batch& batch, std::uint64_t sequence) {
    changed_.erase(sequence);
    batch.remove(keys_.of(Kind::ready, sequence));
    window_.erase(sequence);
  }

  // Adds what was put to the batch; call once, last.
  void seal(Batch& batch) {
    for (const auto& [sequence, waiting] : changed_) batch.put(keys_.of(Kind::ready, sequence), encode(waiting));
  }
  void applied() {
    changed_.clear();
    window_.applied();
  }
  std::uint64_t first(std::uint64_t next) const { return window_.lower_bound(next); }

 private:
  Store& store_;
  const MessageKeys& keys_;
  Window<Waiting> window_;
  std::map<std::uint64_t, Waiting> changed_;  // by the batch being made
};

}  // namespace ads::cloud::sqs
