// Batch calls: how messages are packed, and what an answer says about each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "batch/pack.h"
#include "batch/reconcile.h"

namespace ads::batch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Pack, FillsCallsUpToTheirLimits) {
  constexpr PackLimits limits{3, 100};
  struct {
    const char* name;
    std::vector<std::size_t> sizes;
    std::vector<std::vector<std::size_t>> batches;
    std::vector<std::size_t> oversize;
  } cases[] = {
      {"nothing", {}, {}, {}},
      {"by entries", {1, 1, 1, 1}, {{0, 1, 2}, {3}}, {}},
      {"by bytes", {60, 40, 1}, {{0, 1}, {2}}, {}},
      {"exactly full", {100, 100}, {{0}, {1}}, {}},
      {"one too large", {101}, {}, {0}},
      {"one too large in the middle", {10, 101, 10}, {{0, 2}}, {1}},
      {"no looking back", {60, 60, 10}, {{0}, {1, 2}}, {}},
      {"size nothing", {0, 0, 0, 0}, {{0, 1, 2}, {3}}, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Packing packing = pack(c.sizes, limits);
    EXPECT_EQ(packing.batches, c.batches);
    EXPECT_EQ(packing.oversize, c.oversize);
  }
}

TEST(Pack, KeepsEveryMessageInOrderWithinAwsLimits) {
  std::mt19937 random(7);
  for (PackLimits limits : {kPublishBatch, kSendMessageBatch}) {
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 1000; ++i) sizes.push_back(random() % (limits.bytes / (i % 7 ? 400 : 1) + 10));
    Packing packing = pack(sizes, limits);
    std::vector<std::size_t> positions;
    for (const auto& batch : packing.batches) {
      std::size_t bytes = 0;
      ASSERT_LE(batch.size(), limits.entries);
      ASSERT_FALSE(batch.empty());
      for (std::size_t i : batch) bytes += sizes[i];
      ASSERT_LE(bytes, limits.bytes);
      positions.insert(positions.end(), batch.begin(), batch.end());
    }
    EXPECT_TRUE(std::ranges::is_sorted(positions));
    EXPECT_EQ(positions.size() + packing.oversize.size(), sizes.size());
  }
}

TEST(Pack, AUserStaysInItsLane) {
  std::vector<int> used(8);
  for (int i = 0; i < 8000; ++i) {
    std::string user = "user-" + std::to_string(i);
    std::size_t lane = lane_of(user, 8);
    ASSERT_LT(lane, 8u);
    ASSERT_EQ(lane, lane_of(user, 8));
    ++used[lane];
  }
  for (int count : used) EXPECT_NEAR(count, 1000, 150);
  EXPECT_EQ(lane_of("u", 0), 0u);
  EXPECT_EQ(lane_of("u", 1), 0u);
}

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
