// Whether the report can be mailed: the account, the sender, and the recipients where the sandbox asks for them.
#include "aws/sesv2/client.h"
#include "cli/doctor.h"

namespace ads::cli {
namespace {

// By the address itself, its domain, or a domain above that.
Task<Result<Verified>> look_up(aws::sesv2::Client client, std::string address) {
  Verified best = Verified::no;
  for (const auto& name : covering_identities(address)) {
    auto identity = co_await client.get_email_identity(name);
    if (!identity && identity.error().kind == ErrorKind::not_found) continue;
    if (!identity) co_return fail(identity.error());
    if (identity->is_verified) co_return Verified::yes;
    best = Verified::pending;
  }
  co_return best;
}

}  // namespace

Task<void> examine_mail(Examination& examination) {
  aws::sesv2::Client client(examination.connection);
  auto account = co_await client.get_account();
  examination.add(account ? judge_mail_account(*account) : unseen("mail account", account.error()));
  if (!examination.stack) co_return;
  const auto sender = examination.parameter("ReportFrom");
  if (sender.empty()) {
    examination.add(judge_sender(sender, Verified::no));
    co_return;
  }
  auto verified = co_await look_up(client, sender);
  examination.add(verified ? judge_sender(sender, *verified) : unseen("mail sender", verified.error()));
  const auto recipients = split_addresses(examination.parameter("ReportTo"));
  if (recipients.empty())
    examination.add({"mail recipient", Level::warning, "nobody gets the report: the parameter ReportTo is empty",
                     "ads deploy --parameters ReportTo=ADDRESS,ADDRESS"});
  if (!account) co_return;
  for (const auto& recipient : recipients) {
    auto known = account->is_in_production ? Result<Verified>(Verified::no) : co_await look_up(client, recipient);
    examination.add(known ? judge_recipient(recipient, *known, *account) : unseen("mail recipient", known.error()));
  }
}

}  // namespace ads::cli
