// The function's ports inside one sandbox: every call goes over the wire to the simulated services.
#pragma once
#include "function/ports.h"
#include "simulation/cloud.h"
#include "simulation/wire.h"

namespace ads::simulation {

class ObjectPort : public function::Objects {
 public:
  ObjectPort(Cloud& cloud, Wire& wire) : store_(cloud.objects), wire_(wire) {}
  Task<Result<function::ObjectFacts>> facts(batch::ObjectIdentity object) override;
  Task<Result<std::string>> read(batch::ObjectIdentity object, std::uint64_t begin, std::uint64_t length) override;
  Task<Result<void>> copy(batch::ObjectIdentity source, std::string destination_key, std::string run_id) override;
  Task<Result<void>> remove(batch::ObjectIdentity object) override;
  Task<Result<std::string>> read_whole(std::string bucket, std::string key) override;
  Task<Result<void>> put(std::string bucket, std::string key, std::string content, std::string content_type) override;
  Task<Result<void>> remove_key(std::string bucket, std::string key) override;
  Task<Result<function::ObjectPage>> list(std::string bucket, std::string prefix, std::string after) override;
  Task<Result<std::string>> start_upload(std::string bucket, std::string key, std::string content_type) override;
  Task<Result<function::UploadedPart>> upload_part(std::string bucket, std::string key, std::string upload_id,
                                                   int number, std::string content) override;
  Task<Result<void>> finish_upload(std::string bucket, std::string key, std::string upload_id,
                                   std::vector<function::UploadedPart> parts) override;
  Task<Result<void>> abort_upload(std::string bucket, std::string key, std::string upload_id) override;

 private:
  ObjectStore& store_;
  Wire& wire_;
};

class UsersPort : public function::Users {
 public:
  UsersPort(Cloud& cloud, Wire& wire) : cloud_(cloud), wire_(wire) {}
  Task<Result<function::FoundUsers>> look_up(std::vector<std::string> service_uuids) override;

 private:
  Cloud& cloud_;
  Wire& wire_;
};

class TopicPort : public function::Topic {
 public:
  TopicPort(Cloud& cloud, Wire& wire) : cloud_(cloud), wire_(wire) {}
  Task<Result<batch::BatchAnswer>> publish(std::span<const batch::Notification* const> notifications) override;

 private:
  Cloud& cloud_;
  Wire& wire_;
};

class RetryQueuePort : public function::RetryQueue {
 public:
  RetryQueuePort(Cloud& cloud, Wire& wire) : cloud_(cloud), wire_(wire) {}
  Task<Result<void>> postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time) override;
  Task<Result<function::QueueDepth>> depth() override;
  Task<Result<batch::BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) override;

 private:
  Cloud& cloud_;
  Wire& wire_;
};

class ShardQueuePort : public function::ShardQueue {
 public:
  ShardQueuePort(Cloud& cloud, Wire& wire) : cloud_(cloud), wire_(wire) {}
  Task<Result<void>> postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time) override;
  Task<Result<function::QueueDepth>> depth() override;
  Task<Result<batch::BatchAnswer>> send(std::vector<batch::ShardMessage> messages) override;

 private:
  Cloud& cloud_;
  Wire& wire_;
};

class RunsPort : public function::Runs {
 public:
  RunsPort(Cloud& cloud, Wire& wire) : cloud_(cloud), table_(cloud.runs), wire_(wire) {}
  Task<Result<std::optional<function::StoredRun>>> find(std::string run_id) override;
  Task<Result<void>> create(const function::StoredRun& run) override;
  Task<Result<void>> save(const function::StoredRun& run) override;
  Task<Result<function::OpenRuns>> open_runs(std::string after) override;
  Task<Result<std::optional<function::ShardState>>> find_shard(std::string run_id, std::uint32_t shard) override;
  Task<Result<function::ShardState>> take_lease(function::LeaseRequest request) override;
  Task<Result<void>> renew(function::Lease lease, SystemTime until) override;
  Task<Result<void>> checkpoint(function::Lease lease, const function::Checkpoint& checkpoint) override;
  Task<Result<void>> finish_shard(function::Lease lease, const function::ShardEnding& ending) override;
  Task<Result<void>> release(function::Lease lease, std::string trouble) override;
  Task<Result<void>> reopen_shard(std::string run_id, std::uint32_t shard) override;

 private:
  Cloud& cloud_;
  RunsTable& table_;
  Wire& wire_;
};

class LedgerPort : public function::RetryLedger {
 public:
  LedgerPort(Cloud& cloud, Wire& wire) : table_(cloud.ledger), wire_(wire) {}
  Task<Result<std::vector<Claim>>> claim(std::vector<function::RetryKey> keys, std::string owner, SystemTime now,
                                         SystemTime until) override;
  Task<Result<std::vector<Settled>>> settle(std::vector<function::RetrySettlement> settlements,
                                            std::string owner) override;
  Task<Result<void>> release(std::vector<function::RetryKey> keys, std::string owner) override;
  Task<Result<batch::RetryTally>> tally(std::string run_id) override;
  Task<Result<void>> note_failures(std::vector<function::RetryFailure> failures, std::string owner) override;

 private:
  LedgerTable& table_;
  Wire& wire_;
};

class MailPort : public function::Mailer {
 public:
  MailPort(Cloud& cloud, Wire& wire) : cloud_(cloud), wire_(wire) {}
  Task<Result<void>> send(const batch::Mail& mail) override;
  Task<Result<void>> tell_operators(const batch::Mail& mail) override;

 private:
  Cloud& cloud_;
  Wire& wire_;
};

class TimePort : public function::Time {
 public:
  explicit TimePort(Wire& wire) : wire_(wire) {}
  SystemTime now() const override { return wire_.ground().now() + wire_.sandbox().skew; }
  Task<void> sleep(milliseconds duration) override { return wire_.sleep(duration); }
  double random() override { return wire_.ground().function_dice.real(); }

 private:
  Wire& wire_;
};

class Ports {
 public:
  Ports(Cloud& cloud, Wire& wire)
      : objects(cloud, wire),
        users(cloud, wire),
        topic(cloud, wire),
        retry_queue(cloud, wire),
        shard_queue(cloud, wire),
        runs(cloud, wire),
        ledger(cloud, wire),
        mail(cloud, wire),
        time(wire),
        wire_(wire) {}

  function::World world() {
    return {objects,
            users,
            topic,
            retry_queue,
            shard_queue,
            runs,
            ledger,
            mail,
            time,
            [this] { return function::CallTotals{wire_.sandbox().calls, 0}; },
            [](std::string) {}};
  }

  ObjectPort objects;
  UsersPort users;
  TopicPort topic;
  RetryQueuePort retry_queue;
  ShardQueuePort shard_queue;
  RunsPort runs;
  LedgerPort ledger;
  MailPort mail;
  TimePort time;

 private:
  Wire& wire_;
};

}  // namespace ads::simulation
