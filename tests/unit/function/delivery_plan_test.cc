// Which entries share a call, which call waits for which, and what that costs.
#include "function/delivery_plan.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace ads::function {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum DeliveryOrder;
using batch::PackLimits;

std::vector<BatchEntry> entries_of(std::initializer_list<std::string_view> users, std::size_t size = 100) {
  std::vector<BatchEntry> out;
  for (std::string_view user : users) out.push_back({user, user, size});
  return out;
}

// `users` has to outlive them.
std::vector<BatchEntry> entries_of(const std::vector<std::string>& users) {
  std::vector<BatchEntry> out;
  for (const std::string& user : users) out.push_back({user, user, 100});
  return out;
}

// Calls by their depth: the longest chain that ends with each.
std::size_t longest_chain(const DeliveryPlan& plan) {
  std::vector<std::size_t> waits, depth(plan.calls.size(), 1), ready;
  for (const auto& call : plan.calls) waits.push_back(call.waits_for);
  for (std::size_t i = 0; i < waits.size(); ++i)
    if (waits[i] == 0) ready.push_back(i);
  std::size_t longest = 0, seen = 0;
  for (; !ready.empty(); ++seen) {
    std::size_t call = ready.back();
    ready.pop_back();
    longest = std::max(longest, depth[call]);
    for (std::size_t follower : plan.calls[call].followed_by) {
      depth[follower] = std::max(depth[follower], depth[call] + 1);
      if (--waits[follower] == 0) ready.push_back(follower);
    }
  }
  EXPECT_EQ(seen, plan.calls.size()) << "calls that wait for each other in turn";
  return longest;
}

// Every entry once, within the limits, and each user's in order: in one call, or in calls that wait.
void check(const DeliveryPlan& plan, const std::vector<BatchEntry>& entries, PackLimits limits, DeliveryOrder order) {
  std::vector<std::size_t> call_of(entries.size(), SIZE_MAX);
  for (std::size_t position : plan.oversize) call_of[position] = SIZE_MAX - 1;
  for (std::size_t i = 0; i < plan.calls.size(); ++i) {
    const auto& positions = plan.calls[i].positions;
    ASSERT_FALSE(positions.empty());
    ASSERT_LE(positions.size(), limits.entries);
    EXPECT_TRUE(std::ranges::is_sorted(positions));
    std::size_t bytes = 0;
    for (std::size_t position : positions) {
      ASSERT_EQ(call_of[position], SIZE_MAX) << "entry " << position << " twice";
      call_of[position] = i;
      bytes += entries[position].size;
    }
    EXPECT_LE(bytes, limits.bytes);
    if (i > 0) {
      EXPECT_LT(plan.calls[i - 1].positions.front(), positions.front());
    }
  }
  EXPECT_THAT(call_of, testing::Not(testing::Contains(SIZE_MAX)));
  std::map<std::string_view, std::size_t> last;
  for (std::size_t position = 0; position < entries.size() && order != none; ++position) {
    if (call_of[position] == SIZE_MAX - 1) continue;
    auto [previous, is_first] = last.try_emplace(entries[position].user, call_of[position]);
    if (!is_first && order == strict) {
      EXPECT_NE(previous->second, call_of[position]);
    }
    if (!is_first && previous->second != call_of[position])
      EXPECT_THAT(plan.calls[previous->second].followed_by, testing::Contains(call_of[position]));
    previous->second = call_of[position];
  }
  for (const auto& call : plan.calls)
    if (order == none) EXPECT_EQ(call.waits_for, 0u);
  longest_chain(plan);
}

TEST(DeliveryPlan, FillsCallsInOrder) {
  for (DeliveryOrder order : {none, per_user, strict}) {
    auto list = entries_of({"a", "b", "c", "d", "e"});
    auto plan = plan_delivery(list, {2, 1000}, order);
    ASSERT_EQ(plan.calls.size(), 3u);
    EXPECT_THAT(plan.calls[0].positions, ElementsAre(0, 1));
    EXPECT_THAT(plan.calls[2].positions, ElementsAre(4));
    for (auto& call : plan.calls) EXPECT_EQ(call.waits_for, 0u);
  }
}

TEST(DeliveryPlan, CountsBytes) {
  auto list = entries_of({"a", "b", "c"}, 60);
  for (DeliveryOrder order : {none, per_user, strict}) {
    EXPECT_EQ(plan_delivery(list, {10, 120}, order).calls.size(), 2u);
    EXPECT_EQ(plan_delivery(list, {10, 119}, order).calls.size(), 3u);
  }
}

TEST(DeliveryPlan, WithoutAnOrderUsersDoNotMatter) {
  auto list = entries_of({"a", "a", "a", "a"});
  auto plan = plan_delivery(list, {3, 1000}, none);
  ASSERT_EQ(plan.calls.size(), 2u);
  EXPECT_THAT(plan.calls[0].positions, ElementsAre(0, 1, 2));
  EXPECT_EQ(plan.calls[1].waits_for, 0u);
}

TEST(DeliveryPlan, AUsersEntriesShareACallAndTheNextOneWaits) {
  auto list = entries_of({"a", "b", "a", "a", "b", "a"});
  auto plan = plan_delivery(list, {3, 1000}, per_user);
  check(plan, list, {3, 1000}, per_user);
  ASSERT_EQ(plan.calls.size(), 2u);
  EXPECT_THAT(plan.calls[0].positions, ElementsAre(0, 2, 3));
  EXPECT_THAT(plan.calls[1].positions, ElementsAre(1, 4, 5));
  EXPECT_THAT(plan.calls[0].followed_by, ElementsAre(1));
  EXPECT_EQ(plan.calls[1].waits_for, 1u);
}

TEST(DeliveryPlan, StrictlyNoUserIsTwiceInACall) {
  auto list = entries_of({"a", "a", "b", "a", "b"});
  auto plan = plan_delivery(list, {10, 1000}, strict);
  check(plan, list, {10, 1000}, strict);
  ASSERT_EQ(plan.calls.size(), 3u);
  EXPECT_THAT(plan.calls[0].positions, ElementsAre(0, 2));
  EXPECT_THAT(plan.calls[1].positions, ElementsAre(1, 4));
  EXPECT_THAT(plan.calls[2].positions, ElementsAre(3));
}

TEST(DeliveryPlan, WhatNoCallTakesIsOversize) {
  std::vector<BatchEntry> list{{"a", "1", 50}, {"b", "2", 5000}, {"c", "3", 50}};
  for (DeliveryOrder order : {none, per_user, strict}) {
    auto plan = plan_delivery(list, {10, 1000}, order);
    EXPECT_THAT(plan.oversize, ElementsAre(1));
    ASSERT_EQ(plan.calls.size(), 1u);
    EXPECT_THAT(plan.calls[0].positions, ElementsAre(0, 2));
    EXPECT_THAT(plan_delivery({}, {10, 1000}, order).calls, IsEmpty());
  }
}

TEST(DeliveryPlan, KeepsEveryPromiseForAnyUsersAndSizes) {
  std::minstd_rand random(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> users;
    for (std::size_t i = 0, count = random() % 200, all = 1 + random() % 40; i < count; ++i)
      users.push_back(fmt::format("u{}", random() % all));
    if (round % 2) std::ranges::sort(users);
    auto list = entries_of(users);
    for (auto& entry : list) entry.size = 1 + random() % (round % 3 ? 100 : 1100);
    PackLimits limits{1 + random() % 10, 1000};
    for (DeliveryOrder order : {none, per_user, strict}) check(plan_delivery(list, limits, order), list, limits, order);
  }
}

// One thousand lines, every user with so many of them, one after the other or mixed; a part of them is retried and goes
// elsewhere.
TEST(DeliveryPlan, CallsARecordWhateverTheOrderOfUsers) {
  struct Case {
    const char* name;
    std::size_t per_user_count;
    double retried;
  };
  for (bool is_sorted : {true, false})
    for (const Case& c : {Case{"1 each", 1, 0},
                          {"2 each", 2, 0},
                          {"3 each", 3, 0},
                          {"6 each", 6, 0},
                          {"7 each", 7, 0},
                          {"9 each", 9, 0},
                          {"10 each", 10, 0},
                          {"13 each", 13, 0},
                          {"2,000 each", 2000, 0},
                          {"1 each, 503s", 1, 0.2},
                          {"2 each, 503s", 2, 0.2},
                          {"7 each, 503s", 7, 0.2},
                          {"10 each, 503s", 10, 0.2},
                          {"2,000 each, 503s", 2000, 0.2}}) {
      std::minstd_rand random(11);
      std::vector<std::string> users;
      for (std::size_t i = 0; i < 1000; ++i) users.push_back(fmt::format("u{}", i / c.per_user_count));
      if (!is_sorted) std::shuffle(users.begin(), users.end(), random);
      std::vector<std::string> looked_up, retried;
      for (auto& user : users) (random() % 1000 < c.retried * 1000 ? retried : looked_up).push_back(user);
      for (DeliveryOrder order : {none, per_user}) {
        std::size_t calls = 0, chain = 0;
        for (const auto& part : {looked_up, retried}) {
          auto list = entries_of(part);
          auto plan = plan_delivery(list, batch::kPublishBatch, order);
          check(plan, list, batch::kPublishBatch, order);
          calls += plan.calls.size();
          chain = std::max(chain, longest_chain(plan));
        }
        std::size_t shortest = (std::min<std::size_t>(c.per_user_count, 1000) + 9) / 10;
        EXPECT_LE(static_cast<double>(calls) / 1000, 0.13) << c.name;
        EXPECT_LE(chain, order == none ? 1 : shortest + 1) << c.name;
        if (order == per_user && is_sorted)
          fmt::print("sorted by user, {:<17} {:.3f} calls a record, longest chain {}\n", c.name,
                     static_cast<double>(calls) / 1000, chain);
      }
    }
}

TEST(DeliveryPlan, StrictOrderTakesOneCallForTenWhereThereAreTenUsers) {
  for (std::size_t each : {1, 2, 10, 100}) {
    std::vector<std::string> users;
    for (std::size_t i = 0; i < 1000; ++i) users.push_back(fmt::format("u{}", i / each));
    auto list = entries_of(users);
    auto plan = plan_delivery(list, batch::kPublishBatch, strict);
    check(plan, list, batch::kPublishBatch, strict);
    EXPECT_EQ(plan.calls.size(), 100u) << each;
    EXPECT_LE(longest_chain(plan), each + 1) << each;
  }
}

}  // namespace
}  // namespace ads::function
