// Where every request enters the city: who sent it, which service it is for, and whether it may pass.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/visitors.h"

namespace ads::cloud {

// By signing name: "s3", "dynamodb", "sqs", "sns", "ses", "lambda", "cloudformation", "iam", "sts", "logs",
// "monitoring".
using Services = std::map<std::string, Service*, std::less<>>;

// verify: an AWS signature is required and checked. off: any is taken, or none; everybody is the account's root.
enum class Authentication { verify, off };

// Who is let in, and how the cloud's own pages (/_ads/, /_aws/) are asked for without a signature.
struct Admission {
  Authentication authentication = Authentication::verify;
  Visitors visitors = {};
  std::string console_token = {};  // in the header X-Ads-Token; empty: none
  const Clock* wall = nullptr;     // what signatures are dated by; null: the environment's clock
};

class FrontDoor {
 public:
  FrontDoor(Environment& environment, Services services, Admission admission);
  ~FrontDoor();

  Task<http::Reply> answer(http::IncomingRequest& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ads::cloud
