// SESv2's client over the rest-json protocol.
#pragma once
#include "aws/connection.h"
#include "aws/sesv2/sesv2.h"

namespace ads::aws::sesv2 {

// Errors are the wire's: denied / "MessageRejected" (an unverified address, the sandbox),
// "MailFromDomainNotVerifiedException", "AccountSuspendedException", "SendingPausedException"; throttled /
// "TooManyRequestsException", "LimitExceededException"; invalid / "BadRequestException".
class Client {
 public:
  explicit Client(Connection& connection) : connection_(connection) {}
  // Not idempotent: SES has no token for it, so it is never repeated after it may have reached the service.
  Task<Result<SendEmailOutput>> send_email(SendEmailInput input) const;

 private:
  Connection& connection_;
};

}  // namespace ads::aws::sesv2
