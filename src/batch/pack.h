// Packing messages into batch calls: ten entries, and a total of bytes.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace ads::batch {

struct PackLimits {
  std::size_t entries;
  std::size_t bytes;  // of one message and of all together
};
inline constexpr PackLimits kPublishBatch{10, 262'144};        // SNS
inline constexpr PackLimits kSendMessageBatch{10, 1'048'576};  // SQS

struct Packing {
  std::vector<std::vector<std::size_t>> batches;  // positions in `sizes`, in their order
  std::vector<std::size_t> oversize;              // larger than a call takes, alone: Reason::oversize
};

// Keeps the order: batch after batch, position after position.
Packing pack(std::span<const std::size_t> sizes, PackLimits limits);

// Records of one user stay in order when calls of one lane follow each other while lanes run side by side: pack each
// lane by itself. 0 <= result < lanes; the same for the same user always.
std::size_t lane_of(std::string_view service_uuid, std::size_t lanes);

}  // namespace ads::batch
