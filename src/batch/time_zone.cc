#include "batch/time_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "batch/zone_rule.h"
#include "batch/zone_table.h"

namespace ads::batch {
namespace {

// Big-endian numbers of a zoneinfo file; `ok` turns false, and stays so, when the file is too short.
struct BinaryReader {
  std::string_view rest;
  bool ok = true;

  std::string_view bytes(std::size_t count) {
    if (count > rest.size()) {
      ok = false;
      return {};
    }
    auto taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (unsigned char c : bytes(size)) value = value << 8 | c;
    return value;
  }
};

struct TzifHeader {
  char version = 0;
  std::size_t utc_flags, standard_flags, leap_seconds, times, types, characters;
};

// RFC 8536, 3.1
TzifHeader read_header(BinaryReader& in) {
  if (in.bytes(4) != "TZif") in.ok = false;
  TzifHeader header{};
  header.version = static_cast<char>(in.number(1));
  in.bytes(15);
  for (std::size_t* count : {&header.utc_flags, &header.standard_flags, &header.leap_seconds, &header.times,
                             &header.types, &header.characters})
    *count = in.number(4);
  return header;
}

// "+05:30", "-0800", "+02"
std::optional<std::int32_t> parse_fixed_offset(std::string_view text) {
  if (!text.starts_with('+') && !text.starts_with('-')) return std::nullopt;
  std::int32_t sign = text[0] == '-' ? -1 : 1;
  std::string digits;
  for (char c : text.substr(1))
    if (c != ':') digits += c;
  bool has_colon = text.size() == 6 && text[3] == ':';
  if (digits.size() + 1 + (has_colon ? 1 : 0) != text.size() || (digits.size() != 2 && digits.size() != 4))
    return std::nullopt;
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  int hours = std::stoi(digits.substr(0, 2)), minutes = digits.size() == 4 ? std::stoi(digits.substr(2)) : 0;
  if (hours > 14 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

bool is_zone_path(std::string_view name) {
  return !name.empty() && name.size() <= 64 && !name.starts_with('/') && name.find("..") == name.npos &&
         std::ranges::all_of(name, [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' ||
                  c == '+' || c == '/';
         });
}

}  // namespace

std::int32_t TimeZone::offset_at(SystemTime time) const {
  std::int64_t second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  if (transitions_.empty() || second >= transitions_.back().second) return offset_by_rule(rule_, second);
  auto after = std::ranges::upper_bound(transitions_, second, {}, &Transition::second);
  return after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
}

Date TimeZone::date_at(SystemTime time) const {
  return Date{std::chrono::floor<std::chrono::days>(time + std::chrono::seconds{offset_at(time)})};
}

Result<TimeZone> TimeZone::from_rule(std::string_view name, std::string_view rule) {
  auto parsed = parse_zone_rule(rule);
  if (!parsed) return fail(parsed.error());
  TimeZone zone;
  zone.name_ = name;
  zone.rule_ = *parsed;
  return zone;
}

Result<TimeZone> TimeZone::from_tzif(std::string_view name, std::string_view bytes) {
  auto corrupt = [&] {
    return fail(ErrorKind::corrupt, "CorruptZoneFile",
                fmt::format("the zoneinfo file of '{}' does not make sense", name));
  };
  BinaryReader in{bytes};
  TzifHeader old = read_header(in);
  if (!in.ok || old.version < '2') return corrupt();
  // Version 1's block with 32-bit times comes first, and says nothing that the second does not.
  in.bytes(old.times * 5 + old.types * 6 + old.characters + old.leap_seconds * 8 + old.standard_flags + old.utc_flags);
  TzifHeader header = read_header(in);
  BinaryReader times{in.bytes(header.times * 8)}, types{in.bytes(header.times)}, offsets{in.bytes(header.types * 6)};
  in.bytes(header.characters + header.leap_seconds * 12 + header.standard_flags + header.utc_flags);
  if (!in.ok || header.types == 0) return corrupt();

  std::vector<std::int32_t> offset_of;
  for (std::size_t i = 0; i < header.types; ++i) {
    offset_of.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(offsets.number(4))));
    offsets.bytes(2);
  }
  TimeZone zone;
  zone.name_ = name;
  zone.first_offset_ = zone.rule_.standard_offset = offset_of[0];
  for (std::size_t i = 0; i < header.times; ++i) {
    std::size_t type = types.number(1);
    if (type >= offset_of.size()) return corrupt();
    zone.transitions_.push_back({static_cast<std::int64_t>(times.number(8)), offset_of[type]});
  }
  if (!zone.transitions_.empty()) zone.rule_.standard_offset = zone.transitions_.back().offset;
  if (!std::ranges::is_sorted(zone.transitions_, {}, &Transition::second)) return corrupt();

  std::string_view footer = in.rest;
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return corrupt();
  footer = footer.substr(1, footer.size() - 2);
  if (footer.empty()) return zone;
  auto rule = parse_zone_rule(footer);
  if (!rule) return corrupt();
  zone.rule_ = *rule;
  return zone;
}

Result<TimeZone> parse_time_zone(std::string_view name, const ReadZone& read) {
  if (name == "UTC" || name == "Z") return TimeZone{};
  if (auto offset = parse_fixed_offset(name)) {
    // POSIX counts the other way round.
    std::int32_t west = -*offset;
    return TimeZone::from_rule(
        name, fmt::format("<fix>{}{}:{:02}", west < 0 ? "-" : "", std::abs(west) / 3600, std::abs(west) / 60 % 60));
  }
  if (read && is_zone_path(name)) {
    if (auto bytes = read(std::string(name))) {
      // A file that makes no sense is passed over: the compiled rule is as good.
      if (auto zone = TimeZone::from_tzif(name, *bytes)) return zone;
    }
  }
  if (auto rule = compiled_zone_rule(name); !rule.empty()) return TimeZone::from_rule(name, rule);
  // "UTC+1" is a rule as well, and means one hour west: nobody who writes that wants it.
  bool is_deliberate = name.find(',') != name.npos || name.starts_with('<');
  if (auto zone = TimeZone::from_rule(name, name); zone && is_deliberate) return zone;
  return fail(ErrorKind::invalid, "UnknownTimeZone",
              fmt::format("'{}' is not a time zone: give an IANA name (Europe/Rome), an offset (+05:30), a POSIX rule "
                          "(CET-1CEST,M3.5.0,M10.5.0/3) or UTC",
                          name));
}

std::string local_and_utc(SystemTime time, const TimeZone& zone) {
  std::string utc = iso8601_seconds(time);
  std::int32_t offset = zone.offset_at(time);
  if (zone.name() == "UTC" || zone.name() == "Z") return utc;
  std::string local = iso8601_seconds(time + std::chrono::seconds(offset));  // "2026-11-22T17:20:05Z"
  std::string name = zone.name();
  if (name.find_first_of(",<") != name.npos) {
    std::int32_t minutes = std::abs(offset) / 60;
    name = fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
  }
  return fmt::format("{} {} {} ({})", local.substr(0, 10), local.substr(11, 8), name, utc);
}

std::string format_date(Date date) {
  return fmt::format("{:02}-{:02}-{:04}", unsigned(date.day()), unsigned(date.month()), int(date.year()));
}

}  // namespace ads::batch
