#include "cli/run_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "batch/mail.h"
#include "cli/printable.h"
#include "cli/run_table.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

using batch::with_thousands;

constexpr std::size_t kNarrow = 60;
constexpr std::size_t kShortId = 8;
constexpr std::size_t kFileRoom = 37;  // DES_Manually_Processed_DD-MM-YYYY.csv

struct Column {
  const char* title;
  enum class Side { left, right } side;
  int weight;  // those of the least weight go first where there is no room; 0: always there
  std::string (*text)(const RunRow& row);
};

std::string retries_text(const RunRow& row) {
  const auto& stored = row.stored;
  if (row.counters.retry_queued == 0) return "-";
  if (!stored.retries) return with_thousands(row.counters.retry_queued) + " open";
  return stored.retries->dead > 0 ? with_thousands(stored.retries->dead) + " dead" : std::string("done");
}

std::string shards_text(const RunRow& row) {
  const batch::Run& run = row.stored.run;
  auto text = fmt::format("{}/{}", run.shards_done, run.shard_count);
  return run.shards_dead > 0 ? text + fmt::format(" -{}", run.shards_dead) : text;
}

// "2026-12-01 08:30"
std::string started_text(const RunRow& row) {
  auto text = iso8601_seconds(row.stored.run.start).substr(0, 16);
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

constexpr Column kColumns[] = {
    {"STATUS", Column::Side::left, 0, [](const RunRow& row) { return std::string(shown_status(row.stored)); }},
    {"STARTED (UTC)", Column::Side::left, 2, started_text},
    {"RECORDS", Column::Side::right, 4, [](const RunRow& row) { return with_thousands(row.counters.records()); }},
    {"BAD", Column::Side::right, 5, [](const RunRow& row) { return with_thousands(row.counters.quarantined()); }},
    {"RETRIES", Column::Side::left, 3, retries_text},
    {"SHARDS", Column::Side::left, 1, shards_text},
};

std::string file_text(const RunRow& row) {
  return printable(row.stored.run.object.key);
}

// Where it is now.
std::string name_now(const RunRow& row) {
  const batch::Run& run = row.stored.run;
  bool is_renamed = !run.processed_key.empty() && run.status == batch::RunStatus::done;
  return printable(is_renamed ? run.processed_key : run.object.key);
}

std::size_t id_length(const std::vector<RunRow>& rows) {
  std::vector<std::string_view> ids;
  for (const auto& row : rows) ids.push_back(row.stored.run.id);
  std::sort(ids.begin(), ids.end());
  std::size_t length = kShortId;
  for (std::size_t i = 1; i < ids.size(); ++i) {
    auto [a, b] = std::mismatch(ids[i - 1].begin(), ids[i - 1].end(), ids[i].begin(), ids[i].end());
    length = std::max(length, static_cast<std::size_t>(a - ids[i - 1].begin()) + 1);
  }
  return length;
}

std::vector<Line> in_two_lines(const std::vector<RunRow>& rows, std::size_t columns) {
  std::vector<Line> lines;
  for (const auto& row : rows) {
    auto bad = row.counters.quarantined();
    std::string first = fmt::format("{} {} {}{}", row.stored.run.id.substr(0, id_length(rows)),
                                    shown_status(row.stored), with_thousands(row.counters.records()),
                                    bad > 0 ? fmt::format(", {} bad", with_thousands(bad)) : "");
    lines.push_back({cut(first, columns), tone_of(row)});
    lines.push_back({cut("  " + name_now(row), columns), Tone::faint});
  }
  return lines;
}

struct Cells {
  std::string title;
  Column::Side side = Column::Side::left;
  int weight = 0;
  std::vector<std::string> texts;
  std::size_t width() const {
    std::size_t most = width_of(title);
    for (const auto& text : texts) most = std::max(most, width_of(text));
    return most;
  }
};

Cells cells_of(const std::vector<RunRow>& rows, const char* title, Column::Side side, int weight, auto text) {
  Cells cells{title, side, weight, {}};
  for (const auto& row : rows) cells.texts.push_back(text(row));
  return cells;
}

std::string aligned(const std::string& text, std::size_t width, Column::Side side) {
  if (side == Column::Side::left) return padded(text, width);
  auto have = width_of(text);
  return std::string(width > have ? width - have : 0, ' ') + text;
}

}  // namespace

Tone tone_of(const RunRow& row) {
  switch (row.stored.run.status) {
    case batch::RunStatus::done:
      return row.counters.quarantined() > 0 ? Tone::warning : Tone::good;
    case batch::RunStatus::failed:
      return Tone::danger;
    case batch::RunStatus::refused:
      return Tone::warning;
    default:
      return Tone::plain;
  }
}

std::vector<Line> run_list(const std::vector<RunRow>& rows, std::size_t columns) {
  if (columns < kNarrow) return in_two_lines(rows, columns);
  const std::size_t id_columns = columns < kEverything ? id_length(rows) : std::string::npos;
  std::vector<Cells> all{cells_of(rows, "RUN", Column::Side::left, 0,
                                  [&](const RunRow& row) { return row.stored.run.id.substr(0, id_columns); })};
  for (const Column& column : kColumns)
    all.push_back(cells_of(rows, column.title, column.side, column.weight, column.text));
  auto needed = [&] {
    std::size_t sum = 0;
    for (const auto& cells : all) sum += cells.width() + 2;
    return sum;
  };
  // Both names where there is room for them, else the one that the file has now.
  bool has_both = needed() + 2 * kFileRoom + 2 <= columns;
  all.push_back(has_both ? cells_of(rows, "FILE", Column::Side::left, 0, file_text)
                         : cells_of(rows, "FILE (NOW)", Column::Side::left, 0, name_now));
  if (has_both)
    all.push_back(cells_of(rows, "PROCESSED AS", Column::Side::left, 0,
                           [](const RunRow& row) { return printable(row.stored.run.processed_key); }));
  std::size_t file_room = std::min(all.back().width(), kFileRoom);
  auto too_wide = [&] { return needed() - all.back().width() - 2 + file_room > columns; };
  while (too_wide()) {
    auto least = all.end();
    for (auto cells = all.begin(); cells != all.end(); ++cells)
      if (cells->weight > 0 && (least == all.end() || cells->weight < least->weight)) least = cells;
    if (least == all.end()) break;
    all.erase(least);
  }
  std::vector<Line> lines;
  for (std::size_t i = 0; i <= rows.size(); ++i) {
    std::string text;
    for (const auto& cells : all)
      text +=
          (text.empty() ? "" : "  ") + aligned(i == 0 ? cells.title : cells.texts[i - 1], cells.width(), cells.side);
    while (text.ends_with(' ')) text.pop_back();
    lines.push_back({shortened(text, columns), i == 0 ? Tone::faint : tone_of(rows[i - 1])});
  }
  return lines;
}

Result<SystemTime> parse_since(std::string_view text, SystemTime now) {
  std::uint32_t count = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc{} && end == text.data() + text.size() - 1) switch (*end) {
      case 'm':
        return now - std::chrono::minutes(count);
      case 'h':
        return now - std::chrono::hours(count);
      case 'd':
        return now - std::chrono::days(count);
      default:
        break;
    }
  auto moment = parse_iso8601(text.size() == 10 ? std::string(text) + "T00:00:00Z" : std::string(text));
  if (moment) return *moment;
  return fail(ErrorKind::invalid, "BadTime",
              fmt::format("--since {}: it must be like 30m, 12h, 7d, 2026-12-01 or 2026-12-01T08:00:00Z", text));
}

bool has_status(const function::StoredRun& run, std::string_view wanted) {
  if (wanted == "running") return !batch::is_final(run.run.status);
  std::string shown(shown_status(run));
  std::transform(shown.begin(), shown.end(), shown.begin(), [](unsigned char c) { return std::tolower(c); });
  return shown == wanted || (wanted == "failed" && shown == "partial");
}

}  // namespace ads::cli
