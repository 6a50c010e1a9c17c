#include "cloud/sqs/receipt.h"

#include "base/checksum.h"
#include "base/encoding.h"
#include "cloud/sqs/record.h"

namespace ads::cloud::sqs {

// base64 of: checksum (8 bytes, CRC-64 of the rest) queue sequence receive
std::string receipt_handle(const Receipt& receipt) {
  const std::string rest = RecordWriter().number(receipt.queue).number(receipt.sequence).number(receipt.receive).take();
  return to_base64(RecordWriter().number(crc64nvme(rest)).take() + rest);
}

std::optional<Receipt> parse_receipt_handle(std::string_view handle) {
  if (handle.size() != 44) return {};
  const auto bytes = from_base64(handle);
  if (!bytes || bytes->size() != 32) return {};
  RecordReader in(*bytes);
  if (in.number() != crc64nvme(std::string_view(*bytes).substr(8))) return {};
  Receipt receipt;
  receipt.queue = in.number();
  receipt.sequence = in.number();
  receipt.receive = in.number();
  return receipt;
}

}  // namespace ads::cloud::sqs
