// A received message's system attributes, by the names that ReceiveMessage answers them under.
#pragma once
#include <map>
#include <string>

#include "cloud/sqs/queue.h"

namespace ads::cloud::sqs {

std::map<std::string, std::string> system_attributes(const Received& received);

// SequenceNumber: twenty digits, larger than those of every message before it in its queue.
std::string sequence_number(std::uint64_t sequence);

}  // namespace ads::cloud::sqs
