// What happens by itself: expired items go, and new indexes are filled with the items that were there before.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/task.h"
#include "cloud/dynamodb/catalog.h"

namespace ads::cloud::dynamodb {

class Background {
 public:
  Background(asio::any_io_executor executor, Store& store, Catalog& catalog, Clock& clock)
      : store_(store), catalog_(catalog), clock_(clock), bell_(executor) {}

  // Works in slices until cancelled; sleeps until the next expiry, or until ring().
  Task<void> run();
  void ring() { bell_.ring_all(); }

  // One slice of a few hundred items. False where nothing is due now. Errors: unavailable; the slice is repeated later.
  Result<bool> step();

 private:
  Result<bool> fill_index(Table& table, Index& index);
  Result<bool> enter_expiries(Table& table);
  Result<bool> expire(Table& table);
  std::optional<std::uint64_t> next_expiry(Table& table) const;
  std::chrono::milliseconds until_next() const;

  Store& store_;
  Catalog& catalog_;
  Clock& clock_;
  Bell bell_;
  // How far a walk over a table's items has come, by the number of the index (or of the table, for expiries).
  // Lost on a restart: the walk then begins anew and changes nothing twice.
  std::map<std::uint64_t, std::string> positions_;
};

}  // namespace ads::cloud::dynamodb
