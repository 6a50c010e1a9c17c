// One authenticated request on its way through the city, and what every service is.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/task.h"
#include "http/server.h"

namespace ads::cloud {

class Batch;
namespace access {
struct Principal;
}

// Whether policies decide what callers and services may do. off: everything is allowed (--auth off).
enum class Enforcement { on, off };

// Who signed the request. With authentication off that is the account's root.
struct Caller {
  std::string arn;            // "arn:aws:iam::000000000000:root", "arn:aws:sts::...:assumed-role/Role/session"
  std::string user_id;        // the account id for root, "AROA...:session" for a role
  std::string access_key_id;  // empty where the request was not signed
  // What policies say of it; null: nothing is allowed.
  std::shared_ptr<const access::Principal> principal = nullptr;
  // off: said by the front door, of a cloud with authentication off, and of what CloudFormation asks for itself.
  Enforcement enforcement = Enforcement::on;
};

struct Call {
  http::IncomingRequest& request;
  Caller caller;
  std::string account;     // 12 digits
  std::string region;      // the signature's scope, or the default region
  std::string request_id;  // goes into every answer and log line
  SystemTime now;
  // S3 with a body signed chunk by chunk (STREAMING-AWS4-HMAC-SHA256-PAYLOAD...): checks each chunk. Empty otherwise,
  // and with authentication off.
  std::optional<aws::ChunkSigner> chunk_signer = std::nullopt;
};

// One AWS service behind the front door.
class Service {
 public:
  virtual ~Service() = default;
  // Answers any request of this service; refusals are replies too. Takes the path and body as AWS's protocol has them.
  virtual Task<http::Reply> answer(Call& call) = 0;
  // Starts what runs by itself (delivery, timers) after every service is wired; stop() ends it and waits.
  virtual Task<void> start() { co_return; }
  virtual Task<void> stop() { co_return; }
  // Called before start() where the machine's clock stands earlier than when the cloud last ran: deadlines in the store
  // (in flight, delayed, to be tried again) come by so much earlier. Adds to `batch`. A service without any has nothing
  // to do; calendar times stay as they are.
  virtual void bring_deadlines_forward(Batch& /*batch*/, std::chrono::milliseconds /*by*/) {}
};

}  // namespace ads::cloud
