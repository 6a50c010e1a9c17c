// Batch calls: what an answer says about each message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "batch/reconcile.h"

namespace ads::batch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kSent{"a", "b", "c"};

std::vector<std::size_t> refused_positions(const Reconciled& r) {
  std::vector<std::size_t> positions;
  for (const auto& refused : r.refused) positions.push_back(refused.position);
  return positions;
}

TEST(Reconcile, EveryEntryHasOneFate) {
  struct {
    const char* name;
    BatchAnswer answer;
    std::vector<std::size_t> done, again, refused;
    std::size_t oddities;
    bool throttled;
  } cases[] = {
      {"all well", {{"c", "a", "b"}, {}}, {0, 1, 2}, {}, {}, 0, false},
      {"service fault", {{"a", "c"}, {{"b", "InternalError", ""}}}, {0, 2}, {1}, {}, 0, false},
      {"throttled", {{"a", "c"}, {{"b", "ThrottledException", ""}}}, {0, 2}, {1}, {}, 0, true},
      {"sender fault", {{"a", "c"}, {{"b", "InvalidParameter", "no", true}}}, {0, 2}, {}, {1}, 0, false},
      {"all failed", {{}, {{"a", "X"}, {"b", "X"}, {"c", "X", "", true}}}, {}, {0, 1}, {2}, 0, false},
      {"an empty answer", {}, {}, {0, 1, 2}, {}, 3, false},
      {"one not named", {{"a", "c"}, {}}, {0, 2}, {1}, {}, 1, false},
      {"an id that was not sent", {{"a", "b", "c", "d"}, {}}, {0, 1, 2}, {}, {}, 1, false},
      {"twice successful", {{"a", "a", "b", "c"}, {}}, {0, 1, 2}, {}, {}, 1, false},
      {"successful and failed", {{"a", "b", "c"}, {{"b", "InternalError", ""}}}, {0, 2}, {1}, {}, 1, false},
      {"successful and sender fault", {{"a", "b", "c"}, {{"b", "X", "", true}}}, {0, 2}, {1}, {}, 1, false},
      {"failed twice", {{"a", "c"}, {{"b", "X", "", true}, {"b", "X"}}}, {0, 2}, {1}, {}, 1, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Reconciled r = reconcile(kSent, c.answer);
    EXPECT_EQ(r.done, c.done);
    EXPECT_EQ(r.again, c.again);
    EXPECT_EQ(refused_positions(r), c.refused);
    EXPECT_EQ(r.oddities.size(), c.oddities);
    EXPECT_EQ(r.throttled, c.throttled);
  }
}

TEST(Reconcile, NothingIsLostWhateverTheAnswer) {
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::vector<std::string> sent;
    for (unsigned i = 0; i < 1 + random() % 10; ++i) sent.push_back("id" + std::to_string(i));
    BatchAnswer answer;
    for (unsigned i = 0; i < random() % 14; ++i) answer.successful.push_back("id" + std::to_string(random() % 12));
    for (unsigned i = 0; i < random() % 6; ++i)
      answer.failed.push_back({"id" + std::to_string(random() % 12), "X", "", random() % 2 == 0});
    Reconciled r = reconcile(sent, answer);
    std::vector<int> fates(sent.size());
    for (auto i : r.done) ++fates[i];
    for (auto i : r.again) ++fates[i];
    for (auto i : refused_positions(r)) ++fates[i];
    ASSERT_THAT(fates, testing::Each(1)) << "round " << round;
    for (auto i : r.done) ASSERT_TRUE(std::ranges::count(answer.successful, sent[i]));
    for (auto i : refused_positions(r)) ASSERT_FALSE(std::ranges::count(answer.successful, sent[i]));
  }
}

}  // namespace
}  // namespace ads::batch
