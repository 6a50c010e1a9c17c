// The whole local cloud in one object: every service over one store, behind one door.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "cloud/front_door.h"
#include "cloud/store.h"

namespace ads::cloud {

struct CloudOptions {
  std::filesystem::path directory;  // made where it does not exist
  Durability durability = Durability::durable;
  std::string address = "127.0.0.1";
  std::uint16_t port = 4566;  // 0: any free one
  Authentication authentication = Authentication::verify;
  Visitors visitors;          // who besides programs of this machine may send requests
  std::string console_token;  // opens the cloud's own pages without a signature; empty: nothing does
  std::chrono::seconds idle = std::chrono::seconds(120);  // a connection on which nothing moves so long is closed
  std::string account = "000000000000";
  std::string region = "us-east-1";  // of requests that name none
};

// The key pair of the account's root, made on first start and kept.
struct RootKey {
  std::string access_key_id, secret_access_key;
};

class Cloud {
 public:
  // Opens the store and builds the services. Errors: those of Store::open.
  static Result<std::unique_ptr<Cloud>> open(asio::any_io_executor executor, CloudOptions options,
                                             Clock& clock = system_clock());
  ~Cloud();

  // Listens, starts the services, and returns "http://127.0.0.1:4566". Errors: AddressInUse.
  Task<Result<std::string>> start();
  // Ends requests in work, sandboxes and deliveries, and closes the store.
  Task<void> stop();

  RootKey root_key() const;

 private:
  Cloud();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::cloud
