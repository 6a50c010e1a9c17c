// One entry of an import as its file has it: names and values, before any meaning is given to them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace ads::directory {

struct Attribute {
  std::string name;                 // without LDAP's options (";lang-de")
  std::uint64_t line = 0;           // where it begins
  std::vector<std::string> values;  // bytes; none where there is nothing
  bool is_one_field = false;        // of a CSV: the values stood in one field, with ';' between them
  // Of a JSON file, instead of values: the member's JSON as the file has it, because a double holds 17 digits of
  // DynamoDB's 38. Empty where there is nothing, or null.
  std::string json;

  bool is_empty() const { return values.empty() && json.empty(); }
};

struct Entry {
  std::uint64_t line = 0;  // where it begins, from 1
  std::string name;        // the DN, where there is one
  std::vector<Attribute> attributes;

  // By batch::same_name: without case, blanks, hyphens and underscores. Null where there is none.
  const Attribute* find(std::string_view attribute) const;
};

// An entry that cannot be read; those that follow can.
struct BadEntry {
  std::uint64_t line = 0;
  std::string name;  // the DN or the id, as far as it is known
  std::string why;
  bool operator==(const BadEntry&) const = default;
};

struct EndOfEntries {};
using EntryStep = std::variant<EndOfEntries, Entry, BadEntry>;

class EntryReader {
 public:
  virtual ~EntryReader() = default;
  // Errors end the reading: those of the text, and invalid where nothing further makes sense.
  virtual Result<EntryStep> next() = 0;
  // Whether a column or member that no rule names is an attribute of the user.
  virtual bool keeps_others() const { return true; }
  // For the person, at the end: "2 references to other servers were not followed".
  virtual std::vector<std::string> remarks() const { return {}; }
};

}  // namespace ads::directory
