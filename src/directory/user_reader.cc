#include "directory/user_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "batch/csv.h"
#include "batch/user.h"
#include "batch/utf8.h"
#include "directory/account_status.h"
#include "directory/csv_entries.h"
#include "directory/json_entries.h"
#include "directory/ldif.h"

namespace ads::directory {
namespace {

using Others = MappingOptions::Others;

bool has_name(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(names, [&](const std::string& each) { return batch::same_name(each, name); });
}

// Is one of them what a directory knows a person by?
bool are_of_a_directory(const std::vector<std::string>& names) {
  static const Mapping directory = Mapping::directory();
  if (has_name(names, batch::kUserKey)) return false;
  return std::ranges::any_of(directory.rule(batch::kUserKey)->sources,
                             [&](const std::string& source) { return has_name(names, source); });
}

}  // namespace

std::string_view to_string(UserFormat format) {
  switch (format) {
    case UserFormat::csv:
      return "csv";
    case UserFormat::json:
      return "json";
    case UserFormat::ldif:
      return "ldif";
    case UserFormat::detect:
      break;
  }
  return "detect";
}

std::optional<UserFormat> parse_user_format(std::string_view name) {
  if (name == "csv" || name == "csvde") return UserFormat::csv;
  if (name == "json" || name == "jsonl") return UserFormat::json;
  if (name == "ldif") return UserFormat::ldif;
  return std::nullopt;
}

UserFormat detect_user_format(std::string_view beginning) {
  std::string_view rest = beginning;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    std::string_view line = batch::trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    if (line.starts_with('{') || line.starts_with('[')) return UserFormat::json;
    if (batch::same_name(line, "# extended LDIF")) return UserFormat::ldif;
    if (line.starts_with('#')) continue;
    std::string_view name = line.substr(0, line.find(':'));
    bool is_ldif = name.size() < line.size() && (batch::same_name(name, "dn") || batch::same_name(name, "version") ||
                                                 batch::same_name(name, "search") || batch::same_name(name, "ref"));
    return is_ldif ? UserFormat::ldif : UserFormat::csv;
  }
  return UserFormat::csv;
}

namespace {

// Its lines would replace users by ids alone.
Result<void> refuse_batch_file(const std::vector<std::string>& names) {
  if (!has_name(names, "statusCode") || !has_name(names, "retryCount")) return {};
  return fail(ErrorKind::invalid, "NotUsers",
              "this is a batch file, not one of users: `ads check` and `ads submit` are for it");
}

}  // namespace

Result<std::unique_ptr<UserReader>> UserReader::open(ReadPiece read, UserReaderOptions options) {
  std::unique_ptr<UserReader> reader(new UserReader(std::move(read), std::move(options)));
  if (auto begun = reader->begin(); !begun) return fail(begun.error());
  return reader;
}

Result<void> UserReader::choose_mapping(Mapping mapping, Others others) {
  if (auto set = mapping.set(options_.map); !set) return set;
  const MappingRule* status = mapping.rule(batch::kUserStatus);
  is_status_derived_ = status && std::ranges::any_of(status->sources, is_account_status) &&
                       std::ranges::none_of(status->sources, [](auto& source) { return source.starts_with(':'); });
  mapping_ = std::move(mapping);
  mapping_options_ = {options_.key_form, options_.active, others};
  return {};
}

Result<void> UserReader::begin() {
  // A wrong --map is said before anything is read.
  if (auto set = Mapping::plain().set(options_.map); !set) return set;
  auto beginning = text_.beginning();
  if (!beginning) return fail(beginning.error());
  format_ = options_.format == UserFormat::detect ? detect_user_format(*beginning) : options_.format;
  switch (format_) {
    case UserFormat::ldif:
      if (auto chosen = choose_mapping(Mapping::directory(), Others::dropped); !chosen) return chosen;
      entries_ = std::make_unique<LdifReader>(text_, [this](std::string_view name) { return mapping_->wants(name); });
      return {};
    case UserFormat::json:
      entries_ = std::make_unique<JsonEntries>(text_);
      return {};
    case UserFormat::csv:
    case UserFormat::detect:
      break;
  }
  return begin_csv();
}

Result<void> UserReader::begin_csv() {
  auto csv = CsvEntries::open(text_);
  if (!csv) return fail(csv.error());
  const auto& columns = (*csv)->columns();
  if (auto users = refuse_batch_file(columns); !users) return users;
  bool is_directory = (*csv)->is_csvde() || are_of_a_directory(columns);
  auto chosen = is_directory ? choose_mapping(Mapping::directory(), Others::dropped)
                             : choose_mapping(Mapping::plain(), Others::kept);
  if (!chosen) return chosen;
  const auto& sources = mapping_->rule(batch::kUserKey)->sources;
  bool has_key = std::ranges::any_of(sources, [&](const std::string& each) { return has_name(columns, each); });
  if (!has_key && !columns.empty())
    return fail(
        ErrorKind::invalid, "BadHeader",
        fmt::format("no column is {}: the first line has {}. Name the column that identifies a user: --map "
                    "serviceUUID=COLUMN",
                    fmt::join(sources, " or "), batch::shorten(fmt::format("{}", fmt::join(columns, ", ")), 200)));
  entries_ = std::move(*csv);
  return {};
}

Result<void> UserReader::choose_for(const Entry& entry) {
  std::vector<std::string> names;
  for (const Attribute& attribute : entry.attributes) names.push_back(attribute.name);
  if (auto users = refuse_batch_file(names); !users) return users;
  return are_of_a_directory(names) ? choose_mapping(Mapping::directory(), Others::dropped)
                                   : choose_mapping(Mapping::plain(), Others::kept);
}

Result<UserReader::Step> UserReader::next() {
  for (;;) {
    auto step = entries_->next();
    if (!step) return fail(step.error());
    if (std::holds_alternative<EndOfEntries>(*step)) return Step(End{});
    if (auto* bad = std::get_if<BadEntry>(&*step)) {
      bad->name = batch::repair_utf8(bad->name);
      bad->why = batch::repair_utf8(bad->why);
      return Step(std::move(*bad));
    }
    const Entry& entry = std::get<Entry>(*step);
    if (!mapping_)
      if (auto chosen = choose_for(entry); !chosen) return fail(chosen.error());
    auto mapped = map_entry(entry, *mapping_, mapping_options_);
    if (auto* other = std::get_if<NotAPerson>(&mapped)) {
      ++passed_over_[other->object_class];
      continue;
    }
    if (auto* bad = std::get_if<BadEntry>(&mapped)) return Step(std::move(*bad));
    has_users_ = true;
    for (const Attribute& attribute : entry.attributes)
      has_status_source_ |= !attribute.is_empty() && is_account_status(attribute.name);
    return Step(std::move(std::get<ImportedUser>(mapped)));
  }
}

std::string UserReader::mapping_text() const {
  std::string text;
  if (!mapping_) return text;
  for (const MappingRule& rule : mapping_->rules())
    if (!rule.sources.empty())
      text += fmt::format("{}{}={}", text.empty() ? "" : ",", rule.target, fmt::join(rule.sources, "|"));
  return text;
}

std::vector<std::string> UserReader::remarks() const {
  std::vector<std::string> out;
  if (entries_) out = entries_->remarks();
  if (!passed_over_.empty()) {
    std::string classes;
    std::uint64_t count = 0;
    for (const auto& [name, each] : passed_over_) {
      classes += fmt::format("{}{} {}", classes.empty() ? "" : ", ", each, name);
      count += each;
    }
    out.push_back(fmt::format("{} {} not people and were passed over: {}", count,
                              count == 1 ? "entry is" : "entries are", batch::shorten(classes, 200)));
  }
  if (is_status_derived_ && has_users_ && !has_status_source_)
    out.push_back(
        "no entry says whether its account is locked or disabled, so all count as active. OpenLDAP gives "
        "pwdAccountLockedTime only when it is asked for (by name, or '+')");
  return out;
}

}  // namespace ads::directory
