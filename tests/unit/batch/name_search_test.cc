#include "batch/name_search.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace ads::batch {
namespace {

struct Answer {
  std::optional<int> number;
  int questions = 0;
};

Answer search(int most, const std::set<int>& taken) {
  NameSearch names(most);
  Answer out;
  while (auto number = names.question()) {
    EXPECT_TRUE(*number >= 1 && *number <= most) << *number;
    taken.contains(*number) ? names.is_taken(*number) : names.is_free(*number);
    if (++out.questions > 100) return out;
  }
  out.number = names.found();
  return out;
}

std::set<int> up_to(int last) {
  std::set<int> out;
  for (int number = 1; number <= last; ++number) out.insert(out.end(), number);
  return out;
}

TEST(NameSearch, FindsTheFirstFreeNumberInLogarithmicallyManyQuestions) {
  for (int last = 0; last <= 3000; last += last < 70 ? 1 : 97) {
    auto answer = search(100'000, up_to(last));
    EXPECT_EQ(answer.number, last + 1);
    EXPECT_LE(answer.questions, 2 * std::bit_width(static_cast<unsigned>(last + 1))) << last;
  }
}

TEST(NameSearch, NeverAnswersATakenNumberWhateverWasDeleted) {
  for (unsigned seed = 1; seed < 400; ++seed) {
    std::set<int> taken;
    unsigned state = seed * 2654435761u;
    for (int number = 1; number < 200; ++number) {
      state = state * 1664525u + 1013904223u;
      if ((state >> 24) % 4 != 0) taken.insert(number);
    }
    auto answer = search(1000, taken);
    ASSERT_TRUE(answer.number) << seed;
    EXPECT_FALSE(taken.contains(*answer.number)) << seed;
    EXPECT_TRUE(*answer.number == 1 || taken.contains(*answer.number - 1)) << seed;
  }
}

TEST(NameSearch, EndsWhereEveryNumberIsTaken) {
  for (int most : {1, 2, 3, 7, 8, 9, 1000}) {
    EXPECT_EQ(search(most, up_to(most)).number, std::nullopt) << most;
    EXPECT_EQ(search(most, up_to(most - 1)).number, most);
  }
}

}  // namespace
}  // namespace ads::batch
