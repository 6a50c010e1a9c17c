// Ports that hand every call on: a mutant overrides what it breaks.
#pragma once
#include "function/ports.h"

namespace ads::simulation {

class ObjectsThrough : public function::Objects {
 public:
  explicit ObjectsThrough(function::Objects& inner) : inner_(inner) {}
  Task<Result<function::ObjectFacts>> facts(batch::ObjectIdentity object) override { return inner_.facts(object); }
  Task<Result<std::string>> read(batch::ObjectIdentity object, std::uint64_t begin, std::uint64_t length) override {
    return inner_.read(object, begin, length);
  }
  Task<Result<void>> copy(batch::ObjectIdentity source, std::string key, std::string run_id) override {
    return inner_.copy(source, key, run_id);
  }
  Task<Result<void>> remove(batch::ObjectIdentity object) override { return inner_.remove(object); }
  Task<Result<std::string>> read_whole(std::string bucket, std::string key) override {
    return inner_.read_whole(bucket, key);
  }
  Task<Result<void>> put(std::string bucket, std::string key, std::string content, std::string type) override {
    return inner_.put(bucket, key, content, type);
  }
  Task<Result<void>> remove_key(std::string bucket, std::string key) override { return inner_.remove_key(bucket, key); }
  Task<Result<function::ObjectPage>> list(std::string bucket, std::string prefix, std::string after) override {
    return inner_.list(bucket, prefix, after);
  }
  Task<Result<std::string>> start_upload(std::string bucket, std::string key, std::string type) override {
    return inner_.start_upload(bucket, key, type);
  }
  Task<Result<function::UploadedPart>> upload_part(std::string bucket, std::string key, std::string upload_id,
                                                   int number, std::string content) override {
    return inner_.upload_part(bucket, key, upload_id, number, content);
  }
  Task<Result<void>> finish_upload(std::string bucket, std::string key, std::string upload_id,
                                   std::vector<function::UploadedPart> parts) override {
    return inner_.finish_upload(bucket, key, upload_id, parts);
  }
  Task<Result<void>> abort_upload(std::string bucket, std::string key, std::string upload_id) override {
    return inner_.abort_upload(bucket, key, upload_id);
  }

 protected:
  function::Objects& inner_;
};

class RunsThrough : public function::Runs {
 public:
  explicit RunsThrough(function::Runs& inner) : inner_(inner) {}
  Task<Result<std::optional<function::StoredRun>>> find(std::string run_id) override { return inner_.find(run_id); }
  Task<Result<void>> create(const function::StoredRun& run) override { return inner_.create(run); }
  Task<Result<void>> save(const function::StoredRun& run) override { return inner_.save(run); }
  Task<Result<function::OpenRuns>> open_runs(std::string after) override { return inner_.open_runs(after); }
  Task<Result<std::optional<function::ShardState>>> find_shard(std::string run_id, std::uint32_t shard) override {
    return inner_.find_shard(run_id, shard);
  }
  Task<Result<function::ShardState>> take_lease(function::LeaseRequest request) override {
    return inner_.take_lease(request);
  }
  Task<Result<void>> renew(function::Lease lease, SystemTime until) override { return inner_.renew(lease, until); }
  Task<Result<void>> checkpoint(function::Lease lease, const function::Checkpoint& checkpoint) override {
    return inner_.checkpoint(lease, checkpoint);
  }
  Task<Result<void>> finish_shard(function::Lease lease, const function::ShardEnding& ending) override {
    return inner_.finish_shard(lease, ending);
  }
  Task<Result<void>> release(function::Lease lease, std::string trouble) override {
    return inner_.release(lease, trouble);
  }
  Task<Result<void>> reopen_shard(std::string run_id, std::uint32_t shard) override {
    return inner_.reopen_shard(run_id, shard);
  }

 protected:
  function::Runs& inner_;
};

class RetryQueueThrough : public function::RetryQueue {
 public:
  explicit RetryQueueThrough(function::RetryQueue& inner) : inner_(inner) {}
  Task<Result<void>> postpone(std::vector<std::string> receipts, std::chrono::seconds time) override {
    return inner_.postpone(receipts, time);
  }
  Task<Result<function::QueueDepth>> depth() override { return inner_.depth(); }
  Task<Result<batch::BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) override {
    return inner_.send(messages);
  }

 protected:
  function::RetryQueue& inner_;
};

}  // namespace ads::simulation
