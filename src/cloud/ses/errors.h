// SESv2's refusals, by AWS's names.
#pragma once
#include "cloud/wire_error.h"

namespace ads::cloud::ses {

inline WireError bad_request(std::string message) {
  return {400, "BadRequestException", std::move(message)};
}
inline WireError not_found(std::string message) {
  return {404, "NotFoundException", std::move(message)};
}
inline WireError already_exists(std::string_view identity) {
  return {400, "AlreadyExistsException", fmt::format("Email identity {} already exist.", identity)};
}
inline WireError message_rejected(std::string message) {
  return {400, "MessageRejected", std::move(message)};
}
inline WireError sending_paused() {
  return {400, "SendingPausedException", "Email sending is disabled for your account."};
}
inline WireError daily_quota_exceeded() {
  return {400, "LimitExceededException", "Daily message quota exceeded."};
}

}  // namespace ads::cloud::ses
