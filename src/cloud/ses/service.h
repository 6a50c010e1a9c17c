// SESv2: identities, the account's state, and SendEmail into a mailbox on disk that GET /_aws/ses shows.
// Nothing ever leaves the machine.
#pragma once
#include <functional>

#include "cloud/call.h"
#include "cloud/environment.h"
#include "cloud/ses/account.h"
#include "cloud/ses/identity.h"
#include "cloud/ses/mail.h"

namespace ads::cloud::ses {

class Ses : public Service {
 public:
  explicit Ses(Environment& environment) : environment_(environment) {}

  Task<http::Reply> answer(Call& call) override;
  ResourceTypes resource_types();

  // ---- for the actions ----
  Environment& environment() { return environment_; }
  std::optional<Identity> find_identity(std::string_view region, std::string_view name);
  // Whether mail may be sent from (and, in the sandbox, to) this address: it or its domain is an identity.
  bool is_verified(std::string_view region, std::string_view address);
  Account account(std::string_view region);
  // Recipients sent to within the last 24 hours, by the hour.
  double sent_last_24_hours(std::string_view region);
  // Stores the mail with its MIME text and counts it; on disk on return.
  Task<Outcome<void>> deliver(Mail mail, std::string mime);
  // Writes, and waits for the disk.
  Task<Outcome<void>> commit(Batch batch);

 private:
  Task<http::Reply> answer_mailbox(Call& call);

  Environment& environment_;
};

}  // namespace ads::cloud::ses
