// What a queue is, apart from its messages: name, number, attributes, tags.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cloud/sqs/message.h"
#include "cloud/sqs/settings.h"

namespace ads::cloud::sqs {

struct Definition {
  std::uint64_t number = 0;  // names its messages in the store; see keys.h
  std::string region, account, name;
  Millis created = 0, modified = 0, purged = 0;
  Attributes attributes;  // only what was set
  std::map<std::string, std::string> tags;
  std::string made_by = {};  // the stack operation that made it, so that its repeat is known from a clash of names

  std::string arn() const { return "arn:aws:sqs:" + region + ":" + account + ":" + name; }
};

std::string encode(const Definition& definition);
std::optional<Definition> decode_definition(std::string_view stored);

struct QueueName {
  std::string region, account, name;
};
std::optional<QueueName> parse_queue_arn(std::string_view arn);
// "http://host:4566/000000000000/name": account and name, whatever the host. Region stays empty.
std::optional<QueueName> parse_queue_url(std::string_view url);

}  // namespace ads::cloud::sqs
