// Makes the invocations that are due: sleeps until the first of them, and is woken when an earlier one is added.
#pragma once
#include <set>
#include <string>

#include "base/task.h"
#include "cloud/environment.h"
#include "cloud/scheduler/book.h"

namespace ads::cloud::scheduler {

// When to try again after so many attempts: 1 s, doubling up to 15 minutes.
std::chrono::seconds pause_after(int attempts);

class Dispatcher {
 public:
  Dispatcher(Environment& environment, Book& book);

  void start();
  // Lets the attempts in work end; what is left is on disk.
  Task<void> stop();
  // Something may be due earlier than was known.
  void wake() { bell_.ring_all(); }
  // Removes a group's schedules page by page, and then the group.
  void remove_group(std::string region, std::string name);

  // One attempt at one delivery; then it is settled, or put back for later. For run(), and for tests.
  Task<void> attempt(Book::Pending pending);

 private:
  Task<void> run();
  Task<void> deliver(Book::Pending pending);
  Task<void> give_up(const Book::Pending& pending, const Schedule& schedule, std::string payload, WireError error,
                     std::string condition, std::string execution_id);
  Task<void> empty_group(std::string region, std::string name);
  void count(const Delivery& delivery, const char* metric);

  Environment& environment_;
  Book& book_;
  Bell bell_;
  TaskGroup tasks_;
  std::set<std::string> in_flight_;
  bool is_stopping_ = false;
};

}  // namespace ads::cloud::scheduler
