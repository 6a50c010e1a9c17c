// One line's bytes, by the layout of its file, as a record or as a reason why not.
#pragma once
#include <memory>
#include <string_view>

#include "batch/layout.h"
#include "batch/reader.h"

namespace ads::batch {

// Kept for all lines of a file, it allocates nothing for a good CSV line.
class LineParser {
 public:
  LineParser();
  ~LineParser();
  LineParser(LineParser&&) noexcept;
  LineParser& operator=(LineParser&&) noexcept;

  void set_key_form(UserKeyForm form);

  enum class Extent { whole, beginning };  // the line continues behind what is given
  // Sets kind and what belongs to it (record, blank or bad), from `content`: line.text, without a byte-order mark.
  // Views in `line` live until the next call.
  void parse(std::string_view content, Extent extent, const Layout& layout, Line& line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::batch
