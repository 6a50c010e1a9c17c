// A request's body: decoded where it is aws-chunked, and checked against everything the client said about it
// (length, Content-MD5, x-amz-content-sha256, x-amz-checksum-*, chunk signatures) while the bytes pass by.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/digest.h"
#include "cloud/s3/aws_chunked.h"
#include "cloud/s3/checksums.h"
#include "cloud/s3/request.h"
#include "cloud/s3/state.h"

namespace ads::cloud::s3 {

inline constexpr std::uint64_t kLargestPut = std::uint64_t{5} << 30;
inline constexpr std::uint64_t kInlineLimit = 32 * 1024;  // smaller bodies stand in the store, beside their metadata
inline constexpr std::size_t kXmlLimit = 4u << 20;

// What x-amz-checksum-* headers speak of: CompleteMultipartUpload's are the object's, not the body's.
enum class ChecksumHeaders { of_body, of_object };

class BodyReader {
 public:
  // Reads the headers only. `fallback`: the checksum to compute where the client names none.
  // Errors: MissingContentLength, InvalidDigest, InvalidRequest (two checksums, or a named one that is not sent).
  static Outcome<BodyReader> open(Request& request, ChecksumAlgorithm fallback = ChecksumAlgorithm::none,
                                  ChecksumHeaders headers = ChecksumHeaders::of_body);

  std::uint64_t length() const { return length_; }  // decoded
  ChecksumAlgorithm algorithm() const { return checksum_.algorithm(); }
  bool client_sent_checksum() const { return claimed_in_header_ || claimed_in_trailer_; }
  bool has_content_md5() const { return content_md5_.has_value(); }

  // Replaces `out` with the next bytes, some 256 KiB at most; empty at the end. Errors: IncompleteBody, and those of
  // the aws-chunked framing.
  Task<Outcome<void>> read(std::string& out);
  // Feeds the digests; may run on another thread while nobody else uses this object.
  void hash(std::string_view bytes);
  // After the last byte. Errors: BadDigest, XAmzContentSHA256Mismatch, IncompleteBody.
  Outcome<void> verify();
  // Valid after verify().
  const std::string& md5() const { return md5_raw_; }
  Checksum checksum() const;

 private:
  explicit BodyReader(Request& request) : request_(&request), checksum_(ChecksumAlgorithm::none) {}
  Outcome<void> read_checksum_headers(ChecksumAlgorithm fallback);

  Request* request_;
  std::uint64_t length_ = 0, received_ = 0;
  std::unique_ptr<AwsChunkedDecoder> decoder_;
  std::string wire_;                        // bytes before decoding
  std::optional<std::string> content_md5_;  // raw
  std::string content_sha256_;              // hex; empty where the payload is unsigned
  std::optional<std::string> claimed_in_header_;
  bool claimed_in_trailer_ = false;
  Digest md5_{Digest::md5};
  std::optional<Digest> sha256_;
  RunningChecksum checksum_;
  std::string md5_raw_, checksum_raw_;
};

// A whole body of at most `limit` bytes, verified. Errors: as above, and MaxMessageLengthExceeded.
Task<Outcome<std::string>> read_body(Request& request, std::size_t limit,
                                     ChecksumHeaders headers = ChecksumHeaders::of_body);
// The same for operations that insist on Content-MD5 or a checksum. Errors: InvalidRequest.
Task<Outcome<std::string>> read_checked_body(Request& request, std::size_t limit);

// Streams the rest of the body into a file at `offset`, hashing, and syncs it. Memory: one buffer.
Task<Outcome<void>> store_body(State& state, BodyReader& reader, std::shared_ptr<const http::OpenFile> file,
                               std::uint64_t offset);

}  // namespace ads::cloud::s3
