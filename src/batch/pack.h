// How much one batch call takes.
#pragma once
#include <cstddef>

namespace ads::batch {

struct PackLimits {
  std::size_t entries;
  std::size_t bytes;  // of one message and of all together
};
inline constexpr PackLimits kPublishBatch{10, 262'144};        // SNS
inline constexpr PackLimits kSendMessageBatch{10, 1'048'576};  // SQS

}  // namespace ads::batch
