#include "plan/workload.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ads::plan {
namespace {

std::vector<std::string> sorted_users(std::size_t records, std::size_t each) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < records; ++i) out.push_back(std::to_string(i / each));
  return out;
}

std::array<UserSpread, Workload::kSizes> count(const std::vector<std::string>& users) {
  SpreadCount spread;
  for (const std::string& user : users) {
    spread.add_record(user);
    spread.end_line();
  }
  return spread.finish();
}

TEST(Workload, AFileSortedByUserIsCountedAsItIsAssumed) {
  for (std::size_t each : {1, 2, 10, 1000, 2000, 64'000}) {
    auto counted = count(sorted_users(64'000, each)), assumed = Workload::sorted_by_user(each);
    for (std::size_t size = 0; size < counted.size(); ++size) {
      EXPECT_NEAR(counted[size].users, assumed[size].users, 0.01) << each << ", size " << size;
      EXPECT_NEAR(counted[size].most_of_a_user, assumed[size].most_of_a_user, 0.01) << each << ", size " << size;
    }
  }
}

TEST(Workload, WhatIsFarApartMeetsInALargeChunk) {
  std::vector<std::string> users;
  for (int i = 0; i < 32'000; ++i) users.push_back(std::to_string(i % 4000));
  auto counted = count(users);
  EXPECT_EQ(counted[0].most_of_a_user, 1);
  EXPECT_EQ(counted[2].most_of_a_user, 1);
  EXPECT_EQ(counted[3].most_of_a_user, 2);
  EXPECT_EQ(counted[5].most_of_a_user, 8);
  EXPECT_EQ(counted[5].users, 4000);
}

TEST(Workload, AFileSmallerThanAChunkIsTheBeginningOfOne) {
  auto counted = count(sorted_users(100, 2));
  EXPECT_EQ(counted[0].users, 500);
  EXPECT_EQ(counted[0].most_of_a_user, 2);
}

TEST(Workload, PartOfAChunkHasPartOfItsUsers) {
  Workload work;
  work.spread = Workload::sorted_by_user(10);
  EXPECT_EQ(work.spread_within(500).users, 50);
  EXPECT_EQ(work.spread_within(5).most_of_a_user, 5);
  EXPECT_EQ(work.spread_within(32'000).users, 3200);
}

}  // namespace
}  // namespace ads::plan
