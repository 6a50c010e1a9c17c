// A file of users in any of the forms that are read, user by user.
#pragma once
#include <map>
#include <memory>

#include "directory/mapping.h"
#include "directory/text.h"

namespace ads::directory {

enum class UserFormat { detect, csv, json, ldif };
std::string_view to_string(UserFormat format);
// "csv" (csvde's is one), "json" (JSON Lines too), "ldif".
std::optional<UserFormat> parse_user_format(std::string_view name);
// By the first line that says something.
UserFormat detect_user_format(std::string_view beginning);

struct UserReaderOptions {
  UserFormat format = UserFormat::detect;
  Encoding encoding = Encoding::detect;
  std::string map;  // as Mapping::set reads it
  batch::UserKeyForm key_form = batch::UserKeyForm::as_is;
  std::string active = "Active";  // see MappingOptions
};

class UserReader {
 public:
  // Errors: those of the text; invalid / "BadMap", "BadHeader".
  static Result<std::unique_ptr<UserReader>> open(ReadPiece read, UserReaderOptions options);

  struct End {};
  using Step = std::variant<End, ImportedUser, BadEntry>;
  // Entries that are not people are passed over and counted. Errors: those of the readers of entries; nothing further
  // can be read then.
  Result<Step> next();

  UserFormat format() const { return format_; }
  // Where each attribute comes from: "serviceUUID=objectGUID|entryUUID, ...".
  std::string mapping_text() const;
  // How many entries of each class were passed over.
  const std::map<std::string, std::uint64_t>& passed_over() const { return passed_over_; }
  // For the person, at the end.
  std::vector<std::string> remarks() const;

 private:
  UserReader(ReadPiece read, UserReaderOptions options)
      : options_(std::move(options)), text_(std::move(read), options_.encoding) {}
  Result<void> begin();
  Result<void> begin_csv();
  Result<void> choose_mapping(Mapping mapping, MappingOptions::Others others);
  Result<void> choose_for(const Entry& entry);

  UserReaderOptions options_;
  Text text_;
  UserFormat format_ = UserFormat::detect;
  std::unique_ptr<EntryReader> entries_;
  std::optional<Mapping> mapping_;  // of JSON: once the first object is known
  MappingOptions mapping_options_;
  std::map<std::string, std::uint64_t> passed_over_;
  bool has_status_source_ = false, is_status_derived_ = false, has_users_ = false;
};

}  // namespace ads::directory
