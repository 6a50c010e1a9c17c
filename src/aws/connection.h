// What every service client shares: HTTP connections, credentials, region, retries and the clock.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "aws/configuration.h"
#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/retry.h"
#include "aws/variables.h"
#include "aws/wire.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "http/client.h"

namespace ads::aws {

// One operation of one service, as Connection must know it.
struct Operation {
  const ServiceName& service;
  std::string_view name;  // "PublishBatch"
  Protocol protocol;
  std::chrono::milliseconds timeout{30'000};
  // once: never again after it may have reached the service, for operations that no token makes idempotent.
  enum class Repeat { always, once } repeat = Repeat::always;
  // by_body: a 200 may carry an <Error> (S3's CopyObject, UploadPartCopy, CompleteMultipartUpload).
  enum class Success { by_status, by_body } success = Success::by_status;
};

// Runs on one executor, without locks. Clients hold a reference: it must outlive them.
class Connection {
 public:
  // With everything given, as tests and programs with flags do.
  Connection(asio::any_io_executor executor, Configuration configuration, std::shared_ptr<CredentialSource> credentials,
             http::ClientOptions options = {}, Clock& clock = system_clock());
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // From the process's environment and the shared files. Errors: those of load_configuration.
  static Result<std::unique_ptr<Connection>> from_environment(asio::any_io_executor executor,
                                                              http::ClientOptions options = {});
  static Result<std::unique_ptr<Connection>> from_environment(asio::any_io_executor executor, Variables variables,
                                                              http::ClientOptions options = {});

  const Configuration& configuration() const;
  const std::string& region() const;  // empty where none is configured
  Clock& clock() const;
  RetryRules& retry_rules();
  // For calls that no client has: the same pool of connections.
  http::Client& http();
  Task<Result<Credentials>> credentials();

  // Errors: invalid / "NoRegion", "BadEndpoint".
  Result<Endpoint> endpoint(const ServiceName& service) const;

  // Signs, sends, retries. The answer has a status below 300; anything else is the service's Error. `request.target` is
  // the whole target, the endpoint's base path included; Host is set here. A wrong clock is corrected by the service's.
  Task<Result<http::Response>> send(Operation operation, http::Origin origin, http::Request request);

  // awsJson: POST / with X-Amz-Target. Errors: also corrupt / "MalformedAnswer".
  Task<Result<json::object>> call_json(Operation operation, std::string_view target_prefix, std::string_view version,
                                       json::object input);
  // Query: POST / with a form. The answer's text is XML.
  Task<Result<std::string>> call_query(Operation operation, Form form);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::aws
