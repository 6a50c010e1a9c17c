// Which attribute of a directory becomes which attribute of a user.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "batch/user_key.h"
#include "directory/entry.h"

namespace ads::directory {

struct MappingRule {
  std::string target;                // the user's attribute
  std::vector<std::string> sources;  // the first that has a value counts; for a directory's status see below
};

class Mapping {
 public:
  // The user's own names: serviceUUID, status, firstName, lastName, detailedAddress, lastPingedLocation.
  static Mapping plain();
  // Those of Active Directory, OpenLDAP and their like: objectGUID or entryUUID, givenName, sn, streetAddress, and the
  // status from userAccountControl's bit 2 (disabled), pwdAccountLockedTime, nsAccountLock, Enabled.
  static Mapping directory();

  // "serviceUUID=objectGUID,lastPingedLocation=l": the targets that are named have these sources instead. "|" is
  // between sources, a source ":text" is that text for every user, nothing after "=" drops the target. Errors: invalid
  // / "BadMap".
  Result<void> set(std::string_view text);

  const std::vector<MappingRule>& rules() const { return rules_; }
  const MappingRule* rule(std::string_view target) const;
  // Whether a rule takes from that attribute, or whether an entry is a user at all depends on it.
  bool wants(std::string_view attribute) const;

 private:
  std::vector<MappingRule> rules_;
};

// A user as the table is to have it.
struct ImportedUser {
  std::uint64_t line = 0;
  std::string name;                               // the DN, where there is one
  std::string key;                                // serviceUUID
  std::map<std::string, std::string> attributes;  // as JSON, without the key; none is null or an empty text
  std::set<std::string> stated;                   // those the file speaks of, also where it has nothing for this user
};

// An entry that is not a person: "organizationalUnit".
struct NotAPerson {
  std::string object_class;
};

struct MappingOptions {
  batch::UserKeyForm key_form = batch::UserKeyForm::as_is;  // how the table spells UUIDs
  std::string active = "Active";  // the status of an account that is neither disabled nor locked
  enum class Others { dropped, kept } others = Others::dropped;  // attributes that no rule takes from
};

using MappedEntry = std::variant<ImportedUser, NotAPerson, BadEntry>;
MappedEntry map_entry(const Entry& entry, const Mapping& mapping, const MappingOptions& options);

}  // namespace ads::directory
