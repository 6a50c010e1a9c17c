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

  Task<Result<SesAccount>> get_account() const;
  // Of an address or a domain, named exactly. Errors: not_found / "NotFoundException".
  Task<Result<EmailIdentity>> get_email_identity(std::string identity) const;

 private:
  Task<Result<json::object>> get(std::string_view operation, std::string path) const;
  Connection& connection_;
};

}  // namespace ads::aws::sesv2
