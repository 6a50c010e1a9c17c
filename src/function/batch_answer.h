// What SNS and SQS say about a batch call, in the business's words.
#pragma once
#include <map>
#include <string>
#include <type_traits>

#include "batch/reconcile.h"

namespace ads::function {

template <class Output>
batch::BatchAnswer to_answer(Output& output) {
  batch::BatchAnswer answer;
  answer.successful.reserve(output.successful.size());
  for (auto& entry : output.successful) {
    if (entry.sequence_number) answer.sequence_numbers.emplace(entry.id, std::move(*entry.sequence_number));
    answer.successful.push_back(std::move(entry.id));
  }
  for (auto& entry : output.failed)
    answer.failed.push_back({std::move(entry.id), std::move(entry.code), std::move(entry.message),
                             entry.fault == std::remove_reference_t<decltype(entry.fault)>::sender});
  return answer;
}

template <class Attribute, class Message>
std::map<std::string, Attribute> attributes_of(const Message& message) {
  std::map<std::string, Attribute> out;
  for (auto& attribute : message.attributes())
    out.emplace(std::string(attribute.name), Attribute{std::string(attribute.type), std::move(attribute.value)});
  return out;
}

}  // namespace ads::function
