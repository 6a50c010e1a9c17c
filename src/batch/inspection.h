// Reads an object before the first effect: is its beginning a batch file's, and is what is compressed whole?
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "batch/beginning.h"
#include "batch/decompress.h"

namespace ads::batch {

// What is known of an object before its lines have their effects. Stored by name.
enum class Inspection {
  none,
  beginning,   // its beginning is a batch file's; one that is compressed was not verified
  verified,    // and it is compressed and was decompressed to its end
  unverified,  // and it is compressed, and too large to be verified, or that took too long
};
std::string_view to_string(Inspection inspection);  // "none", "beginning", "verified", "unverified"
std::optional<Inspection> parse_inspection(std::string_view name);

// Content that is read for the beginning at most: its lines may have any length.
inline constexpr std::uint64_t kBeginningBytes = std::uint64_t{8} << 20;

enum class Depth {
  beginning,
  whole,  // a compressed object to its end
};

struct InspectionRules {
  int max_bad_percent = 50;
  std::uint64_t max_expansion = kMaxExpansion;
  Depth depth = Depth::whole;
  std::size_t lines = kBeginningLines;
  UserKeyForm user_key_form = UserKeyForm::as_is;
};

// Usage:
//   inspector.feed(piece);     // of the object, from its first byte; must stay alive until step() says need_more
//   while ((step = inspector.step()) == Inspector::Step::more) ...;
// and after the last piece inspector.finish(). The same bytes give the same answer. Memory does not depend on sizes.
class Inspector {
 public:
  explicit Inspector(InspectionRules rules);
  ~Inspector();
  Inspector(Inspector&&) noexcept;
  Inspector& operator=(Inspector&&) noexcept;

  void feed(std::string_view piece);
  void finish();
  // Each does a bounded amount of work: at most one block of decompressed content.
  enum class Step { more, need_more, done };
  Step step();

  // Once done: why the object is not to be processed; empty where it is.
  const std::string& objection() const;
  // Once done without an objection: beginning or verified. What Depth::beginning gives for a compressed object is
  // `beginning`.
  Inspection result() const;
  Compression compression() const;
  // The beginning is known: what follows is verification only.
  bool has_beginning() const;
  // How the lines are laid out; once has_beginning().
  const Layout& layout() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Why reading an object ended where no repetition helps, and what to do; empty where a repetition may help. `lines` and
// `content_bytes` had their effects before: then the whole file must not be sent again. A shard knows its own lines
// only: what the others did is in the report.
enum class Portion { file, shard };
std::string reading_failure(const Error& error, std::uint64_t lines, std::uint64_t content_bytes,
                            Portion portion = Portion::file);

}  // namespace ads::batch
