// What became of alarms: made, changed, gone over to another state, acted. Kept for 30 days.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "cloud/store.h"

namespace ads::cloud::cloudwatch {

struct HistoryItem {
  SystemTime time;
  std::string alarm;
  std::string type;  // "ConfigurationUpdate", "StateUpdate", "Action"
  std::string summary;
  json::object data;
};

class History {
 public:
  explicit History(Store& store) : store_(store) {}

  void add(Batch& batch, std::string_view region, const HistoryItem& item);

  struct Page {
    SystemTime from, to;
    ScanOrder order = ScanOrder::descending;
    std::string after;  // the key that the last page ended with
    std::size_t most = 100;
  };
  // `next` is the key to go on after; empty: that was all.
  std::vector<HistoryItem> list(std::string_view region, const std::function<bool(const HistoryItem&)>& wanted,
                                const Page& page, std::string& next) const;

 private:
  void forget_old(Batch& batch, std::string_view region, SystemTime now);

  Store& store_;
  std::uint64_t sequence_ = 0;                              // orders what happens within one millisecond
  std::map<std::string, std::int64_t, std::less<>> swept_;  // the day, by region
};

}  // namespace ads::cloud::cloudwatch
