// What the services of the city may ask of each other. A service gets these through its Environment and never
// includes another service; cloud.cc hands them over.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "cloud/wire_error.h"

namespace ads::cloud {

struct Call;
namespace access {
struct Principal;
}
// An identity with its compiled policies; see access_decision.h.
using PrincipalPointer = std::shared_ptr<const access::Principal>;

// Who is asking: a service on behalf of one of its resources.
struct Source {
  std::string principal;  // "s3.amazonaws.com", "sns.amazonaws.com", "scheduler.amazonaws.com"
  std::string arn;        // "arn:aws:s3:::bucket"
  // A service that acts by a role of the account's (EventBridge Scheduler): that role's policies decide, and the
  // target's own policy need not name the service. Empty: it acts as itself.
  std::string role_arn = {};
};

// An SQS or SNS message attribute. `value` is text, or raw bytes where data_type starts with "Binary".
struct MessageAttribute {
  std::string data_type;  // "String", "Number", "Binary", "String.Array", ...
  std::string value;
};
using MessageAttributes = std::map<std::string, MessageAttribute>;

struct OutgoingMessage {
  std::string body;
  MessageAttributes attributes;
  std::string group_id;          // FIFO queues
  std::string deduplication_id;  // FIFO queues; empty: by content where the queue allows it
};

struct ReceivedMessage {
  std::string message_id;
  std::string receipt_handle;
  std::string body;
  std::string md5_of_body;
  std::string md5_of_attributes;
  MessageAttributes attributes;
  std::map<std::string, std::string> system_attributes;  // ApproximateReceiveCount, SentTimestamp, MessageGroupId, ...
};

// SQS, for SNS deliveries, S3 notifications, schedules and Lambda's event source mappings.
class QueuePort {
 public:
  virtual ~QueuePort() = default;
  // The queue's policy must let the source in, or its role's policies. Errors:
  // AWS.SimpleQueueService.NonExistentQueue, InvalidMessageContents, InvalidParameterValue, AccessDenied.
  virtual Task<Outcome<std::string>> send(std::string queue_arn, OutgoingMessage message, Source source) = 0;
  // As send, for several messages at once and without waiting for the disk: one outcome each, in order. The caller
  // awaits Store::durable() before it acknowledges anything.
  virtual std::vector<Outcome<std::string>> enqueue(const std::string& queue_arn, std::vector<OutgoingMessage> messages,
                                                    const Source& source) = 0;
  // Up to `most` messages (1..10); waits up to `wait` for the first, woken by an arrival, never polling.
  virtual Task<Outcome<std::vector<ReceivedMessage>>> receive(std::string queue_arn, int most,
                                                              std::chrono::milliseconds wait) = 0;
  virtual Task<Outcome<void>> remove(std::string queue_arn, std::vector<std::string> receipt_handles) = 0;
  virtual Task<Outcome<void>> change_visibility(std::string queue_arn, std::string receipt_handle,
                                                std::chrono::seconds timeout) = 0;
  // Whether that source may do "ReceiveMessage" or another action to a queue: by the policies of its role, or the
  // queue's. Errors: AccessDenied.
  virtual Outcome<void> may(const std::string& queue_arn, std::string_view action, const Source& source) = 0;
  // Attributes as GetQueueAttributes names them (VisibilityTimeout, FifoQueue, ...).
  virtual Outcome<std::map<std::string, std::string>> attributes(const std::string& queue_arn) = 0;
};

// SNS, for S3 notifications, alarms and schedules.
class TopicPort {
 public:
  virtual ~TopicPort() = default;
  // The topic's policy must let the source in, or its role's policies. Errors: AccessDenied, NotFound, ...
  virtual Task<Outcome<std::string>> publish(std::string topic_arn, std::string subject, OutgoingMessage message,
                                             Source source) = 0;
  // Whether that source may do "Publish" to a topic. Errors: AuthorizationError.
  virtual Outcome<void> may(const std::string& topic_arn, std::string_view action, const Source& source) = 0;
};

// Lambda, for S3 and SNS and schedules.
class FunctionPort {
 public:
  virtual ~FunctionPort() = default;
  // Queues an asynchronous invocation durably; returns when that is on disk. The function's resource policy is checked
  // against `source`. Errors: ResourceNotFoundException, AccessDeniedException.
  virtual Task<Outcome<void>> invoke_async(std::string function_arn, std::string payload, Source source) = 0;
  // Whether that source may invoke it at all: S3 asks before it accepts a notification configuration.
  virtual Outcome<void> may_invoke(const std::string& function_arn, const Source& source) = 0;
};

// S3, for what reads its input from a bucket: Lambda's Code.S3Bucket, CloudFormation's TemplateURL.
class ObjectPort {
 public:
  virtual ~ObjectPort() = default;
  // Whether the caller of another service's operation may read that object: s3:GetObject, or s3:GetObjectVersion where
  // a version is named. Errors: AccessDenied.
  virtual Outcome<void> may_read(const Call& call, const std::string& bucket, const std::string& key,
                                 const std::string& version_id) = 0;
  // The whole object; `version_id` empty: the current one. Errors: NoSuchBucket, NoSuchKey, NoSuchVersion, and
  // EntityTooLarge past `limit` bytes.
  virtual Task<Outcome<std::string>> read_object(std::string bucket, std::string key, std::string version_id,
                                                 std::uint64_t limit) = 0;
};

struct LogEvent {
  SystemTime time;
  std::string message;
};

// CloudWatch Logs, for Lambda.
class LogPort {
 public:
  virtual ~LogPort() = default;
  // Whether that source may do what append will have to: put events, and make the group and the stream where they do
  // not exist yet. Errors: AccessDenied.
  virtual Outcome<void> may_append(const std::string& region, const std::string& group, const std::string& stream,
                                   const Source& source) = 0;
  // Makes the group and the stream where they do not exist yet.
  virtual Task<Outcome<void>> append(std::string region, std::string group, std::string stream,
                                     std::vector<LogEvent> events) = 0;
};

// CloudWatch metrics, for Logs (embedded metric format) and for the services' own counters.
struct MetricDatum {
  std::string metric_namespace;
  std::string name;
  std::map<std::string, std::string> dimensions;
  double value = 0;
  std::string unit;
  SystemTime time;
};
class MetricPort {
 public:
  virtual ~MetricPort() = default;
  virtual void record(const std::string& region, std::vector<MetricDatum> data) = 0;
};

struct SessionCredentials {
  std::string access_key_id, secret_access_key, session_token;
  SystemTime expires;
};

// SSM's parameter store, for CloudFormation's parameter types and dynamic references.
class ParameterPort {
 public:
  virtual ~ParameterPort() = default;
  // The text of a String or StringList parameter. `name` is as the template has it: a name, a path, an ARN, each with
  // ":3" for version 3. Errors: ParameterNotFound, ParameterVersionNotFound; a SecureString's is refused.
  virtual Outcome<std::string> value(const std::string& region, const std::string& name) = 0;
};

// IAM and STS, for the front door and for Lambda's sandboxes.
class IdentityPort {
 public:
  virtual ~IdentityPort() = default;
  struct Identity {
    std::string secret_access_key;
    std::string session_token;  // empty for long-term keys
    std::string arn, user_id;
    SystemTime expires = SystemTime::max();
    PrincipalPointer principal = nullptr;  // what it may do; null: nothing
  };
  // Whose access key this is. Errors: InvalidClientTokenId (403).
  virtual Outcome<Identity> find_key(const std::string& access_key_id) = 0;
  // A role as a service acts with it, under that session name, without credentials. Errors: NoSuchEntity.
  virtual Outcome<PrincipalPointer> role(const std::string& role_arn, const std::string& session_name) = 0;
  // Temporary credentials of a role for a service that runs on its behalf. Errors: NoSuchEntity, AccessDenied (trust
  // policy).
  virtual Task<Outcome<SessionCredentials>> assume(std::string role_arn, std::string session_name, Source source,
                                                   std::chrono::seconds lifetime) = 0;
};

}  // namespace ads::cloud
