#include "batch/chunk_size.h"

#include <gtest/gtest.h>

namespace ads::batch {
namespace {

TEST(ChunkSize, GrowsWhileAChainOfCallsDecides) {
  struct Case {
    const char* name;
    CallLoad publishing, queueing;
    bool is_chain_bound, wants_more;
  };
  constexpr double kPublish = 0.025, kSend = 0.015;
  for (const Case& c : {
           Case{"nothing waits", {80, 0, kPublish}, {20, 1, kSend}, false, false},
           Case{"a chain beside the other calls", {80, 4, kPublish}, {20, 3, kSend}, false, false},
           Case{"one user's retries", {80, 0, kPublish}, {20, 20, kSend}, true, true},
           Case{"one user on a FIFO topic", {80, 80, kPublish}, {20, 20, kSend}, true, true},
           Case{"seven users on a FIFO topic", {1120, 160, kPublish}, {280, 40, kSend}, true, true},
           Case{"sixteen", {2560, 160, kPublish}, {640, 40, kSend}, false, false},
           Case{"a rate that is slower than the chain", {80, 80, kPublish, 10}, {20, 20, kSend}, false, false},
           Case{"a chain that is long enough", {400, 400, kPublish}, {0, 0, kSend}, true, false},
           Case{"calls so slow that a chunk is long enough", {80, 80, 1}, {20, 20, 1}, true, false},
           Case{"a single call", {1, 1, kPublish}, {0, 0, kSend}, false, false},
           Case{"nothing to send", {0, 0, kPublish}, {0, 0, kSend}, false, false},
       }) {
    EXPECT_EQ(is_chain_bound(c.publishing, c.queueing, 16), c.is_chain_bound) << c.name;
    EXPECT_EQ(wants_more_lines(c.publishing, c.queueing, 16), c.wants_more) << c.name;
  }
}

TEST(ChunkSize, LittleMemoryHoldsFewLines) {
  EXPECT_EQ(most_chunk_growth(0), 1u);
  EXPECT_EQ(most_chunk_growth(128), 8u);
  EXPECT_EQ(most_chunk_growth(512), 32u);
  EXPECT_EQ(most_chunk_growth(1769), kMostChunkGrowth);
}

}  // namespace
}  // namespace ads::batch
