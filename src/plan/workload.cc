#include "plan/workload.h"

#include <algorithm>

namespace ads::plan {

std::array<UserSpread, Workload::kSizes> Workload::sorted_by_user(std::uint64_t records_of_a_user) {
  std::array<UserSpread, kSizes> out;
  for (std::size_t size = 0; size < kSizes; ++size) {
    double each = std::clamp(static_cast<double>(records_of_a_user), 1.0, lines_of(size));
    out[size] = {lines_of(size) / each, each};
  }
  return out;
}

UserSpread Workload::spread_within(double lines) const {
  std::size_t size = 0;
  while (size + 1 < kSizes && lines_of(size) < lines) ++size;
  UserSpread out = spread[size];
  out.users = std::min(lines, out.users * std::min(1.0, lines / lines_of(size)));
  out.most_of_a_user = std::min(lines, out.most_of_a_user);
  return out;
}

void SpreadCount::add_record(std::string_view user) {
  std::string key(user);
  for (Size& size : sizes_) ++size.of_user[key];
}

void SpreadCount::end_line() {
  ++lines_;
  for (std::size_t size = 0; size < sizes_.size(); ++size)
    if (lines_ % (batch::kChunkLines << size) == 0) sizes_[size].end_chunk(1);
}

void SpreadCount::Size::end_chunk(double part) {
  if (of_user.empty()) return;
  users += static_cast<double>(of_user.size()) / part;
  most +=
      static_cast<double>(std::ranges::max_element(of_user, {}, [](const auto& user) { return user.second; })->second);
  ++chunks;
  of_user.clear();
}

std::array<UserSpread, Workload::kSizes> SpreadCount::finish() {
  std::array<UserSpread, Workload::kSizes> out;
  for (std::size_t index = 0; index < sizes_.size(); ++index) {
    Size& size = sizes_[index];
    // The rest of a file that has whole chunks says less than these.
    double lines = static_cast<double>(lines_);
    if (size.chunks == 0) size.end_chunk(std::min(1.0, lines / Workload::lines_of(index)));
    double chunks = std::max(size.chunks, 1.0);
    out[index] = {std::max(1.0, size.users / chunks), std::max(1.0, size.most / chunks)};
  }
  return out;
}

}  // namespace ads::plan
