// The servers that tests/clients/run started, and connections to them.
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "aws/connection.h"
#include "unit/aws/loopback.h"

namespace ads::aws {

// s3rver knows this key alone; the others take any.
inline const Credentials kTestKey{"S3RVER", "S3RVER"};

class ServerTest : public testing::Test {
 protected:
  // `variable` names the server's URL: ADS_TEST_DYNALITE, ADS_TEST_S3RVER, ADS_TEST_FAUXQS.
  explicit ServerTest(const char* variable) {
    const char* url = std::getenv(variable);
    if (!url) throw std::runtime_error(std::string(variable) + " is not set: start this with tests/clients/run");
    Configuration configuration;
    configuration.region = "eu-west-1";
    configuration.endpoints[""] = url;
    connection.emplace(io.get_executor(), configuration, fixed_credentials(kTestKey));
  }
  template <class T>
  T await(Task<T> task) {
    return run(io, std::move(task));
  }
  // A name that no other test uses.
  static std::string fresh_name(const char* start) {
    static int number = 0;
    return start + std::to_string(++number);
  }

  asio::io_context io;
  std::optional<Connection> connection;
};

// The value, or the test ends with the error's words.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
  return std::move(*result);
}
inline void must(Result<void> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
}

// The error, or the test ends because there is none.
template <class T>
Error error_of(Result<T> result) {
  if (result) throw std::runtime_error("this succeeded, and should not have");
  return result.error();
}

}  // namespace ads::aws
