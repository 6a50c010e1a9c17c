// Where SES keeps what in the store. Every key starts with the text "ses".
//
//   "ses" "identity" region name     -> JSON, an Identity (identity.h)
//   "ses" "account" region           -> JSON, an Account (account.h)
//   "ses" "sent" region hour         -> text, recipients sent to in that hour since 1970
//   "ses" "mail" place id            -> JSON, a Mail (mail.h), without its MIME text; place: when it was sent, in ms,
//   later
//                                       by as little as keeps two mails apart
//   "ses" "mime" id                  -> the mail as it would have gone out
//   "ses" "mail-time" id             -> text, its place: finds a mail by id
#pragma once
#include <string>
#include <string_view>

#include "cloud/store.h"

namespace ads::cloud::ses {

inline std::string key_of(std::initializer_list<std::string_view> fields) {
  std::string key;
  append_text(key, "ses");
  for (const std::string_view field : fields) append_text(key, field);
  return key;
}
inline std::string identity_key(std::string_view region, std::string_view name) {
  return key_of({"identity", region, name});
}
inline std::string account_key(std::string_view region) {
  return key_of({"account", region});
}
inline std::string sent_key(std::string_view region, std::uint64_t hour) {
  std::string key = key_of({"sent", region});
  append_number(key, hour);
  return key;
}
inline std::string mail_key(std::uint64_t sent, std::string_view id) {
  std::string key = key_of({"mail"});
  append_number(key, sent);
  append_text(key, id);
  return key;
}
inline std::string mime_key(std::string_view id) {
  return key_of({"mime", id});
}
inline std::string mail_time_key(std::string_view id) {
  return key_of({"mail-time", id});
}

}  // namespace ads::cloud::ses
