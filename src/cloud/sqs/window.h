// The first few hundred entries of an ordered index in the store, kept in memory: taking from the front then reads no
// index, and a reload starts behind everything taken before, so tombstones are never walked over.
#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <optional>

namespace ads::cloud::sqs {

template <class Value>
class Window {
 public:
  static constexpr std::size_t kCapacity = 1024;
  static constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

  // Nothing is known below `first`: the store holds no entry there.
  explicit Window(std::uint64_t first = 0) : end_(first) {}

  // An entry that the store now has too.
  void insert(std::uint64_t key, Value value) {
    if (key >= end_) {  // a reload sees it, once the batch it is in has been applied
      unseen_.insert_or_assign(key, std::move(value));
      return;
    }
    entries_.insert_or_assign(key, std::move(value));
    if (entries_.size() > kCapacity) {
      const auto last = std::prev(entries_.end());
      end_ = last->first;
      entries_.erase(last);
    }
  }
  void erase(std::uint64_t key) {
    entries_.erase(key);
    unseen_.erase(key);
  }
  // The store has taken over what was inserted.
  void applied() { unseen_.clear(); }

  // The first entry. `load(from, most, put)` calls put(key, value) for up to `most` entries from `from` on, in order.
  template <class Load>
  const std::pair<const std::uint64_t, Value>* front(Load load) {
    if (entries_.empty() && end_ != kAll) {
      std::size_t loaded = 0;
      std::uint64_t last = end_;
      load(end_, kCapacity / 2, [&](std::uint64_t key, Value value) {
        entries_.emplace(key, std::move(value));
        last = key;
        ++loaded;
      });
      end_ = loaded < kCapacity / 2 ? kAll : last + 1;
      while (!unseen_.empty() && unseen_.begin()->first < end_) entries_.insert(unseen_.extract(unseen_.begin()));
    }
    return entries_.empty() ? nullptr : &*entries_.begin();
  }

  // No entry of the store is below this; `next` is the key that the next new entry would get at the least.
  std::uint64_t lower_bound(std::uint64_t next) const {
    if (!entries_.empty()) return entries_.begin()->first;
    return std::min({end_, next, unseen_.empty() ? kAll : unseen_.begin()->first});
  }

 private:
  std::map<std::uint64_t, Value> entries_;
  std::map<std::uint64_t, Value> unseen_;  // of the batch being made, at or past end_
  std::uint64_t end_;                      // every entry of the store below this is in entries_
};

}  // namespace ads::cloud::sqs
