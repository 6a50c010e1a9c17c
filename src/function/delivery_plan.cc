#include "function/delivery_plan.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace ads::function {
namespace {

// Calls while they are being filled.
class Calls {
 public:
  Calls(std::span<const BatchEntry> entries, batch::PackLimits limits) : entries_(entries), limits_(limits) {}

  std::size_t open() {
    plan_.calls.emplace_back();
    bytes_.push_back(0);
    return plan_.calls.size() - 1;
  }
  bool takes(std::size_t call, std::size_t count, std::size_t bytes) const {
    return plan_.calls[call].positions.size() + count <= limits_.entries && bytes_[call] + bytes <= limits_.bytes;
  }
  void add(std::size_t call, std::size_t position) {
    plan_.calls[call].positions.push_back(position);
    bytes_[call] += entries_[position].size;
  }
  void let_wait(std::size_t call, std::size_t earlier) {
    auto& followers = plan_.calls[earlier].followed_by;
    if (std::ranges::find(followers, call) != followers.end()) return;
    followers.push_back(call);
    ++plan_.calls[call].waits_for;
  }
  std::size_t free_entries(std::size_t call) const { return limits_.entries - plan_.calls[call].positions.size(); }
  std::size_t count() const { return plan_.calls.size(); }

  // Ordered by the calls' first positions.
  DeliveryPlan finish() {
    for (auto& call : plan_.calls) std::ranges::sort(call.positions);
    std::vector<std::size_t> order(plan_.calls.size()), place(plan_.calls.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t call) { return plan_.calls[call].positions.front(); });
    for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    DeliveryPlan sorted;
    for (std::size_t call : order) {
      for (std::size_t& follower : plan_.calls[call].followed_by) follower = place[follower];
      sorted.calls.push_back(std::move(plan_.calls[call]));
    }
    return sorted;
  }

 private:
  std::span<const BatchEntry> entries_;
  batch::PackLimits limits_;
  DeliveryPlan plan_;
  std::vector<std::size_t> bytes_;
};

using Positions = std::vector<std::size_t>;

DeliveryPlan plan_unordered(std::span<const BatchEntry> entries, batch::PackLimits limits, const Positions& positions) {
  Calls calls(entries, limits);
  for (std::size_t position : positions) {
    if (calls.count() == 0 || !calls.takes(calls.count() - 1, 1, entries[position].size)) calls.open();
    calls.add(calls.count() - 1, position);
  }
  return calls.finish();
}

// The entries of each user, in their order; users in the order of their first entries.
std::vector<Positions> by_user(std::span<const BatchEntry> entries, const Positions& positions) {
  std::vector<Positions> groups;
  std::unordered_map<std::string_view, std::size_t> group_of;
  group_of.reserve(positions.size());
  for (std::size_t position : positions) {
    auto [found, is_new] = group_of.try_emplace(entries[position].user, groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(position);
  }
  return groups;
}

// The first entry of each user, then the second of each, and so on, are put into calls one after the other.
DeliveryPlan plan_strict(std::span<const BatchEntry> entries, batch::PackLimits limits, const Positions& positions) {
  std::vector<Positions> groups = by_user(entries, positions);
  Calls calls(entries, limits);
  std::vector<std::optional<std::size_t>> last_call(groups.size());
  for (std::size_t turn = 0, left = positions.size(); left > 0; ++turn) {
    for (std::size_t group = 0; group < groups.size(); ++group) {
      if (turn >= groups[group].size()) continue;
      std::size_t position = groups[group][turn];
      bool needs_new = calls.count() == 0 || last_call[group] == calls.count() - 1 ||
                       !calls.takes(calls.count() - 1, 1, entries[position].size);
      if (needs_new) calls.open();
      std::size_t call = calls.count() - 1;
      calls.add(call, position);
      if (last_call[group]) calls.let_wait(call, *last_call[group]);
      last_call[group] = call;
      --left;
    }
  }
  return calls.finish();
}

// Entries of one user that go into one call.
struct Piece {
  std::span<const std::size_t> positions;
  std::size_t bytes = 0;
  std::optional<std::size_t> after = {};  // the call that holds the user's entries before
};

// Packs pieces into calls, the longest first, each into the fullest call that takes it.
class PerUserPacking {
 public:
  enum class Splits { never, into_the_emptiest };
  PerUserPacking(std::span<const BatchEntry> entries, batch::PackLimits limits, Splits splits)
      : entries_(entries), limits_(limits), splits_(splits), calls_(entries, limits), by_free_(limits.entries + 1) {}

  void pack(const std::vector<Positions>& groups) {
    std::vector<Piece> pieces;
    for (const Positions& group : groups)
      if (Piece rest = send_whole_calls(group); !rest.positions.empty()) pieces.push_back(rest);
    pack(std::move(pieces));
    // A tail's call waits for that of its head: new calls take the tails, so that none waits for the other in turn.
    for (auto& open : by_free_) open.clear();
    splits_ = Splits::never;
    pack(std::exchange(tails_, {}));
  }
  std::size_t count() const { return calls_.count(); }
  DeliveryPlan finish() { return calls_.finish(); }

 private:
  void pack(std::vector<Piece> pieces) {
    std::ranges::sort(pieces, [](const Piece& a, const Piece& b) {
      return a.positions.size() != b.positions.size() ? a.positions.size() > b.positions.size()
                                                      : a.positions.front() < b.positions.front();
    });
    for (const Piece& piece : pieces)
      if (!place(piece) && !split(piece)) put(calls_.open(), piece);
  }

  // As many entries from the beginning as a call takes.
  Piece front_of(std::span<const std::size_t> positions, std::size_t most) const {
    Piece piece;
    std::size_t count = 0;
    while (count < positions.size() && count < most && piece.bytes + entries_[positions[count]].size <= limits_.bytes)
      piece.bytes += entries_[positions[count++]].size;
    piece.positions = positions.first(count);
    return piece;
  }

  // What one call does not take is a chain of calls of its own. Gives what is left for the last one.
  Piece send_whole_calls(std::span<const std::size_t> rest) {
    std::optional<std::size_t> last;
    for (;;) {
      Piece piece = front_of(rest, limits_.entries);
      piece.after = last;
      rest = rest.subspan(piece.positions.size());
      if (rest.empty() && piece.positions.size() < limits_.entries) return piece;
      last = calls_.open();
      add(*last, piece);
      if (rest.empty()) return {};
    }
  }

  bool place(const Piece& piece) {
    for (std::size_t free = piece.positions.size(); free < by_free_.size(); ++free)
      for (std::size_t i = by_free_[free].size(); i-- > 0;) {
        std::size_t call = by_free_[free][i];
        if (!calls_.takes(call, piece.positions.size(), piece.bytes)) continue;
        by_free_[free].erase(by_free_[free].begin() + static_cast<std::ptrdiff_t>(i));
        put(call, piece);
        return true;
      }
    return false;
  }

  // A fifth of a call may stay empty; where more would, a piece is worth a second call to wait for.
  bool split(const Piece& piece) {
    if (splits_ == Splits::never) return false;
    for (std::size_t free = std::min(by_free_.size(), piece.positions.size()); free-- > limits_.entries / 5 + 1;) {
      if (by_free_[free].empty()) continue;
      std::size_t call = by_free_[free].back();
      Piece head = front_of(piece.positions, free);
      head.after = piece.after;
      if (head.positions.empty() || !calls_.takes(call, head.positions.size(), head.bytes)) return false;
      by_free_[free].pop_back();
      put(call, head);
      tails_.push_back({piece.positions.subspan(head.positions.size()), piece.bytes - head.bytes, call});
      return true;
    }
    return false;
  }

  void put(std::size_t call, const Piece& piece) {
    add(call, piece);
    by_free_[calls_.free_entries(call)].push_back(call);
  }
  void add(std::size_t call, const Piece& piece) {
    for (std::size_t position : piece.positions) calls_.add(call, position);
    if (piece.after) calls_.let_wait(call, *piece.after);
  }

  std::span<const BatchEntry> entries_;
  batch::PackLimits limits_;
  Splits splits_;
  Calls calls_;
  std::vector<std::vector<std::size_t>> by_free_;  // calls that are not full, by how many entries they still take
  std::vector<Piece> tails_;
};

DeliveryPlan plan_per_user(std::span<const BatchEntry> entries, batch::PackLimits limits, const Positions& positions) {
  std::vector<Positions> groups = by_user(entries, positions);
  PerUserPacking whole(entries, limits, PerUserPacking::Splits::never);
  whole.pack(groups);
  // Few users with six or seven entries each, say: every call would stay as empty.
  bool wastes_calls = whole.count() * limits.entries * 4 > positions.size() * 5 + limits.entries * 4;
  if (!wastes_calls) return whole.finish();
  PerUserPacking split(entries, limits, PerUserPacking::Splits::into_the_emptiest);
  split.pack(groups);
  return split.count() < whole.count() ? split.finish() : whole.finish();
}

}  // namespace

DeliveryPlan plan_delivery(std::span<const BatchEntry> entries, batch::PackLimits limits, DeliveryOrder order) {
  Positions fitting, oversize;
  fitting.reserve(entries.size());
  for (std::size_t position = 0; position < entries.size(); ++position)
    (entries[position].size > limits.bytes ? oversize : fitting).push_back(position);
  DeliveryPlan plan = order == DeliveryOrder::none       ? plan_unordered(entries, limits, fitting)
                      : order == DeliveryOrder::per_user ? plan_per_user(entries, limits, fitting)
                                                         : plan_strict(entries, limits, fitting);
  plan.oversize = std::move(oversize);
  return plan;
}

}  // namespace ads::function
