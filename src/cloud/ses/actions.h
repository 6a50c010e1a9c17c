// The operations of SESv2 by method and path. https://docs.aws.amazon.com/ses/latest/APIReference-V2/Welcome.html
#pragma once
#include "cloud/ses/service.h"

namespace ads::cloud::ses {

// A request of the rest-json protocol, taken apart.
struct Input {
  json::object body;
  std::string identity;  // {EmailIdentity} of the path, decoded
  std::string_view query;
};
using Answer = Task<Outcome<json::object>>;
using Action = Answer (*)(Ses&, Call&, Input);

Answer create_email_identity(Ses& ses, Call& call, Input input);
Answer get_email_identity(Ses& ses, Call& call, Input input);
Answer delete_email_identity(Ses& ses, Call& call, Input input);
Answer list_email_identities(Ses& ses, Call& call, Input input);
Answer send_email(Ses& ses, Call& call, Input input);
Answer get_account(Ses& ses, Call& call, Input input);
Answer put_account_details(Ses& ses, Call& call, Input input);
Answer put_account_sending_attributes(Ses& ses, Call& call, Input input);

// [{"Key","Value"}]. Errors: BadRequestException.
Outcome<std::map<std::string, std::string>> tags_of(const json::object& input);
// Errors: BadRequestException for what is neither an address nor a domain.
Outcome<Identity> new_identity(std::string name, std::int64_t now);

}  // namespace ads::cloud::ses
