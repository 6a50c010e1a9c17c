#include "cloud/cloudwatch/history.h"

#include "cloud/cloudwatch/keys.h"
#include "cloud/operations/timestamp.h"

namespace ads::cloud::cloudwatch {
namespace {

constexpr std::chrono::days kKept{30};

std::string time_key(std::string_view region, SystemTime time) {
  auto out = key({"history", region});
  append_number(out, static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.time_since_epoch().count())));
  return out;
}

// History is text: times as people read them.
json::value readable(const json::value& value) {
  if (const auto* time = operations::as_timestamp(value))
    return json::string(iso8601(SystemTime(std::chrono::milliseconds(time->as_int64()))));
  const auto* object = value.if_object();
  if (object == nullptr) return value;
  json::object out;
  for (const auto& [name, member] : *object) out[name] = readable(member);
  return out;
}

std::optional<HistoryItem> read_item(std::string_view stored) {
  const auto object = parse_json_object(stored);
  const auto* data = object ? get_object(*object, "data") : nullptr;
  if (data == nullptr) return std::nullopt;
  const auto text = [&](std::string_view member) { return std::string(get_string(*object, member).value_or("")); };
  return HistoryItem{SystemTime(std::chrono::milliseconds(get_integer(*object, "time").value_or(0))), text("alarm"),
                     text("type"), text("summary"), *data};
}

}  // namespace

void History::add(Batch& batch, std::string_view region, const HistoryItem& item) {
  auto at = time_key(region, item.time);
  append_number(at, sequence_++);
  batch.put(at, json::serialize(json::object{{"time", item.time.time_since_epoch().count()},
                                             {"alarm", item.alarm},
                                             {"type", item.type},
                                             {"summary", item.summary},
                                             {"data", readable(item.data)}}));
  forget_old(batch, region, item.time);
}

void History::forget_old(Batch& batch, std::string_view region, SystemTime now) {
  const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  auto& swept = swept_[std::string(region)];
  if (swept == day) return;
  swept = day;
  batch.remove_range(key({"history", region}), time_key(region, now - kKept));
}

std::vector<HistoryItem> History::list(std::string_view region, const std::function<bool(const HistoryItem&)>& wanted,
                                       const Page& page, std::string& next) const {
  std::vector<HistoryItem> out;
  next.clear();
  auto from = time_key(region, page.from), to = time_key(region, page.to + std::chrono::milliseconds(1));
  if (!page.after.empty() && page.order == ScanOrder::ascending) from = page.after + '\0';
  if (!page.after.empty() && page.order == ScanOrder::descending) to = page.after;
  std::string last;
  for (auto cursor = store_.scan(from, to, page.order); cursor.valid(); cursor.next()) {
    auto item = read_item(cursor.value());
    if (!item || !wanted(*item)) continue;
    if (out.size() == page.most) {
      next = last;
      break;
    }
    last = cursor.key();
    out.push_back(*std::move(item));
  }
  return out;
}

}  // namespace ads::cloud::cloudwatch
