// A world in memory that survives the function: objects, users, a topic, a queue, the Runs table, a mailbox. It counts
// the calls, fails where a test says so, and stops answering at the call that a test calls a crash.
#pragma once
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "function/invocation.h"
#include "function/ports.h"
#include "function/settings.h"

namespace ads::function {

inline Error throttled() {
  return {ErrorKind::throttled, "Throttling", "slow down"};
}
inline Error unavailable() {
  return {ErrorKind::unavailable, "ServiceUnavailable", "try again"};
}
inline Error denied() {
  return {ErrorKind::denied, "AccessDenied", "no"};
}

// What an entry of a batch call meets.
enum class EntryFate { fails, is_throttled, is_refused, is_forgotten };

struct StoredObject {
  std::string content, etag, version_id, content_type, copied_by;
};

struct Delivery {
  std::string record_id, user, body;
  std::map<std::string, std::string> attributes;
};

class FakeWorld : Objects, Users, Topic, RetryQueue, ShardQueue, Runs, RetryLedger, Mailer, Time {
 public:
  FakeWorld() : now_(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12)) {}

  // -- what a test says
  // The next call of that port operation ("publish", "checkpoint", ...) answers this error.
  void fail_next(std::string operation, Error error) { failures_[operation].push_back(std::move(error)); }
  // The next call takes effect, but its answer gets lost.
  void lose_next_answer(std::string operation) { lost_answers_.insert(std::move(operation)); }
  // The next time that this record is in a batch call.
  void entry_meets(std::string record_id, EntryFate fate) { fates_[record_id].push_back(fate); }
  // Every entry of this user is refused for ever.
  void refuse_user(std::string user) { refused_users_.insert(std::move(user)); }
  // Each look-up leaves this many keys unprocessed, as long as it does some.
  void leave_unprocessed(std::size_t keys) { unprocessed_ = keys; }
  enum class CrashMoment { before_effect, after_effect };
  void crash_at(int call, CrashMoment moment) { crash_call_ = calls_ + call, crash_moment_ = moment; }
  void advance(std::chrono::milliseconds by) { now_ += by; }
  // Time that each call takes.
  void take_per_call(std::chrono::milliseconds time) { per_call_ = time; }
  // Each call of that operation is answered so much later, while others may be under way.
  void answer_after(std::string operation, std::chrono::milliseconds time) { answer_times_[operation] = time; }

  // Once, when the next call of that operation has had its effect: what another process does then.
  void after_next(std::string operation, std::function<void()> act) { acts_[operation] = std::move(act); }

  // A versioned bucket when a version is given. Gives the event of the upload.
  std::string upload(std::string key, std::string content, std::string version_id = {});
  void add_user(std::string uuid, std::string status = "Active");

  // -- the function's runs: what a role answers, or nothing after a crash
  using RoleFunction = Task<Result<std::string>> (*)(World&, const Settings&, Invocation);
  std::optional<Result<std::string>> invoke(RoleFunction role, const Settings& settings, std::string payload,
                                            std::string request_id = "request-1",
                                            std::chrono::seconds timeout = std::chrono::seconds(900));

  // -- what is there afterwards
  std::map<std::string, StoredObject> objects;  // by key, of the one bucket
  std::map<std::string, batch::User> users;
  std::vector<Delivery> published, queued;
  std::map<std::string, StoredRun> runs;
  std::map<std::string, ShardState> shards;  // "<run>#0"
  std::vector<batch::ShardMessage> shard_messages;
  std::map<std::string, std::chrono::seconds> postponed;  // by receipt handle
  QueueDepth queue_depth;                                 // of both queues
  struct Claimed {
    std::string owner;
    SystemTime until;
    std::optional<batch::RetryEnd> end;
  };
  std::map<std::string, Claimed> ledger;
  std::map<std::string, batch::RetryTally> tallies;  // by run
  std::vector<RetryFailure> retry_failures;
  std::set<std::string> poisoned_records;  // a claim that names one of them is refused as a whole
  std::vector<batch::Mail> mails, told_operators;
  std::vector<std::string> metrics;
  std::map<std::string, int> count;  // calls by operation
  std::size_t most_lookup_keys = 0;
  std::vector<std::size_t> publish_sizes;
  int calls() const { return calls_; }
  SystemTime time_now() const { return now_; }

 private:
  // Every port call goes through here: counts it, moves the clock, crashes, fails. `act` is the effect.
  template <class T, class Act>
  Task<Result<T>> call(std::string operation, Act act);
  Task<void> crash();
  batch::BatchAnswer deliver(std::vector<Delivery>& into, std::vector<Delivery> entries);
  const StoredObject* pinned(const batch::ObjectIdentity& object, std::optional<Error>& error);
  StoredObject& store(std::string key, std::string content, std::string content_type);

  Task<Result<ObjectFacts>> facts(batch::ObjectIdentity object) override;
  Task<Result<std::string>> read(batch::ObjectIdentity object, std::uint64_t begin, std::uint64_t length) override;
  Task<Result<void>> copy(batch::ObjectIdentity source, std::string destination_key, std::string run_id) override;
  Task<Result<void>> remove(batch::ObjectIdentity object) override;
  Task<Result<std::string>> read_whole(std::string bucket, std::string key) override;
  Task<Result<void>> put(std::string bucket, std::string key, std::string content, std::string type) override;
  Task<Result<void>> remove_key(std::string bucket, std::string key) override;
  Task<Result<ObjectPage>> list(std::string bucket, std::string prefix, std::string after) override;
  Task<Result<std::string>> start_upload(std::string bucket, std::string key, std::string type) override;
  Task<Result<UploadedPart>> upload_part(std::string bucket, std::string key, std::string upload_id, int number,
                                         std::string content) override;
  Task<Result<void>> finish_upload(std::string bucket, std::string key, std::string upload_id,
                                   std::vector<UploadedPart> parts) override;
  Task<Result<void>> abort_upload(std::string bucket, std::string key, std::string upload_id) override;
  Task<Result<FoundUsers>> look_up(std::vector<std::string> service_uuids) override;
  Task<Result<batch::BatchAnswer>> publish(std::span<const batch::Notification* const> notifications) override;
  Task<Result<batch::BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) override;
  Task<Result<batch::BatchAnswer>> send(std::vector<batch::ShardMessage> messages) override;
  Task<Result<void>> postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time) override;
  Task<Result<QueueDepth>> depth() override;
  Task<Result<std::optional<StoredRun>>> find(std::string run_id) override;
  Task<Result<void>> create(const StoredRun& run) override;
  Task<Result<void>> save(const StoredRun& run) override;
  Task<Result<std::optional<ShardState>>> find_shard(std::string run_id, std::uint32_t shard) override;
  Task<Result<ShardState>> take_lease(LeaseRequest request) override;
  Task<Result<void>> checkpoint(Lease lease, const Checkpoint& checkpoint) override;
  Task<Result<OpenRuns>> open_runs(std::string after) override;
  Task<Result<void>> renew(Lease lease, SystemTime until) override;
  Task<Result<void>> finish_shard(Lease lease, const ShardEnding& ending) override;
  Task<Result<void>> release(Lease lease, std::string trouble) override;
  Task<Result<void>> reopen_shard(std::string run_id, std::uint32_t shard) override;
  Task<Result<std::vector<Claim>>> claim(std::vector<RetryKey> keys, std::string owner, SystemTime now,
                                         SystemTime until) override;
  Task<Result<std::vector<Settled>>> settle(std::vector<RetrySettlement> settlements, std::string owner) override;
  Task<Result<void>> release(std::vector<RetryKey> keys, std::string owner) override;
  Task<Result<batch::RetryTally>> tally(std::string run_id) override;
  Task<Result<void>> note_failures(std::vector<RetryFailure> failures, std::string owner) override;
  Task<Result<void>> tell_operators(const batch::Mail& mail) override;
  Task<Result<void>> send(const batch::Mail& mail) override;
  SystemTime now() const override { return now_; }
  Task<void> sleep(std::chrono::milliseconds duration) override;
  double random() override { return 0.5; }

  struct Sleeper {
    explicit Sleeper(asio::any_io_executor executor) : timer(std::move(executor)) {}
    asio::steady_timer timer;
    bool is_over = false;
  };
  void wake_the_next();

  SystemTime now_;
  std::multimap<SystemTime, std::shared_ptr<Sleeper>> sleepers_;
  std::chrono::milliseconds per_call_{0};
  std::map<std::string, std::chrono::milliseconds> answer_times_;
  std::map<std::string, std::function<void()>> acts_;
  int calls_ = 0;
  int crash_call_ = -1;
  CrashMoment crash_moment_ = CrashMoment::before_effect;
  bool is_crashed_ = false;
  std::map<std::string, std::vector<Error>> failures_;
  std::set<std::string> lost_answers_;
  std::map<std::string, std::vector<EntryFate>> fates_;
  std::set<std::string> refused_users_;
  std::size_t unprocessed_ = 0;
  std::map<std::string, std::map<int, std::string>> uploads_;
  int etags_ = 0;
};

}  // namespace ads::function
