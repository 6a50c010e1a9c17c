// CRC-32 (zlib's), CRC-32C (Castagnoli) and CRC-64/NVME: the checksums of S3's x-amz-checksum-* headers.
#pragma once
#include <cstdint>
#include <string_view>

namespace ads {

// Each continues from `seed`, the checksum of the bytes before; 0 starts.
std::uint32_t crc32(std::string_view bytes, std::uint32_t seed = 0);
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);
std::uint64_t crc64nvme(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace ads
