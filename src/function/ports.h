// What the business needs from the world, in its own words. The adapters over AWS's clients are one implementation,
// the fakes of the tests another; roles are written against these and know no wire.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "batch/mail.h"
#include "batch/notification.h"
#include "batch/reconcile.h"
#include "batch/record.h"
#include "batch/retry_message.h"
#include "batch/shard_message.h"
#include "batch/user.h"
#include "function/stored_run.h"

namespace ads::function {

// Every port may also fail with throttled and unavailable (repeat later), and denied (a person must act).
// Parameters passed by view or span stay alive until the awaited call has ended.

struct ObjectFacts {
  std::uint64_t size = 0;
  std::string etag;
  std::string version_id;
  std::string copied_by;  // the run whose copy() made the object; empty for anybody else's
};

struct UploadedPart {
  int number = 0;
  std::string etag;
  std::optional<std::string> checksum;
};

struct ObjectPage {
  std::vector<std::string> keys;  // in ascending order
  bool is_last = true;
};

class Objects {
 public:
  virtual ~Objects() = default;
  // Of the pinned version where there is a version id, else of the object as it is now. Errors: not_found.
  virtual Task<Result<ObjectFacts>> facts(batch::ObjectIdentity object) = 0;
  // [begin, begin + length), cut at the object's end. Pinned by version id, else by ETag. Errors: not_found, conflict
  // (the object was replaced).
  virtual Task<Result<std::string>> read(batch::ObjectIdentity object, std::uint64_t begin, std::uint64_t length) = 0;
  // Never overwrites. The copy keeps content type and metadata and can be told by facts().copied_by. Errors: not_found,
  // conflict (the source was replaced, or the destination exists: facts() tells which).
  virtual Task<Result<void>> copy(batch::ObjectIdentity source, std::string destination_key, std::string run_id) = 0;
  // Removes the current object if it still is that one; in a versioned bucket a delete marker. Errors: not_found,
  // conflict (the object was replaced).
  virtual Task<Result<void>> remove(batch::ObjectIdentity object) = 0;

  virtual Task<Result<std::string>> read_whole(std::string bucket, std::string key) = 0;
  virtual Task<Result<void>> put(std::string bucket, std::string key, std::string content,
                                 std::string content_type) = 0;
  virtual Task<Result<void>> remove_key(std::string bucket, std::string key) = 0;
  // Keys after `after`, at most a page.
  virtual Task<Result<ObjectPage>> list(std::string bucket, std::string prefix, std::string after) = 0;

  // An object in parts of at least 5 MiB (but for the last). The key does not change before finish_upload.
  virtual Task<Result<std::string>> start_upload(std::string bucket, std::string key, std::string content_type) = 0;
  virtual Task<Result<UploadedPart>> upload_part(std::string bucket, std::string key, std::string upload_id, int number,
                                                 std::string content) = 0;
  virtual Task<Result<void>> finish_upload(std::string bucket, std::string key, std::string upload_id,
                                           std::vector<UploadedPart> parts) = 0;
  virtual Task<Result<void>> abort_upload(std::string bucket, std::string key, std::string upload_id) = 0;
};

inline constexpr std::size_t kLookupKeys = 100;  // BatchGetItem's limit

struct FoundUsers {
  std::vector<batch::User> users;
  std::vector<std::string> unprocessed;  // ask again, slower
};

class Users {
 public:
  virtual ~Users() = default;
  // At most kLookupKeys, each once. Who is in neither list does not exist.
  virtual Task<Result<FoundUsers>> look_up(std::vector<std::string> service_uuids) = 0;
};

class Topic {
 public:
  virtual ~Topic() = default;
  // At most batch::kPublishBatch. The entries' ids are the record ids. The answer must be read to its last entry.
  virtual Task<Result<batch::BatchAnswer>> publish(std::span<const batch::Notification* const> notifications) = 0;
};

// About how many messages there are; late by up to a minute.
struct QueueDepth {
  std::uint64_t waiting = 0;    // visible, or delayed
  std::uint64_t in_flight = 0;  // received and not yet deleted
};

class Queue {
 public:
  virtual ~Queue() = default;
  // The received messages show again after that time (0 to 12 hours) unless they are deleted. At most ten.
  virtual Task<Result<void>> postpone(std::vector<std::string> receipt_handles, std::chrono::seconds time) = 0;
  virtual Task<Result<QueueDepth>> depth() = 0;
};

class RetryQueue : public Queue {
 public:
  // At most batch::kSendMessageBatch. As Topic::publish.
  virtual Task<Result<batch::BatchAnswer>> send(std::span<const batch::RetryMessage* const> messages) = 0;
};

class ShardQueue : public Queue {
 public:
  // At most batch::kSendMessageBatch entries, of one run. The entries' ids are ShardMessage::id().
  virtual Task<Result<batch::BatchAnswer>> send(std::vector<batch::ShardMessage> messages) = 0;
};

class Mailer {
 public:
  virtual ~Mailer() = default;
  // Errors: invalid / "NoRecipient" where nobody is to be told.
  virtual Task<Result<void>> send(const batch::Mail& mail) = 0;
  // The mail's text on the operators' topic, for what could not be mailed. Errors: invalid / "NoTopic" where there is
  // none.
  virtual Task<Result<void>> tell_operators(const batch::Mail& mail) = 0;
};

class Time : public Clock {
 public:
  virtual Task<void> sleep(std::chrono::milliseconds duration) = 0;
  virtual double random() = 0;  // in [0, 1)
};

// Requests sent so far by this process, repeated ones included, and the answers that said "slower".
struct CallTotals {
  std::uint64_t sent = 0;
  std::uint64_t throttled = 0;
};

// Everything at once. The references outlive every role.
struct World {
  Objects& objects;
  Users& users;
  Topic& topic;
  RetryQueue& retry_queue;
  ShardQueue& shard_queue;
  Runs& runs;
  RetryLedger& ledger;
  Mailer& mailer;
  Time& time;
  std::function<CallTotals()> call_totals;
  std::function<void(std::string)> emit;  // one line on standard output: metrics
  std::string stack = "ads";              // the stack's name prefix, a dimension of the metrics
};

}  // namespace ads::function
