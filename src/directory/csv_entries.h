// CSV with a header: a table of users as spreadsheets and scripts write it, and Active Directory's csvde.
#pragma once
#include <deque>
#include <memory>

#include "batch/csv.h"
#include "directory/entry.h"
#include "directory/text.h"

namespace ads::directory {

// Separator, spellings and blanks as in a batch file (batch/layout.h), and besides a quoted field may have line breaks:
// addresses do. Of a csvde file (its first column is DN) X'...' is bytes, and ';' separates values.
class CsvEntries : public EntryReader {
 public:
  // Reads the header. Errors: those of the text; invalid / "BadHeader".
  static Result<std::unique_ptr<CsvEntries>> open(Text& text);

  // A row with more fields than the header, or broken quotes, is a BadEntry; one with fewer lacks the last ones.
  Result<EntryStep> next() override;

  const std::vector<std::string>& columns() const { return columns_; }
  bool is_csvde() const { return is_csvde_; }

 private:
  explicit CsvEntries(Text& text) : text_(text) {}
  struct NumberedLine {
    std::string text;
    std::uint64_t number = 0;
  };
  Result<std::optional<NumberedLine>> next_line();
  Result<void> read_header();
  void choose_header(std::string_view line);
  Result<bool> split_row(NumberedLine& row);
  Attribute attribute(std::size_t column, std::uint64_t line) const;

  Text& text_;
  std::deque<NumberedLine> pending_;  // read ahead for a quoted field that then was not closed
  std::vector<std::string> columns_;
  batch::CsvFields fields_;
  char separator_ = ',';
  bool is_csvde_ = false;
};

}  // namespace ads::directory
