#include "cloud/scheduler/time_zone.h"

#include <fmt/core.h>

#include <charconv>
#include <fstream>
#include <iterator>

namespace ads::cloud::scheduler {
namespace {

constexpr std::size_t kMostKnown = 64;
constexpr std::string_view kDirectory = "/usr/share/zoneinfo/";

// Numbers of a zoneinfo file, most significant byte first; `is_whole` turns false, and stays so, where bytes are
// missing.
struct Reader {
  std::string_view rest;
  bool is_whole = true;

  void skip(std::size_t count) {
    is_whole = is_whole && count <= rest.size();
    rest.remove_prefix(std::min(count, rest.size()));
  }
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    if (size > rest.size()) is_whole = false;
    for (std::size_t i = 0; i < size && i < rest.size(); ++i) value = value << 8 | static_cast<unsigned char>(rest[i]);
    rest.remove_prefix(std::min(size, rest.size()));
    return value;
  }
};

struct Header {
  char version = 0;
  std::size_t utc_flags = 0, standard_flags = 0, leaps = 0, times = 0, types = 0, letters = 0;
};

Header read_header(Reader& in) {
  if (!in.rest.starts_with("TZif")) in.is_whole = false;
  in.skip(4);
  Header header{.version = static_cast<char>(in.number(1))};
  in.skip(15);
  for (auto* count :
       {&header.utc_flags, &header.standard_flags, &header.leaps, &header.times, &header.types, &header.letters})
    *count = in.number(4);
  return header;
}

bool is_zone_name(std::string_view name) {
  return !name.empty() && name.size() <= 50 && !name.starts_with('/') && name.find("..") == name.npos &&
         std::ranges::all_of(name, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' ||
                  c == '+' || c == '/';
         });
}

// A number at the front, taken off.
std::optional<int> take_int(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// "[+-]h[:mm[:ss]]" in seconds.
std::optional<std::int64_t> take_span(std::string_view& text) {
  std::int64_t sign = 1;
  if (text.starts_with('-')) sign = -1;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t total = 0;
  for (const std::int64_t unit : {3600, 60, 1}) {
    const auto value = take_int(text);
    if (!value) return std::nullopt;
    total += *value * unit;
    if (!text.starts_with(':')) break;
    text.remove_prefix(1);
  }
  return sign * total;
}

// "CET" or "<+0330>": the name of an offset, which nobody here asks for.
bool skip_name(std::string_view& text) {
  if (text.starts_with('<')) {
    const auto end = text.find('>');
    if (end == text.npos) return false;
    text.remove_prefix(end + 1);
    return true;
  }
  std::size_t letters = 0;
  while (letters < text.size() && std::isalpha(static_cast<unsigned char>(text[letters]))) ++letters;
  text.remove_prefix(letters);
  return letters > 0;
}

}  // namespace

std::int64_t TimeZone::Yearly::of(std::chrono::year year) const {
  using namespace std::chrono;
  const sys_days day = week == 5 ? sys_days(year / std::chrono::month(month) / std::chrono::weekday(weekday)[last])
                                 : sys_days(year / std::chrono::month(month) / std::chrono::weekday(weekday)[week]);
  return day.time_since_epoch().count() * std::int64_t{86'400} + second;
}

// "CET-1CEST,M3.5.0,M10.5.0/3": the offsets count westwards there.
std::optional<TimeZone::Rule> TimeZone::read_rule(std::string_view text) {
  Rule rule;
  if (!skip_name(text)) return std::nullopt;
  const auto standard = take_span(text);
  if (!standard) return std::nullopt;
  rule.standard = rule.summer = static_cast<std::int32_t>(-*standard);
  if (text.empty()) return rule;
  if (!skip_name(text)) return std::nullopt;
  rule.summer = rule.standard + 3600;
  if (!text.starts_with(',')) {
    const auto summer = take_span(text);
    if (!summer) return std::nullopt;
    rule.summer = static_cast<std::int32_t>(-*summer);
  }
  for (auto* change : {&rule.begins, &rule.ends}) {
    // The other forms of a day, "J60" and "59", stand in no zone of today's tz database.
    if (!text.starts_with(",M")) return std::nullopt;
    text.remove_prefix(2);
    int parts[3] = {};
    for (int i = 0; i < 3; ++i) {
      const auto part = take_int(text);
      if (!part || (i < 2 && !text.starts_with('.'))) return std::nullopt;
      if (i < 2) text.remove_prefix(1);
      parts[i] = *part;
    }
    if (parts[0] < 1 || parts[0] > 12 || parts[1] < 1 || parts[1] > 5 || parts[2] < 0 || parts[2] > 6)
      return std::nullopt;
    Yearly day{static_cast<unsigned>(parts[0]), static_cast<unsigned>(parts[1]), static_cast<unsigned>(parts[2])};
    if (text.starts_with('/')) {
      text.remove_prefix(1);
      const auto second = take_span(text);
      if (!second) return std::nullopt;
      day.second = *second;
    }
    *change = day;
  }
  return rule;
}

Result<TimeZone> TimeZone::from_file(std::string_view bytes) {
  Reader in{bytes};
  const auto corrupt = [] { return fail(ErrorKind::corrupt, "BadTimeZone", "The zoneinfo file can't be read."); };
  const Header old = read_header(in);
  if (!in.is_whole || old.version < '2') return corrupt();
  // The first half has 32-bit times, for readers of the last century.
  in.skip(old.times * 5 + old.types * 6 + old.letters + old.leaps * 8 + old.standard_flags + old.utc_flags);
  const Header header = read_header(in);
  if (!in.is_whole || header.types == 0 || header.times * 9 + header.types * 6 > in.rest.size()) return corrupt();
  std::vector<std::int64_t> seconds(header.times);
  for (auto& second : seconds) second = static_cast<std::int64_t>(in.number(8));
  std::vector<std::size_t> kinds(header.times);
  for (auto& kind : kinds) kind = in.number(1);
  std::vector<std::int32_t> offsets(header.types);
  for (auto& offset : offsets) {
    offset = static_cast<std::int32_t>(in.number(4));
    in.skip(2);
  }
  in.skip(header.letters + header.leaps * 12 + header.standard_flags + header.utc_flags);
  if (!in.is_whole || !in.rest.starts_with('\n')) return corrupt();
  TimeZone zone;
  zone.first_ = offsets[0];
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (kinds[i] >= offsets.size()) return corrupt();
    zone.transitions_.push_back({seconds[i], offsets[kinds[i]]});
  }
  const auto footer = in.rest.substr(1, in.rest.find('\n', 1) - 1);
  if (const auto rule = read_rule(footer)) {
    zone.rule_ = *rule;
  } else {
    // No rule for the years to come: the last offset goes on.
    zone.rule_.standard = zone.rule_.summer = zone.transitions_.empty() ? zone.first_ : zone.transitions_.back().offset;
  }
  return zone;
}

std::int32_t TimeZone::offset_by_rule(std::int64_t second) const {
  if (!rule_.begins || !rule_.ends) return rule_.standard;
  using namespace std::chrono;
  const auto day = floor<days>(sys_seconds(seconds(second + rule_.standard)));
  const auto year = year_month_day(day).year();
  const std::int64_t begins = rule_.begins->of(year) - rule_.standard, ends = rule_.ends->of(year) - rule_.summer;
  const bool is_summer =
      begins < ends ? second >= begins && second < ends : second >= begins || second < ends;  // south of the equator
  return is_summer ? rule_.summer : rule_.standard;
}

std::int32_t TimeZone::offset_at(std::int64_t second) const {
  if (transitions_.empty() || second >= transitions_.back().second) return offset_by_rule(second);
  const auto after = std::ranges::upper_bound(transitions_, second, {}, &Transition::second);
  return after == transitions_.begin() ? first_ : std::prev(after)->offset;
}

LocalSeconds TimeZone::local_at(SystemTime time) const {
  const auto second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return LocalSeconds(std::chrono::seconds(second + offset_at(second)));
}

std::optional<SystemTime> TimeZone::moment_of(LocalSeconds local) const {
  const std::int64_t wall = local.time_since_epoch().count();
  // No zone is more than a day from Greenwich, nor changes twice within two: these are the offsets in question.
  const std::int32_t before = offset_at(wall - 86'400), after = offset_at(wall + 86'400);
  for (const std::int64_t offset : {std::max(before, after), std::min(before, after)}) {
    if (offset_at(wall - offset) == offset) return SystemTime(std::chrono::seconds(wall - offset));
  }
  return std::nullopt;
}

SystemTime TimeZone::moment_at_or_after(LocalSeconds local) const {
  if (const auto moment = moment_of(local)) return *moment;
  const std::int64_t wall = local.time_since_epoch().count();
  std::int64_t early = wall - 86'400 - offset_at(wall - 86'400), late = wall + 86'400 - offset_at(wall + 86'400);
  while (late - early > 1) {
    const auto middle = early + (late - early) / 2;
    (middle + offset_at(middle) < wall ? early : late) = middle;
  }
  return SystemTime(std::chrono::seconds(late));
}

Result<TimeZone> TimeZones::find(std::string_view name) {
  if (name.empty() || name == "UTC") return TimeZone();
  if (const auto found = known_.find(name); found != known_.end()) return found->second;
  if (!is_zone_name(name))
    return fail(ErrorKind::invalid, "BadTimeZone", fmt::format("'{}' is no name of a time zone.", name));
  const auto path = fmt::format("{}{}", kDirectory, name);
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || bytes.empty()) {
    return fail(ErrorKind::not_found, "NoSuchTimeZone",
                fmt::format("There is no time zone '{}' in {}: check the name, and that the package tzdata is there.",
                            name, kDirectory));
  }
  auto zone = TimeZone::from_file(bytes);
  if (!zone) return zone;
  if (known_.size() >= kMostKnown) known_.clear();
  known_.emplace(name, *zone);
  return zone;
}

}  // namespace ads::cloud::scheduler
