// Reads the plain lines of a file, which nearly all are, in one pass each. What it takes for a record, LineParser takes
// for the same record; whatever is out of the ordinary is left to that.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "batch/byte_scan.h"
#include "batch/layout.h"
#include "batch/reader.h"

namespace ads::batch {

class PlainLineReader {
 public:
  PlainLineReader(const Layout& layout, UserKeyForm form);

  // Given the first byte of a line behind the preamble, makes `line` the record that it is: all but offset and length.
  // Gives the bytes of the line with its ending; 0, with `line` as it was, where it is not plain. A line end with
  // kReadAhead bytes behind its first one has to follow. Views in `line` live as long as the bytes, and until the next
  // call.
  std::size_t read(const char* begin, Line& line);

 private:
  enum class Role : unsigned char { status, retry, id, other };
  // What the line says so far.
  struct Found {
    int status = 0, retry = 0;
    std::string_view id;
  };
  // The name of a JSON object's member as earlier lines had it in the same place, with its closing quote.
  struct KnownName {
    Block name{}, mask{};
    std::size_t size = 0;
    Role role = Role::other;
  };

  const char* take_row(const char* p, Found& found) const;
  const char* take_other_columns(const char* p) const;
  const char* take_object(const char* p, Found& found);
  const char* take_member(const char* p, std::size_t place, unsigned& seen, Found& found);
  const char* take_name(const char* p, std::size_t place, Role& role);
  std::size_t finish(const char* begin, const char* end, const Found& found, Line& line);

  Layout layout_;
  UserKeyForm form_;
  UuidText key_;
  char line_end_;

  // Of CSV: roles of the columns up to the last one that counts. No roles: no row is plain.
  std::array<Role, 16> roles_{};
  std::size_t role_count_ = 0;
  // Of JSON Lines.
  std::array<KnownName, 8> names_;
};

}  // namespace ads::batch
