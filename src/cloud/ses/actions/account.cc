// GetAccount, PutAccountDetails, PutAccountSendingAttributes.
#include "cloud/ses/actions.h"
#include "cloud/ses/errors.h"
#include "cloud/ses/keys.h"

namespace ads::cloud::ses {
namespace {

Answer save(Ses& ses, std::string region, Account account) {
  Batch batch;
  batch.put(account_key(region), encode(account));
  if (auto done = co_await ses.commit(std::move(batch)); !done) co_return refuse(done.error());
  co_return json::object();
}

}  // namespace

Answer get_account(Ses& ses, Call& call, Input) {
  const Account account = ses.account(call.region);
  json::object answer{{"DedicatedIpAutoWarmupEnabled", true},
                      {"EnforcementStatus", "HEALTHY"},
                      {"ProductionAccessEnabled", account.is_in_production},
                      {"SendingEnabled", account.is_sending_on},
                      {"SendQuota", json::object{{"Max24HourSend", account.most_in_24_hours()},
                                                 {"MaxSendRate", account.most_per_second()},
                                                 {"SentLast24Hours", ses.sent_last_24_hours(call.region)}}}};
  if (!account.details.empty()) answer["Details"] = account.details;
  co_return answer;
}

Answer put_account_details(Ses& ses, Call& call, Input input) {
  const auto type = get_string(input.body, "MailType").value_or("");
  const auto language = get_string(input.body, "ContactLanguage").value_or("EN");
  if (type != "MARKETING" && type != "TRANSACTIONAL")
    co_return refuse(bad_request("MailType must be MARKETING or TRANSACTIONAL."));
  if (language != "EN" && language != "JA") co_return refuse(bad_request("ContactLanguage must be EN or JA."));
  if (get_string(input.body, "WebsiteURL").value_or("").empty())
    co_return refuse(bad_request("WebsiteURL must be given."));
  Account account = ses.account(call.region);
  account.is_in_production = get_bool(input.body, "ProductionAccessEnabled").value_or(account.is_in_production);
  account.details = std::move(input.body);
  account.details.erase("ProductionAccessEnabled");
  account.details["ReviewDetails"] = json::object{{"Status", "GRANTED"}};
  co_return co_await save(ses, call.region, std::move(account));
}

Answer put_account_sending_attributes(Ses& ses, Call& call, Input input) {
  Account account = ses.account(call.region);
  account.is_sending_on = get_bool(input.body, "SendingEnabled").value_or(false);
  co_return co_await save(ses, call.region, std::move(account));
}

}  // namespace ads::cloud::ses
