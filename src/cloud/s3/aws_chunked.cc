#include "cloud/s3/aws_chunked.h"

#include <charconv>

#include "base/encoding.h"
#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kMostTrailers = 32;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Outcome<void> AwsChunkedDecoder::feed(std::string_view in, std::string& out) {
  while (!in.empty()) {
    if (state_ == State::done) return refuse(errors::incomplete_body());  // bytes behind the end
    if (state_ == State::body) {
      auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
      auto bytes = in.substr(0, taken);
      out += bytes;
      if (digest_) digest_->update(bytes);
      in.remove_prefix(taken);
      left_ -= taken;
      if (left_ == 0) state_ = State::body_end;
      continue;
    }
    auto newline = in.find('\n');
    if (line_.size() + std::min(newline, in.size()) > kLongestLine) return refuse(errors::request_body_too_large());
    if (newline == in.npos) {
      line_ += in;
      return {};
    }
    line_ += in.substr(0, newline);
    in.remove_prefix(newline + 1);
    if (!line_.ends_with('\r')) return refuse(errors::incomplete_body());
    line_.pop_back();
    Outcome<void> done;
    if (state_ == State::header)
      done = read_header(line_);
    else if (state_ == State::body_end)
      done = line_.empty() ? finish_chunk() : refuse(errors::incomplete_body());
    else
      done = read_trailer(line_);
    if (!done) return done;
    line_.clear();
  }
  return {};
}

Outcome<void> AwsChunkedDecoder::read_header(std::string_view line) {
  auto semicolon = line.find(';');
  auto size = line.substr(0, semicolon);
  auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), left_, 16);
  if (size.empty() || error != std::errc{} || end != size.data() + size.size())
    return refuse(errors::incomplete_body());
  constexpr std::string_view name = "chunk-signature=";
  chunk_signature_.clear();
  if (semicolon != line.npos && line.substr(semicolon + 1).starts_with(name))
    chunk_signature_ = line.substr(semicolon + 1 + name.size());
  if (signatures_.chunk) digest_.emplace(Digest::sha256);
  is_last_ = left_ == 0;
  if (!is_last_) {
    state_ = State::body;
    return {};
  }
  return finish_chunk();
}

Outcome<void> AwsChunkedDecoder::finish_chunk() {
  if (signatures_.chunk && signatures_.chunk(to_hex(digest_->finish())) != chunk_signature_)
    return refuse(errors::signature_does_not_match());
  digest_.reset();
  state_ = is_last_ ? State::trailer : State::header;
  return {};
}

Outcome<void> AwsChunkedDecoder::read_trailer(std::string_view line) {
  if (line.empty()) return finish_trailers();
  auto colon = line.find(':');
  if (colon == line.npos || colon == 0) return refuse(errors::malformed_trailer());
  std::string name(trim(line.substr(0, colon)));
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::string value(trim(line.substr(colon + 1)));
  if (name == "x-amz-trailer-signature") {
    trailer_signature_ = std::move(value);
    return {};
  }
  if (trailers_.size() == kMostTrailers) return refuse(errors::malformed_trailer());
  canonical_trailers_.append(name).append(":").append(value).append("\n");
  trailers_.emplace_back(std::move(name), std::move(value));
  return {};
}

Outcome<void> AwsChunkedDecoder::finish_trailers() {
  state_ = State::done;
  if (signatures_.trailer && !trailers_.empty() && signatures_.trailer(canonical_trailers_) != trailer_signature_)
    return refuse(errors::signature_does_not_match());
  return {};
}

}  // namespace ads::cloud::s3
