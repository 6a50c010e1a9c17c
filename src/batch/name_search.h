// Finds a number that is not taken with O(log n) questions instead of n: twice as far each time until one is free, then
// by halves between the last that was taken and that one. The answer is free, and the one before it was taken: it is
// the first free number where none in between was given up, and another free one where names were deleted since.
#pragma once
#include <optional>

namespace ads::batch {

class NameSearch {
 public:
  explicit NameSearch(int most) : most_(most) {}

  // The number to ask about; nothing once there is an answer, or where none is free.
  std::optional<int> question() const {
    if (taken_ >= most_ || taken_ + 1 == free_) return std::nullopt;
    if (free_ == 0) return taken_ > most_ / 2 ? most_ : taken_ == 0 ? 1 : taken_ * 2;
    return taken_ + (free_ - taken_) / 2;
  }
  // The answer to question().
  void is_taken(int number) { taken_ = number; }
  void is_free(int number) { free_ = number; }

  // 1 to `most`; nothing where none was found yet.
  std::optional<int> found() const { return free_ == taken_ + 1 ? std::optional(free_) : std::nullopt; }

 private:
  int most_;
  int taken_ = 0;  // the highest number known to be taken below free_
  int free_ = 0;   // the lowest number known to be free; 0: none yet
};

}  // namespace ads::batch
