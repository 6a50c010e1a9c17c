#include "cli/user_input.h"

#include <memory>
#include <utility>

#include "batch/decompress.h"

namespace ads::cli {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10;

// A repetitive export may shrink much further than a batch file: nothing of it is kept in memory anyway.
constexpr std::uint64_t kMostExpansion = 1'000'000;

}  // namespace

Result<directory::ReadPiece> UserInput::read() {
  if (auto rewound = file_.rewind(); !rewound) return fail(rewound.error());
  struct State {
    batch::Decompressor decompressor{kMostExpansion};
    std::string compressed;
    bool is_at_end = false, is_judged = false;
  };
  auto state = std::make_shared<State>();
  return directory::ReadPiece([this, state]() -> Result<std::string> {
    for (;;) {
      auto content = state->decompressor.next();
      if (!content) return fail(content.error());
      if (!content->empty()) {
        if (!state->is_judged && content->starts_with('<'))
          return fail(ErrorKind::invalid, "NotUsers",
                      "this is XML or a web page: export the users as CSV, JSON or LDIF");
        state->is_judged = true;
        return std::string(*content);
      }
      if (state->is_at_end) return std::string();
      auto piece = file_.read(kPiece);
      if (!piece) return piece;
      state->compressed = std::move(*piece);
      state->is_at_end = state->compressed.empty();
      if (state->is_at_end)
        state->decompressor.finish();
      else
        state->decompressor.feed(state->compressed);
    }
  });
}

}  // namespace ads::cli
