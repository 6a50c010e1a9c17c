// Who hears of records and runs: the topic's subscribers, the operators' mailbox; and the users table.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "function/ports.h"
#include "simulation/ground.h"
#include "simulation/sandbox.h"

namespace ads::simulation {

struct Published {
  std::string record_id, run_id, user, body;
  batch::Outcome outcome = batch::Outcome::not_found;
  int sandbox = 0;
  function::Role role = function::Role::dispatch;
};

// Which calls a record was in, and whose: what those that were in one call together may do to each other.
struct SentIn {
  std::set<int> calls, sandboxes;
};
class Sendings {
 public:
  void note(const Sandbox& sandbox, const std::vector<std::string>& record_ids);
  bool were_in_one_call(const std::string& a, const std::string& b) const;
  // Of no sandbox but one.
  bool is_of_one_sandbox(const std::string& record_id) const;

 private:
  std::map<std::string, SentIn> by_record_;
  int calls_ = 0;
};

class TopicService {
 public:
  explicit TopicService(Ground& ground) : ground_(ground) {}
  Result<batch::BatchAnswer> publish(const Sandbox& sandbox, std::vector<batch::Notification> entries);
  // Past all faults; only mutants do that.
  void deliver(const Sandbox& sandbox, const batch::Notification& notification);
  const std::vector<Published>& published() const { return published_; }
  const Sendings& sendings() const { return sendings_; }

 private:
  bool is_repeated(const batch::Notification& notification);

  Ground& ground_;
  std::vector<Published> published_;
  Sendings sendings_;
  struct Known {
    SystemTime when;
    std::uint64_t sequence;
  };
  std::map<std::string, Known> deduplication_;  // a FIFO topic's, by record id
  std::uint64_t sequence_ = 0;
};

class UsersTable {
 public:
  explicit UsersTable(Ground& ground) : ground_(ground) {}
  Result<function::FoundUsers> look_up(const std::vector<std::string>& keys);

 private:
  Ground& ground_;
};

struct SentMail {
  batch::Mail mail;
  int sandbox = 0;
  SystemTime when;
};

class Mailbox {
 public:
  explicit Mailbox(Ground& ground) : ground_(ground) {}
  Result<void> send(const Sandbox& sandbox, batch::Mail mail);
  // On their topic, where a mail could not be sent.
  Result<void> tell_operators(const batch::Mail& mail);
  const std::vector<SentMail>& sent() const { return sent_; }

 private:
  Ground& ground_;
  std::vector<SentMail> sent_;
  std::uint64_t told_ = 0;
};

// What an entry of a batch call meets: nothing (true: take it), or a failure that is put into the answer.
enum class EntryFate { taken, refused, taken_in_silence };
EntryFate meet_entry(Ground& ground, const std::string& id, bool is_hopeless, batch::BatchAnswer& answer);
// AWS's limits of a batch call; a violation where they are not kept.
void check_batch(Ground& ground, std::string_view service, std::vector<std::string> ids, std::size_t limit);

}  // namespace ads::simulation
