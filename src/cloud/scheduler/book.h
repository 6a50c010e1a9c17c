// What is scheduled: groups and schedules in the store, and the index of what is due when. Decides and writes; never
// waits, so that a test can turn it by a clock of its own.
#pragma once
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cloud/scheduler/schedule.h"
#include "cloud/store.h"

namespace ads::cloud::scheduler {

// One invocation on its way to the target. It leaves the store when it was made, or given up: kill -9 repeats it and
// never loses it.
struct Delivery {
  std::string region, group, name;
  SystemTime scheduled;  // the time the schedule was due
  SystemTime since;      // when it was first to be attempted: later by a flexible window's draw
  SystemTime anchor;     // the schedule's: one that was made anew, or given other times, has another
  int attempts = 0;      // made so far
};

std::string write(const Delivery& delivery);
std::optional<Delivery> read_delivery(std::string_view stored);

struct Page {
  std::string after;  // the key that the last page ended with; empty: from the beginning
  std::size_t most = 100;
};

class Book {
 public:
  // `draw` gives a moment within a flexible window: from 0 to below its argument.
  using Draw = std::function<std::chrono::milliseconds(std::chrono::milliseconds)>;
  Book(Store& store, Draw draw) : store_(store), draw_(std::move(draw)) {}

  TimeZones& zones() { return zones_; }

  // The group "default" is always there.
  std::optional<Group> find_group(std::string_view region, std::string_view name) const;
  void put(Batch& batch, std::string_view region, const Group& group) const;
  void remove_group(Batch& batch, std::string_view region, std::string_view name) const;
  // In order of names; `next` is the key to go on after (empty: that was all).
  std::vector<Group> groups(std::string_view region, std::string_view prefix, const Page& page,
                            std::string& next) const;
  // Groups whose removal a crash has interrupted: region and name.
  std::vector<std::pair<std::string, std::string>> groups_in_removal() const;

  std::optional<Schedule> find(std::string_view region, std::string_view group, std::string_view name) const;
  // In order of groups and names; an empty group means all of them.
  std::vector<Schedule> list(std::string_view region, std::string_view group,
                             const std::function<bool(const Schedule&)>& wanted, const Page& page,
                             std::string& next) const;

  // Sets when the schedule is due next, from the clock and from what it was before (nullptr: it is new).
  void plan(Schedule& schedule, const Schedule* before, SystemTime now);
  // Writes a planned schedule in place of `before`.
  void put(Batch& batch, std::string_view region, const Schedule& schedule, const Schedule* before) const;
  void remove(Batch& batch, std::string_view region, const Schedule& schedule) const;

  // Deliveries that wait and the next times of rates come so much earlier. at() and cron() name calendar times: they
  // stay.
  void bring_forward(Batch& batch, std::chrono::milliseconds by);

  // When the first schedule, or the first delivery outside `in_flight`, comes.
  std::optional<SystemTime> next_due() const;
  // Turns what is due into deliveries and plans each schedule's next time; true where more is due than one turn takes.
  // What came to pass several times while nobody looked becomes one delivery, the latest.
  Result<bool> turn(SystemTime now);

  struct Pending {
    std::string key;
    SystemTime due;
    Delivery delivery;
  };
  // The first delivery whose key is not in `in_flight`.
  std::optional<Pending> first_delivery(const std::set<std::string>& in_flight) const;
  // Takes it away: made, or given up. A schedule that is over and wants to be deleted then, is.
  Result<void> settle(const Pending& pending);
  // Puts it back for another attempt.
  Result<void> put_back(const Pending& pending, SystemTime due);

 private:
  Store& store_;
  Draw draw_;
  TimeZones zones_;
};

}  // namespace ads::cloud::scheduler
