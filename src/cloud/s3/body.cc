#include "cloud/s3/body.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/encoding.h"
#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::size_t kBuffer = 256 * 1024, kLeastRoom = 32 * 1024;
constexpr std::size_t kHopWorthy = 64 * 1024;    // below it, another thread costs more than it spares
constexpr std::uint64_t kSyncEvery = 64u << 20;  // so that the last sync of a large body is short

std::optional<std::uint64_t> number(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Checksums of later years (MD5, SHA-512, XXHash): refused rather than ignored.
bool is_unknown_checksum(std::string_view header) {
  constexpr std::string_view prefix = "x-amz-checksum-";
  auto name = lower(header);
  if (!name.starts_with(prefix)) return false;
  auto rest = std::string_view(name).substr(prefix.size());
  return rest != "algorithm" && rest != "type" && rest != "mode";
}

int write_all(int descriptor, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    auto written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return 0;
}

AwsChunkedDecoder::Signatures chunk_signatures(Call& call, std::string_view content_sha256) {
  if (!content_sha256.starts_with("STREAMING-AWS4-HMAC-SHA256") || !call.chunk_signer) return {};
  auto signer = std::make_shared<aws::ChunkSigner>(*call.chunk_signer);
  AwsChunkedDecoder::Signatures signatures;
  signatures.chunk = [signer](std::string_view hash) { return signer->chunk(hash); };
  signatures.trailer = [signer](std::string_view lines) { return signer->trailer(lines); };
  return signatures;
}

}  // namespace

Outcome<BodyReader> BodyReader::open(Request& request, ChecksumAlgorithm fallback, ChecksumHeaders headers) {
  BodyReader reader(request);
  auto& body = request.call.request.body;
  auto content_sha256 = request.header("x-amz-content-sha256").value_or("");
  auto decoded = number(request.header("x-amz-decoded-content-length"));
  bool is_chunked = content_sha256.starts_with("STREAMING-") ||
                    request.headers().get_or("Content-Encoding", "").find("aws-chunked") != std::string_view::npos;
  if (is_chunked && decoded) {
    reader.decoder_ = std::make_unique<AwsChunkedDecoder>(chunk_signatures(request.call, content_sha256));
    reader.length_ = *decoded;
  } else {
    if (is_chunked && content_sha256.starts_with("STREAMING-")) return refuse(errors::missing_content_length());
    auto declared = body.declared_length();
    if (!declared) return refuse(errors::header_not_implemented("Transfer-Encoding"));
    if (!request.header("Content-Length")) return refuse(errors::missing_content_length());
    reader.length_ = *declared;
  }
  if (is_hash(content_sha256)) {
    reader.content_sha256_ = lower(content_sha256);
    reader.sha256_.emplace(Digest::sha256);
  }
  if (auto md5 = request.header("Content-MD5")) {
    auto raw = from_base64(*md5);
    if (!raw || raw->size() != 16) return refuse(errors::invalid_digest("Content-MD5", *md5));
    reader.content_md5_ = std::move(*raw);
  }
  if (headers == ChecksumHeaders::of_object) return reader;
  if (auto read = reader.read_checksum_headers(fallback); !read) return refuse(read.error());
  return reader;
}

Outcome<void> BodyReader::read_checksum_headers(ChecksumAlgorithm fallback) {
  std::optional<ChecksumAlgorithm> algorithm;
  for (const auto& [name, value] : request_->headers()) {
    auto named = algorithm_of_header(name);
    if (!named) {
      if (is_unknown_checksum(name)) return refuse(errors::header_not_implemented(name));
      continue;
    }
    if (algorithm)
      return refuse(errors::invalid_request(
          "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."));
    auto raw = from_base64(value);
    if (!raw || raw->size() != digest_bytes(*named)) return refuse(errors::invalid_digest(header_name(*named), value));
    algorithm = named;
    claimed_in_header_ = std::move(*raw);
  }
  if (auto trailer = request_->header("x-amz-trailer")) {
    auto named = algorithm_of_header(*trailer);
    if (!named)
      return refuse(errors::invalid_request("The value specified in the x-amz-trailer header is not supported"));
    if (algorithm)
      return refuse(errors::invalid_request(
          "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."));
    algorithm = named;
    claimed_in_trailer_ = true;
  }
  auto promised = request_->header("x-amz-sdk-checksum-algorithm");
  if (promised && !algorithm)
    return refuse(
        errors::invalid_request("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
                                "x-amz-trailer headers were found."));
  checksum_ = RunningChecksum(algorithm.value_or(fallback));
  return {};
}

Task<Outcome<void>> BodyReader::read(std::string& out) {
  out.clear();
  auto& body = request_->call.request.body;
  // Fills the buffer as far as the body goes, so that what follows has few and large pieces to work on.
  while (out.size() < kBuffer / 2) {
    if (decoder_ && decoder_->is_complete()) break;
    if (!decoder_ && received_ == length_) break;
    if (decoder_) {
      const auto room = std::clamp(out.size(), kLeastRoom, kBuffer / 2);
      wire_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(room, length_ - received_ + 4096)));
      auto got = co_await body.read_some(wire_.data(), wire_.size());
      if (!got || *got == 0) co_return refuse(errors::incomplete_body());
      auto before = out.size();
      auto fed = decoder_->feed(std::string_view(wire_).substr(0, *got), out);
      if (!fed) co_return refuse(fed.error());
      received_ += out.size() - before;
      if (received_ > length_) co_return refuse(errors::incomplete_body());
    } else {
      auto before = out.size();
      // Room grows with what comes: a thousand idle uploads must not cost a whole buffer each.
      const auto room = std::clamp(before, kLeastRoom, kBuffer - before);
      auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(length_ - received_, room));
      out.resize(before + wanted);
      auto got = co_await body.read_some(out.data() + before, wanted);
      out.resize(before + got.value_or(0));
      if (!got || *got == 0) co_return refuse(errors::incomplete_body());
      received_ += *got;
    }
  }
  if (out.empty() && received_ != length_) co_return refuse(errors::incomplete_body());
  co_return Outcome<void>{};
}

void BodyReader::hash(std::string_view bytes) {
  md5_.update(bytes);
  checksum_.update(bytes);
  if (sha256_) sha256_->update(bytes);
}

Outcome<void> BodyReader::verify() {
  md5_raw_ = md5_.finish();
  checksum_raw_ = checksum_.finish();
  if (content_md5_ && *content_md5_ != md5_raw_) return refuse(errors::bad_digest("Content-MD5"));
  if (sha256_) {
    auto computed = to_hex(sha256_->finish());
    if (computed != content_sha256_) return refuse(errors::content_sha256_mismatch(content_sha256_, computed));
  }
  if (claimed_in_header_ && *claimed_in_header_ != checksum_raw_)
    return refuse(errors::bad_digest(to_string(checksum_.algorithm())));
  if (claimed_in_trailer_) {
    if (!decoder_) return refuse(errors::malformed_trailer());
    auto name = header_name(checksum_.algorithm());
    const auto& trailers = decoder_->trailers();
    auto found = std::find_if(trailers.begin(), trailers.end(), [&](auto& trailer) { return trailer.first == name; });
    if (found == trailers.end()) return refuse(errors::malformed_trailer());
    auto raw = from_base64(found->second);
    if (!raw || raw->size() != digest_bytes(checksum_.algorithm()))
      return refuse(errors::invalid_digest(name, found->second));
    if (*raw != checksum_raw_) return refuse(errors::bad_digest(to_string(checksum_.algorithm())));
  }
  return {};
}

Checksum BodyReader::checksum() const {
  if (checksum_.algorithm() == ChecksumAlgorithm::none) return {};
  return {checksum_.algorithm(), ChecksumType::full_object, to_base64(checksum_raw_)};
}

namespace {

Task<Outcome<std::string>> read_whole(BodyReader& reader, std::size_t limit) {
  if (reader.length() > limit) co_return refuse(errors::request_body_too_large());
  std::string whole, piece;
  do {
    auto read = co_await reader.read(piece);
    if (!read) co_return refuse(read.error());
    reader.hash(piece);
    whole += piece;
  } while (!piece.empty());
  if (auto verified = reader.verify(); !verified) co_return refuse(verified.error());
  co_return whole;
}

}  // namespace

Task<Outcome<std::string>> read_body(Request& request, std::size_t limit, ChecksumHeaders headers) {
  if (!request.header("Content-Length") && request.call.request.body.declared_length()) co_return std::string{};
  auto reader = BodyReader::open(request, ChecksumAlgorithm::none, headers);
  if (!reader) co_return refuse(reader.error());
  co_return co_await read_whole(*reader, limit);
}

Task<Outcome<std::string>> read_checked_body(Request& request, std::size_t limit) {
  auto reader = BodyReader::open(request);
  if (!reader) co_return refuse(reader.error());
  if (!reader->has_content_md5() && !reader->client_sent_checksum())
    co_return refuse(
        errors::invalid_request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*"));
  co_return co_await read_whole(*reader, limit);
}

Task<Outcome<void>> store_body(State& state, BodyReader& reader, std::shared_ptr<const http::OpenFile> file,
                               std::uint64_t offset) {
  std::string buffer;
  int failure = 0;
  std::uint64_t unsynced = 0;
  for (;;) {
    auto read = co_await reader.read(buffer);
    if (!read) co_return refuse(read.error());
    if (buffer.empty()) break;
    auto work = [&] {
      reader.hash(buffer);
      failure = write_all(file->descriptor(), buffer, offset);
    };
    if (buffer.size() < kHopWorthy)
      work();
    else
      co_await state.store.off_thread(work);
    if (failure) break;
    offset += buffer.size();
    unsynced += buffer.size();
    if (unsynced >= kSyncEvery) {
      unsynced = 0;
      // Starts the write-back without waiting for it.
      ::sync_file_range(file->descriptor(), 0, 0, SYNC_FILE_RANGE_WRITE);
    }
  }
  if (!failure) co_await state.store.off_thread([&] { failure = ::fdatasync(file->descriptor()) == 0 ? 0 : errno; });
  if (failure)
    co_return refuse(internal_error(
        {ErrorKind::unavailable, "BodyNotWritten", std::string("an object's body: ") + std::strerror(failure)}));
  co_return reader.verify();
}

}  // namespace ads::cloud::s3
