// LDIF (RFC 2849) as ldapsearch, slapcat and ldifde write it: entries, and change records that add one.
#pragma once
#include <functional>
#include <map>

#include "directory/entry.h"
#include "directory/text.h"

namespace ads::directory {

class LdifReader : public EntryReader {
 public:
  // Only values of the attributes that are wanted are kept: the name is given without options.
  using Wants = std::function<bool(std::string_view attribute)>;
  LdifReader(Text& text, Wants wants) : text_(text), wants_(std::move(wants)) {}

  // A change that is not an addition, a value that is elsewhere (":<") and broken lines make a BadEntry. Errors:
  // invalid / "LdifVersion"; unavailable / "IncompleteSearch" where ldapsearch's result says that entries are missing.
  Result<EntryStep> next() override;
  bool keeps_others() const override { return false; }
  std::vector<std::string> remarks() const override;

 private:
  struct Record;
  Result<bool> read_unfolded();
  Result<void> read_record(Record& record);
  Result<void> judge_result(std::string_view value) const;

  Text& text_;
  Wants wants_;
  std::string line_;               // unfolded
  std::uint64_t line_number_ = 0;  // where it begins
  std::string ahead_;              // the first line that is not part of it
  bool has_ahead_ = false;
  std::uint64_t ahead_number_ = 0;
  bool is_first_line_ = true;
  std::uint64_t references_ = 0;
};

}  // namespace ads::directory
