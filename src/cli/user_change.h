// What an import means for one user's item in the table: decided over values.
#pragma once
#include <string>
#include <vector>

#include "aws/dynamodb/attribute_value.h"
#include "base/result.h"
#include "directory/mapping.h"

namespace ads::cli {

struct UserItem {
  aws::dynamodb::Item item;         // the key included
  std::vector<std::string> absent;  // attributes that the file speaks of and has nothing for
};
// Errors: invalid / "NotStorable" for what DynamoDB cannot hold: a number, a depth, more than 400 KB.
Result<UserItem> user_item(const directory::ImportedUser& user);

enum class ExistingUser {
  replaced,  // the item becomes the file's
  merged,    // only what the file speaks of changes
};
// Whether text of the file may stand for a number or a BOOL of the table: CSV and LDIF have nothing but text.
enum class FileTypes { only_text, any };

struct UserChange {
  enum class Kind { none, added, changed } kind = Kind::none;
  std::vector<std::string> set, removed;  // of a changed user: names of attributes that differ
};
// `present` is null where the table has no such user.
UserChange compare(const UserItem& user, const aws::dynamodb::Item* present, ExistingUser existing, FileTypes types);

}  // namespace ads::cli
