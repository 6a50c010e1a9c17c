// Decodes Content-Encoding: aws-chunked (docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html):
//   1000;chunk-signature=<64 hex>\r\n <0x1000 bytes> \r\n 0;chunk-signature=...\r\n
//   x-amz-checksum-crc32c:sOO8/Q==\r\n x-amz-trailer-signature:<64 hex>\r\n \r\n
// Unsigned bodies have no chunk-signature and no x-amz-trailer-signature. A body without trailers ends "0...\r\n\r\n".
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "cloud/wire_error.h"

namespace ads::cloud::s3 {

class AwsChunkedDecoder {
 public:
  // The signature expected next: of a chunk whose SHA-256 in hex is given, and of the trailer's canonical lines.
  // Both empty: signatures are read over, not checked.
  struct Signatures {
    std::function<std::string(std::string_view sha256_hex)> chunk;
    std::function<std::string(std::string_view canonical_headers)> trailer;
  };

  explicit AwsChunkedDecoder(Signatures signatures = {}) : signatures_(std::move(signatures)) {}

  // Consumes all of `in`, appends the decoded bytes to `out`. Errors: IncompleteBody (framing), SignatureDoesNotMatch,
  // MalformedTrailerError, MaxMessageLengthExceeded (a line past 4 KiB or more than 32 trailers).
  Outcome<void> feed(std::string_view in, std::string& out);
  // True once the last chunk and its trailers have been read whole.
  bool is_complete() const { return state_ == State::done; }
  // Lower-case names, in the order sent, without x-amz-trailer-signature.
  const std::vector<std::pair<std::string, std::string>>& trailers() const { return trailers_; }

 private:
  enum class State { header, body, body_end, trailer, done };
  Outcome<void> read_header(std::string_view line);
  Outcome<void> read_trailer(std::string_view line);
  Outcome<void> finish_chunk();
  Outcome<void> finish_trailers();

  Signatures signatures_;
  State state_ = State::header;
  std::string line_;
  std::uint64_t left_ = 0;  // of the chunk
  bool is_last_ = false;
  std::string chunk_signature_, trailer_signature_, canonical_trailers_;
  std::optional<Digest> digest_;
  std::vector<std::pair<std::string, std::string>> trailers_;
};

}  // namespace ads::cloud::s3
