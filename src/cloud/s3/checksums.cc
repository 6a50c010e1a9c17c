#include "cloud/s3/checksums.h"

#include <array>

#include "base/checksum.h"
#include "base/encoding.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::string_view kHeaderPrefix = "x-amz-checksum-";

bool equal_any_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return std::tolower(x) == std::tolower(y); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string big_endian(std::uint64_t value, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (std::size_t i = bytes; i-- > 0; value >>= 8) out[i] = static_cast<char>(value & 255);
  return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (unsigned char byte : bytes) value = value << 8 | byte;
  return value;
}

// zlib's crc32_combine: appending a zero bit is a linear map over GF(2); square it to append many.
using Matrix = std::array<std::uint64_t, 64>;

std::uint64_t times(const Matrix& matrix, std::uint64_t vector) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; vector; vector >>= 1, ++i)
    if (vector & 1) sum ^= matrix[i];
  return sum;
}

Matrix square(const Matrix& matrix) {
  Matrix out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = times(matrix, matrix[i]);
  return out;
}

}  // namespace

std::string_view to_string(ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::none:
      return "";
    case ChecksumAlgorithm::crc32:
      return "CRC32";
    case ChecksumAlgorithm::crc32c:
      return "CRC32C";
    case ChecksumAlgorithm::sha1:
      return "SHA1";
    case ChecksumAlgorithm::sha256:
      return "SHA256";
    case ChecksumAlgorithm::crc64nvme:
      return "CRC64NVME";
  }
  return "";
}

std::string_view to_string(ChecksumType type) {
  return type == ChecksumType::composite ? "COMPOSITE" : "FULL_OBJECT";
}

std::optional<ChecksumAlgorithm> parse_algorithm(std::string_view name) {
  for (auto algorithm : kChecksumAlgorithms)
    if (equal_any_case(name, to_string(algorithm))) return algorithm;
  return std::nullopt;
}

std::string header_name(ChecksumAlgorithm algorithm) {
  return std::string(kHeaderPrefix).append(lower(to_string(algorithm)));
}

std::string element_name(ChecksumAlgorithm algorithm) {
  return std::string("Checksum").append(to_string(algorithm));
}

std::optional<ChecksumAlgorithm> algorithm_of_header(std::string_view header) {
  if (header.size() <= kHeaderPrefix.size() || !equal_any_case(header.substr(0, kHeaderPrefix.size()), kHeaderPrefix))
    return std::nullopt;
  return parse_algorithm(header.substr(kHeaderPrefix.size()));
}

std::size_t digest_bytes(ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::none:
      return 0;
    case ChecksumAlgorithm::crc32:
      return 4;
    case ChecksumAlgorithm::crc32c:
      return 4;
    case ChecksumAlgorithm::sha1:
      return 20;
    case ChecksumAlgorithm::sha256:
      return 32;
    case ChecksumAlgorithm::crc64nvme:
      return 8;
  }
  return 0;
}

RunningChecksum::RunningChecksum(ChecksumAlgorithm algorithm) : algorithm_(algorithm) {
  if (algorithm == ChecksumAlgorithm::sha1) digest_.emplace(Digest::sha1);
  if (algorithm == ChecksumAlgorithm::sha256) digest_.emplace(Digest::sha256);
}

void RunningChecksum::update(std::string_view bytes) {
  switch (algorithm_) {
    case ChecksumAlgorithm::none:
      break;
    case ChecksumAlgorithm::crc32:
      crc_ = crc32(bytes, static_cast<std::uint32_t>(crc_));
      break;
    case ChecksumAlgorithm::crc32c:
      crc_ = crc32c(bytes, static_cast<std::uint32_t>(crc_));
      break;
    case ChecksumAlgorithm::crc64nvme:
      crc_ = crc64nvme(bytes, crc_);
      break;
    case ChecksumAlgorithm::sha1:
    case ChecksumAlgorithm::sha256:
      digest_->update(bytes);
      break;
  }
}

std::string RunningChecksum::finish() {
  return digest_ ? digest_->finish() : big_endian(crc_, digest_bytes(algorithm_));
}

std::uint64_t combine_crc(ChecksumAlgorithm algorithm, std::uint64_t a, std::uint64_t b, std::uint64_t b_length) {
  bool is_wide = algorithm == ChecksumAlgorithm::crc64nvme;
  std::uint64_t polynomial = is_wide                                  ? 0x9A6C9329AC4BC9B5ull
                             : algorithm == ChecksumAlgorithm::crc32c ? 0x82F63B78ull
                                                                      : 0xEDB88320ull;
  Matrix one_bit{};
  one_bit[0] = polynomial;
  for (std::size_t i = 1; i < (is_wide ? 64u : 32u); ++i) one_bit[i] = std::uint64_t{1} << (i - 1);
  Matrix power = square(square(square(one_bit)));  // a zero byte
  for (; b_length; b_length >>= 1, power = square(power))
    if (b_length & 1) a = times(power, a);
  return a ^ b;
}

CombinedChecksum::CombinedChecksum(ChecksumAlgorithm algorithm, ChecksumType type)
    : algorithm_(algorithm), type_(type), outer_(algorithm) {}

void CombinedChecksum::add(std::string_view part_raw, std::uint64_t part_length) {
  ++parts_;
  if (type_ == ChecksumType::composite)
    outer_.update(part_raw);
  else
    crc_ = combine_crc(algorithm_, crc_, from_big_endian(part_raw), part_length);
}

Checksum CombinedChecksum::finish() {
  if (type_ == ChecksumType::composite)
    return {algorithm_, type_, to_base64(outer_.finish()) + "-" + std::to_string(parts_)};
  return {algorithm_, type_, to_base64(big_endian(crc_, digest_bytes(algorithm_)))};
}

void add_checksum_headers(http::Headers& headers, const Checksum& checksum) {
  if (!checksum) return;
  headers.add(header_name(checksum.algorithm), checksum.value);
  headers.add("x-amz-checksum-type", std::string(to_string(checksum.type)));
}

}  // namespace ads::cloud::s3
