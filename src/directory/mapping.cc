#include "directory/mapping.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "batch/csv.h"
#include "batch/record.h"
#include "batch/user.h"
#include "batch/utf8.h"
#include "directory/account_status.h"
#include "directory/identifier.h"

namespace ads::directory {
namespace {

constexpr std::string_view kObjectClass = "objectClass";

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view each) { return batch::same_name(name, each); });
}

// The attribute's usual spelling, where it is one of a user's; else as it is.
std::string usual_spelling(std::string_view name) {
  for (std::string_view known : batch::kUserAttributes)
    if (batch::same_name(name, known)) return std::string(known);
  return std::string(name);
}

// Bytes that stand for an identifier become its text; postalAddress's "$" (RFC 4517) becomes a comma.
std::string text_of(std::string_view attribute, std::string value) {
  if (is_any_of(attribute, {"objectGUID", "mS-DS-ConsistencyGuid", "msExchMailboxGuid"}))
    if (auto text = guid_text(value)) return std::move(*text);
  if (is_any_of(attribute, {"objectSid"}))
    if (auto text = sid_text(value)) return std::move(*text);
  if (!is_any_of(attribute, {"postalAddress", "homePostalAddress", "registeredAddress"})) return value;
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string_view rest = std::string_view(value).substr(i, 3);
    if (rest == "\\24" || rest == "\\5C" || rest == "\\5c") {
      out += rest == "\\24" ? '$' : '\\';
      i += 2;
    } else if (value[i] == '$') {
      out = std::string(batch::trim(out)) + ", ";
      while (i + 1 < value.size() && value[i + 1] == ' ') ++i;
    } else {
      out += value[i];
    }
  }
  return out;
}

// Values are JSON as text from here on.
std::string as_json(std::string_view text) {
  return json::serialize(json::string_view(text));
}

bool is_empty(std::string_view value) {
  return value.empty() || value == R"("")";
}

// Of a text the text, of anything else its JSON.
std::string plain_text(std::string_view value) {
  if (!value.starts_with('"')) return std::string(value);
  auto parsed = parse_json(value);
  return parsed && parsed->is_string() ? std::string(parsed->get_string()) : std::string(value);
}

struct MappingFailure {
  std::uint64_t line;
  std::string why;
};

class EntryMapper {
 public:
  EntryMapper(const Entry& entry, const Mapping& mapping, const MappingOptions& options)
      : entry_(entry), mapping_(mapping), options_(options) {}

  MappedEntry map() {
    if (auto other = not_a_person()) return NotAPerson{std::move(*other)};
    user_.line = entry_.line;
    user_.name = batch::repair_utf8(entry_.name);
    take_key();
    if (options_.others == MappingOptions::Others::kept) take_others();
    for (const MappingRule& rule : mapping_.rules()) {
      if (failure_ || rule.target == batch::kUserKey || rule.sources.empty()) continue;
      if (rule.target == batch::kUserStatus && std::ranges::any_of(rule.sources, is_account_status))
        take_account_status(rule);
      else
        take(rule);
    }
    if (!failure_) return std::move(user_);
    return BadEntry{failure_->line, user_.name.empty() ? user_.key : user_.name, std::move(failure_->why)};
  }

 private:
  void refuse(std::uint64_t line, std::string why) {
    if (!failure_) failure_ = MappingFailure{line, std::move(why)};
  }

  // LDAP's classes of people; of a csvde file objectClass is the last one alone.
  std::optional<std::string> not_a_person() const {
    const Attribute* classes = entry_.find(kObjectClass);
    if (!classes || classes->values.empty()) return std::nullopt;
    bool is_person = false, is_other = false;
    for (std::string_view each : classes->values) {
      is_person |= is_any_of(each, {"person", "user", "inetOrgPerson", "organizationalPerson", "residentialPerson",
                                    "posixAccount", "account"});
      is_other |= is_any_of(each, {"computer", "contact"});
    }
    if (is_person && !is_other) return std::nullopt;
    return batch::repair_utf8(classes->values.back());
  }

  // The value as JSON; empty where there is none.
  std::string value_of(const Attribute& attribute, bool may_be_list) {
    if (!attribute.json.empty()) return attribute.json;
    if (attribute.values.empty()) return {};
    std::vector<std::string> values;
    for (const std::string& value : attribute.values) {
      std::string text = text_of(attribute.name, value);
      if (auto at = batch::find_invalid_utf8(text); at != text.npos) {
        refuse(attribute.line,
               fmt::format("{}: byte {} (0x{:02X}) of '{}' is not UTF-8: save the file as UTF-8, or say what it is: "
                           "--encoding windows-1252",
                           attribute.name, at + 1, static_cast<unsigned char>(text[at]),
                           batch::shorten(batch::repair_utf8(text), 40)));
        return {};
      }
      values.push_back(std::move(text));
    }
    if (values.size() == 1) return as_json(values[0]);
    if (may_be_list) {
      json::array list;
      for (const std::string& value : values) list.emplace_back(value);
      return json::serialize(list);
    }
    if (!attribute.is_one_field) return as_json(values[0]);
    return as_json(fmt::format("{}", fmt::join(values, ";")));
  }

  // The first source of the rule that has something.
  std::string first_value(const MappingRule& rule, bool may_be_list) {
    for (const std::string& source : rule.sources) {
      if (source.starts_with(':')) return as_json(std::string_view(source).substr(1));
      const Attribute* attribute = entry_.find(source);
      if (!attribute || attribute->is_empty()) continue;
      std::string value = value_of(*attribute, may_be_list);
      if (!is_empty(value)) return value;
    }
    return {};
  }

  void put(const std::string& target, std::string value) {
    user_.stated.insert(target);
    if (!is_empty(value)) user_.attributes.insert_or_assign(target, std::move(value));
  }

  void take_key() {
    const MappingRule* rule = mapping_.rule(batch::kUserKey);
    std::string key = rule ? plain_text(first_value(*rule, false)) : std::string();
    if (failure_) return;
    std::string_view text = batch::trim(key);
    batch::UuidText buffer;
    user_.key = batch::user_key(text, options_.key_form, buffer);
    if (user_.key.empty())
      return refuse(entry_.line, rule && rule->sources.size() > 0
                                     ? fmt::format("no {}", fmt::join(rule->sources, " or "))
                                     : std::string("no serviceUUID"));
    if (!batch::is_service_uuid(user_.key))
      refuse(entry_.line, fmt::format("'{}' cannot be a serviceUUID: that is 1 to 128 of letters, digits, - _ . :",
                                      batch::shorten(user_.key, 60)));
  }

  void take(const MappingRule& rule) {
    bool is_stated = std::ranges::any_of(rule.sources, [&](const std::string& source) {
      return source.starts_with(':') || entry_.find(source) != nullptr;
    });
    bool is_profile = batch::User().field(rule.target) != nullptr || rule.target == batch::kUserStatus;
    // A directory leaves out what has no value; a table of users leaves out what it does not speak of.
    if (is_stated || options_.others == MappingOptions::Others::dropped)
      put(rule.target, first_value(rule, !is_profile));
  }

  void take_others() {
    for (const Attribute& attribute : entry_.attributes) {
      bool is_taken = std::ranges::any_of(mapping_.rules(), [&](const MappingRule& rule) {
        return std::ranges::any_of(
                   rule.sources, [&](const std::string& source) { return batch::same_name(source, attribute.name); }) ||
               batch::same_name(rule.target, attribute.name);
      });
      if (!is_taken && !failure_) put(attribute.name, value_of(attribute, true));
    }
  }

  void take_account_status(const MappingRule& rule) {
    std::optional<AccountStatus> status;
    for (const std::string& source : rule.sources) {
      const Attribute* attribute = entry_.find(source);
      if (source.starts_with(':') || !attribute || attribute->is_empty()) continue;
      std::string value = value_of(*attribute, false);
      if (failure_) return;
      std::string text = plain_text(value);
      if (!is_account_status(source)) return put(rule.target, std::move(value));
      auto said = account_status(source, text);
      if (!said) return refuse(attribute->line, said.error().message);
      if (*said && (!status || *status == AccountStatus::active)) status = **said;
    }
    auto literal =
        std::ranges::find_if(rule.sources, [](const std::string& source) { return source.starts_with(':'); });
    if (!status && literal != rule.sources.end())
      return put(rule.target, as_json(std::string_view(*literal).substr(1)));
    bool is_of_active_directory = entry_.find("objectGUID") != nullptr;
    bool expects_control = std::ranges::any_of(
        rule.sources, [](const std::string& source) { return batch::same_name(source, "userAccountControl"); });
    if (!status && is_of_active_directory && expects_control)
      return refuse(entry_.line,
                    "no userAccountControl: whether the account is disabled is not known (export it too, or say "
                    "--map status=:Active)");
    std::string_view word = to_string(status.value_or(AccountStatus::active));
    put(rule.target, as_json(status.value_or(AccountStatus::active) == AccountStatus::active ? options_.active : word));
  }

  const Entry& entry_;
  const Mapping& mapping_;
  const MappingOptions& options_;
  ImportedUser user_;
  std::optional<MappingFailure> failure_;
};

}  // namespace

Mapping Mapping::plain() {
  Mapping mapping;
  for (std::string_view name : batch::kUserAttributes)
    mapping.rules_.push_back({std::string(name), {std::string(name)}});
  return mapping;
}

Mapping Mapping::directory() {
  Mapping mapping;
  mapping.rules_ = {
      {"serviceUUID", {"objectGUID", "entryUUID", "ipaUniqueID", "nsUniqueId"}},
      {"status", {"userAccountControl", "pwdAccountLockedTime", "nsAccountLock", "Enabled", "accountEnabled"}},
      {"firstName", {"givenName"}},
      {"lastName", {"sn", "surname"}},
      {"detailedAddress", {"streetAddress", "street", "postalAddress"}},
  };
  return mapping;
}

Result<void> Mapping::set(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t comma = std::min(text.find(',', at), text.size());
    std::string_view part = batch::trim(text.substr(at, comma - at));
    at = comma + 1;
    if (part.empty()) continue;
    std::size_t equals = part.find('=');
    std::string_view target = batch::trim(part.substr(0, equals));
    if (equals == part.npos || target.empty())
      return fail(ErrorKind::invalid, "BadMap",
                  fmt::format("'{}' is not of the form attribute=source, such as serviceUUID=objectGUID", part));
    MappingRule rule{usual_spelling(target), {}};
    std::string_view sources = part.substr(equals + 1);
    for (std::size_t begin = 0; begin <= sources.size();) {
      std::size_t bar = std::min(sources.find('|', begin), sources.size());
      std::string_view source = batch::trim(sources.substr(begin, bar - begin));
      if (!source.empty()) rule.sources.emplace_back(source);
      begin = bar + 1;
    }
    if (rule.target == batch::kUserKey && rule.sources.empty())
      return fail(ErrorKind::invalid, "BadMap", "serviceUUID needs a source: it is the key of a user");
    auto found = std::ranges::find(rules_, rule.target, &MappingRule::target);
    if (found == rules_.end())
      rules_.push_back(std::move(rule));
    else
      *found = std::move(rule);
  }
  return {};
}

const MappingRule* Mapping::rule(std::string_view target) const {
  auto found = std::ranges::find(rules_, target, &MappingRule::target);
  return found == rules_.end() ? nullptr : &*found;
}

bool Mapping::wants(std::string_view attribute) const {
  if (is_any_of(attribute, {kObjectClass, "objectGUID"})) return true;
  for (const MappingRule& rule : rules_)
    for (const std::string& source : rule.sources)
      if (batch::same_name(source, attribute)) return true;
  return false;
}

MappedEntry map_entry(const Entry& entry, const Mapping& mapping, const MappingOptions& options) {
  return EntryMapper(entry, mapping, options).map();
}

}  // namespace ads::directory
