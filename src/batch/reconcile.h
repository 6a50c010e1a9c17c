// Reading a batch call's answer to the last entry: it is 200 even when every entry failed.
#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ads::batch {

struct EntryFailure {
  std::string id;
  std::string code;
  std::string message;
  bool sender_fault = false;  // repeating it can never succeed
};

struct BatchAnswer {
  std::vector<std::string> successful;  // entry ids
  std::vector<EntryFailure> failed;
  // FIFO: by entry id, where the service placed each successful one in its group. Empty where it does not say.
  std::map<std::string, std::string> sequence_numbers = {};
};

struct Reconciled {
  struct Refused {
    std::size_t position;
    EntryFailure failure;
  };
  std::vector<std::size_t> done;      // acknowledged
  std::vector<std::size_t> again;     // to be sent again: the service's fault, or not mentioned in the answer
  std::vector<Refused> refused;       // sender faults: Reason::sender_fault
  std::vector<std::string> oddities;  // sentences: ids unknown, named twice or not at all. Empty for an honest service

  // Of the entries to send again, some were throttled: slow down.
  bool throttled = false;
};

// Positions are those of `sent`. Each of them is in exactly one of done, again and refused. An id that is both
// successful and failed, or is named twice with different fates, is sent again: a repeated notification is
// deduplicated, a lost one is lost.
Reconciled reconcile(std::span<const std::string> sent, const BatchAnswer& answer);

}  // namespace ads::batch
