// What the three batch operations share: the rules for the list of entries, and the two lists of the answer.
#pragma once
#include <set>

#include "base/json.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"

namespace ads::cloud::sqs {

// The entries of a batch. Errors, in AWS's order: EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
// BatchEntryIdsNotDistinct; MissingParameter for an entry without an id.
inline Outcome<std::vector<const json::object*>> batch_entries(const json::object& input,
                                                               std::string_view entry_shape) {
  std::vector<const json::object*> entries;
  for (const auto& value : operations::list(input, "Entries")) entries.push_back(&value.get_object());
  if (entries.empty()) return refuse(empty_batch(entry_shape));
  if (entries.size() > 10) return refuse(too_many_entries(entries.size()));
  std::set<std::string> ids;
  for (const auto* entry : entries) {
    const auto id = text(*entry, "Id");
    if (id.empty()) return refuse(missing_parameter("Id"));
    const bool is_good = id.size() <= 80 && std::all_of(id.begin(), id.end(), [](char c) {
                           return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
                         });
    if (!is_good) return refuse(invalid_batch_entry_id());
    if (!ids.insert(id).second) return refuse(ids_not_distinct(id));
  }
  return entries;
}

struct BatchAnswer {
  json::array successful, failed;

  void fail(std::string_view id, const WireError& error) {
    failed.push_back(json::object{
        {"Id", id}, {"SenderFault", error.status < 500}, {"Code", query_code(error)}, {"Message", error.message}});
  }
  json::object take() {
    json::object object;
    if (!successful.empty()) object["Successful"] = std::move(successful);
    if (!failed.empty()) object["Failed"] = std::move(failed);
    return object;
  }
};

}  // namespace ads::cloud::sqs
