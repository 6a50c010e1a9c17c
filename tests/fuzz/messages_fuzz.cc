// libFuzzer: any bytes as what the function stores and sends to itself: messages of retries and shards, quarantine
// lines, layouts, events of S3 and SQS. Refused, or read so that writing it again gives the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "batch/event.h"
#include "batch/layout.h"
#include "batch/quarantine.h"
#include "batch/retry_message.h"
#include "batch/shard_message.h"

namespace {

using namespace ads::batch;

void require(bool holds) {
  if (!holds) std::abort();
}

void read_retry_message(std::string_view text) {
  auto message = parse_retry_message(text);
  if (!message) return;
  auto again = parse_retry_message(message->body());
  require(again && again->body() == message->body());
  require(is_service_uuid(message->service_uuid) && message->record_id == record_id(message->run_id, message->offset));
  require(message->status_code >= 100 && message->status_code <= 599 && message->retry_count >= 0);
  require(message->size() >= message->body().size());
}

void read_shard_message(std::string_view text) {
  auto message = parse_shard_message(text);
  if (!message) return;
  auto again = parse_shard_message(message->body());
  require(again && again->body() == message->body() && again->id() == message->id());
}

void read_quarantine_line(std::string_view text) {
  auto bad = parse_quarantine_line(text);
  if (!bad) return;
  std::string line = quarantine_line(*bad);
  require(line.ends_with('\n') && line.find('\n') == line.size() - 1);
  auto again = parse_quarantine_line(std::string_view(line).substr(0, line.size() - 1));
  require(again && *again == *bad);
}

void read_layout_text(std::string_view text) {
  auto layout = parse_layout(text);
  if (!layout) return;
  auto again = parse_layout(to_string(*layout));
  require(again && *again == *layout);
}

void read_events(std::string_view text) {
  auto event = ads::parse_json_object(text);
  if (!event) return;
  if (auto objects = parse_object_events(*event))
    for (const auto& object : *objects) require(run_id(object.object).size() == 32);
  auto messages = parse_queue_event(*event);
  if (!messages) return;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < messages->size(); ++i) all.push_back(i);
  require(failures_in_order(*messages, all).size() == messages->size());
  for (const auto& message : *messages) {
    read_retry_message(message.body);
    read_shard_message(message.body);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      read_retry_message(text);
      break;
    case 1:
      read_shard_message(text);
      break;
    case 2:
      read_quarantine_line(text);
      break;
    case 3:
      read_layout_text(text);
      break;
    default:
      read_events(text);
  }
  return 0;
}
