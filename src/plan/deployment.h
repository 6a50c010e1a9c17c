// What decides how fast a stack is: its parameters, and how long its calls take.
#pragma once
#include <cstdint>

namespace ads::plan {

// The template's parameters that have to do with speed; the defaults are the template's.
struct Deployment {
  int worker_concurrency = 10, retry_concurrency = 10;
  double publish_rate = 0;
  std::uint64_t shard_bytes = std::uint64_t{64} << 20;
  int function_memory = 1769;
  enum class Ordering { by_shard, by_file } ordering = Ordering::by_shard;
  enum class Topic { standard, fifo } topic = Topic::standard;
  enum class Architecture { x86_64, arm64 } architecture = Architecture::x86_64;
};

// Seconds from request to answer inside a region, and what the function itself takes.
struct CallTimes {
  double batch_get = 0.015;      // BatchGetItem, 100 keys
  double publish_batch = 0.025;  // 10 messages
  double send_batch = 0.015;     // SendMessageBatch, FIFO, 10 messages
  double update_item = 0.005;
  double transaction = 0.015;  // TransactWriteItems, 10 to 11 items
  double put_object = 0.030;
  double copy_byte = 1.0 / 100e6;    // CopyObject and UploadPartCopy: 100 MB/s, one part after the other
  double event = 1.0;                // from the upload to the function's start
  double hand_over = 0.1;            // from a message to its invocation, warm or cold
  double retry_overhead = 0.025;     // Lambda's receive, invoke and delete around each batch of retries
  double cpu_per_record = 0.000040;  // on a whole processor (1,769 MB)
  int calls_in_flight = 80;
  int copies_in_flight = 16;  // of a multipart copy
};

}  // namespace ads::plan
