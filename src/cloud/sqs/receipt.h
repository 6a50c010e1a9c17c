// A receipt handle: names one receive of one message, in a form that a damaged copy can't pass for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ads::cloud::sqs {

struct Receipt {
  std::uint64_t queue = 0;
  std::uint64_t sequence = 0;
  std::uint64_t receive = 0;  // the message's receive count, which no other receive of it shares
};

std::string receipt_handle(const Receipt& receipt);
// Nothing for a text that no queue gave out.
std::optional<Receipt> parse_receipt_handle(std::string_view handle);

}  // namespace ads::cloud::sqs
