#include "directory/text.h"

#include <fmt/format.h>

namespace ads::directory {
namespace {

constexpr std::size_t kBeginning = std::size_t{64} << 10;
constexpr char kDosEnd = '\x1a';

}  // namespace

Result<void> Text::read_more() {
  if (taken_ > 0) {
    buffer_.erase(0, taken_);
    searched_ -= taken_;
    taken_ = 0;
  }
  auto piece = read_();
  if (!piece) return fail(piece.error());
  if (!piece->empty()) {
    decoder_.decode(*piece, buffer_);
    return {};
  }
  decoder_.finish(buffer_);
  is_complete_ = true;
  if (buffer_.ends_with(kDosEnd)) buffer_.pop_back();
  return {};
}

Result<std::string_view> Text::beginning() {
  while (!is_complete_ && buffer_.size() - taken_ < kBeginning)
    if (auto more = read_more(); !more) return fail(more.error());
  return std::string_view(buffer_).substr(taken_, kBeginning);
}

Result<std::optional<std::string_view>> Text::next_line() {
  if (line_end_ == 0) {
    auto start = beginning();
    if (!start) return fail(start.error());
    bool is_cr = start->find('\n') == start->npos && start->find('\r') != start->npos;
    line_end_ = is_cr ? '\r' : '\n';
  }
  std::size_t end = 0;
  while ((end = buffer_.find(line_end_, searched_)) == buffer_.npos) {
    searched_ = buffer_.size();
    if (is_complete_) break;
    if (buffer_.size() - taken_ > kLongestLine)
      return fail(ErrorKind::invalid, "LineTooLong",
                  fmt::format("line {} has more than {} bytes", line_number_ + 1, kLongestLine));
    if (auto more = read_more(); !more) return fail(more.error());
  }
  if (end == buffer_.npos && taken_ == buffer_.size()) return std::optional<std::string_view>{};
  std::string_view line = std::string_view(buffer_).substr(taken_, end - taken_);
  taken_ = end == buffer_.npos ? buffer_.size() : end + 1;
  searched_ = taken_;
  while (line.ends_with('\r')) line.remove_suffix(1);
  ++line_number_;
  return std::optional(line);
}

Result<std::string_view> Text::next_piece() {
  while (!is_complete_ && taken_ == buffer_.size()) {
    searched_ = taken_;
    if (auto more = read_more(); !more) return fail(more.error());
  }
  std::string_view piece = std::string_view(buffer_).substr(taken_);
  taken_ = searched_ = buffer_.size();
  return piece;
}

}  // namespace ads::directory
