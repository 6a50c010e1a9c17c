#include "batch/inspection.h"

#include <fmt/format.h>

#include <array>

#include "batch/decompress.h"
#include "batch/diagnosis.h"
#include "batch/mail.h"

namespace ads::batch {
namespace {

constexpr std::array<std::string_view, 4> kNames{"none", "beginning", "verified", "unverified"};

std::string capitalized(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] -= 'a' - 'A';
  return text;
}

// The first sentence of an error's message: its advice to send the file again is right only where nothing was sent.
std::string cause_of(const Error& error) {
  std::string_view text = error.message;
  text = text.substr(0, text.find(". "));
  if (text.ends_with('.')) text.remove_suffix(1);
  return capitalized(std::string(text));
}

std::string shard_failure(const Error& error) {
  constexpr std::string_view kRest = "what was not processed before that is listed by byte range";
  switch (error.kind) {
    case ErrorKind::not_found:
      return fmt::format("The file was removed while it was being read; {}.", kRest);
    case ErrorKind::conflict:
      return fmt::format(
          "The file was replaced while it was being read; the new file is a run of its own; of the old "
          "one, {}.",
          kRest);
    case ErrorKind::corrupt:
      return fmt::format("{}; {}: do not send the whole file again, it would notify about the others twice.",
                         cause_of(error), kRest);
    default:
      return {};
  }
}

}  // namespace

std::string_view to_string(Inspection inspection) {
  return kNames[static_cast<std::size_t>(inspection)];
}

std::optional<Inspection> parse_inspection(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<Inspection>(i);
  return std::nullopt;
}

struct Inspector::State {
  explicit State(InspectionRules given)
      : rules(given),
        decompressor(given.max_expansion),
        reader(ReadRange::whole(), given.user_key_form),
        beginning(given.lines) {}

  InspectionRules rules;
  Decompressor decompressor;
  BatchReader reader;
  Beginning beginning;
  std::uint64_t content_bytes = 0;
  bool is_finished = false, is_reader_finished = false;
  bool has_beginning = false, is_done = false;
  std::string objection;

  void take_lines();
  void end_content();
  void judge();
  bool needs_more() const { return rules.depth == Depth::whole && decompressor.compression() != Compression::none; }
};

void Inspector::State::take_lines() {
  Line line;
  while (!beginning.is_complete() && reader.next(line) == BatchReader::Step::line) beginning.add(line);
}

// What the reader still holds is the last line.
void Inspector::State::end_content() {
  if (has_beginning || is_reader_finished) return;
  is_reader_finished = true;
  reader.finish();
  take_lines();
}

void Inspector::State::judge() {
  has_beginning = true;
  beginning.set_layout(reader.layout());
  objection = diagnose(beginning, rules.max_bad_percent).value_or("");
  is_done = !objection.empty() || !needs_more();
}

Inspector::Inspector(InspectionRules rules) : state_(std::make_unique<State>(rules)) {}
Inspector::~Inspector() = default;
Inspector::Inspector(Inspector&&) noexcept = default;
Inspector& Inspector::operator=(Inspector&&) noexcept = default;

void Inspector::feed(std::string_view piece) {
  state_->decompressor.feed(piece);
}
void Inspector::finish() {
  state_->is_finished = true;
  state_->decompressor.finish();
}

Inspector::Step Inspector::step() {
  State& s = *state_;
  if (s.is_done) return Step::done;
  auto content = s.decompressor.next();
  if (!content) {
    s.objection = reading_failure(content.error(), 0, 0);
    if (s.objection.empty()) s.objection = capitalized(content.error().message);
    s.is_done = true;
    return Step::done;
  }
  if (content->empty()) {
    if (!s.is_finished) return Step::need_more;
    s.end_content();
    if (!s.beginning.is_complete()) s.beginning.finish();
    if (!s.has_beginning) s.judge();
    s.is_done = true;
    return Step::done;
  }
  if (s.has_beginning) return Step::more;
  std::string_view judged = content->substr(0, kBeginningBytes - s.content_bytes);
  s.content_bytes += judged.size();
  s.reader.feed(judged);
  s.take_lines();
  if (!s.beginning.is_complete() && s.content_bytes >= kBeginningBytes) s.end_content();
  if (s.beginning.is_complete() || s.is_reader_finished) s.judge();
  return s.is_done ? Step::done : Step::more;
}

const std::string& Inspector::objection() const {
  return state_->objection;
}
Inspection Inspector::result() const {
  return state_->needs_more() ? Inspection::verified : Inspection::beginning;
}
Compression Inspector::compression() const {
  return state_->decompressor.compression();
}
bool Inspector::has_beginning() const {
  return state_->has_beginning;
}
const Layout& Inspector::layout() const {
  return state_->reader.layout();
}

std::string reading_failure(const Error& error, std::uint64_t lines, std::uint64_t content_bytes, Portion portion) {
  if (portion == Portion::shard) return shard_failure(error);
  std::string before = fmt::format("lines 1 to {} were processed before that", with_thousands(lines));
  switch (error.kind) {
    case ErrorKind::not_found:
      return lines == 0 ? "The file was removed before a line of it was processed."
                        : fmt::format("The file was removed while it was being read; {}.", before);
    case ErrorKind::conflict:
      return lines == 0 ? "The file was replaced before a line of it was processed; the new file is a run of its own."
                        : fmt::format(
                              "The file was replaced while it was being read; the new file is a run of its own; "
                              "of the old one, {}.",
                              before);
    case ErrorKind::invalid:
      if (error.code != kUnreadableFile) return {};
      [[fallthrough]];
    case ErrorKind::corrupt:
      if (lines == 0) return capitalized(error.message);
      return fmt::format(
          "{}; lines 1 to {} (the first {} bytes of its content) were processed before that: take a sound copy and "
          "send "
          "what follows them as a new file (`tail -n +{}` prints it, and a header belongs above it), because the whole "
          "file again would notify about them twice.",
          cause_of(error), with_thousands(lines), with_thousands(content_bytes), lines + 1);
    default:
      return {};
  }
}

}  // namespace ads::batch
