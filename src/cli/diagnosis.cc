#include "cli/diagnosis.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "cli/stack_act.h"
#include "cli/stack_progress.h"
#include "cli/text_width.h"

namespace ads::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kSkewRefused = 5min;  // SigV4's tolerance; S3's is 15 minutes
constexpr auto kSkewNoticed = 30s;
constexpr auto kStuck = 1h;  // a run that is not at its end by then
constexpr int kNewAccountConcurrency = 10;
constexpr int kUnreservedAlways = 100;  // Lambda keeps these for functions that reserve nothing
constexpr std::size_t kMostNamed = 3;

struct RegionQuota {
  std::string_view region;
  double per_second;
};
constexpr std::array kPublishQuotas{RegionQuota{"us-east-1", 30'000}, RegionQuota{"us-west-2", 9'000},
                                    RegionQuota{"eu-west-1", 9'000}};

Finding ok(std::string check, std::string message) {
  return {std::move(check), Level::ok, std::move(message), {}};
}
Finding warning(std::string check, std::string message, std::string advice) {
  return {std::move(check), Level::warning, std::move(message), std::move(advice)};
}
Finding problem(std::string check, std::string message, std::string advice) {
  return {std::move(check), Level::problem, std::move(message), std::move(advice)};
}

std::string named(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) out += (i ? ", " : "") + names[i];
  if (names.size() > kMostNamed) out += fmt::format(" and {} more", names.size() - kMostNamed);
  return out;
}

// The stack's own queues have names in `ads dlq`.
std::string dead_letter_advice(const DeadLetters& letters) {
  std::string_view name = letters.queue.starts_with("Retry")    ? "retry"
                          : letters.queue.starts_with("Shard")  ? "shards"
                          : letters.queue.starts_with("Failed") ? "events"
                                                                : "";
  if (name.empty())
    return fmt::format("look at one (aws sqs receive-message --queue-url {}), mend the cause, and redrive the queue",
                       letters.url);
  return fmt::format("`ads dlq list --queue {0}` shows them; mend the cause, then `ads dlq redrive --queue {0}`", name);
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::ok:
      return "OK";
    case Level::warning:
      return "WARNING";
    case Level::problem:
      return "PROBLEM";
  }
  return "";
}

Finding unseen(std::string check, const Error& error) {
  std::string advice = error.kind == ErrorKind::denied
                           ? "these credentials lack the permission to look: add it, or use another profile"
                           : "run `ads doctor` again; see whether the service answers at all";
  return warning(std::move(check), fmt::format("could not be looked at: {} ({})", error.message, error.code), advice);
}

Finding judge_identity(std::string_view arn, std::string_view account) {
  auto text = fmt::format("{}, account {}", arn, account);
  if (arn.ends_with(":root") && account != "000000000000")
    return warning("credentials", text + ": the account's root user",
                   "make a user or role with what deploying needs, and lock the root user's keys away");
  return ok("credentials", text);
}

Finding judge_clock(std::chrono::milliseconds skew) {
  auto size = skew < 0ms ? -skew : skew;
  auto text = fmt::format("this machine's clock is {} {} the service's", duration_text(size),
                          skew > 0ms ? "behind" : "ahead of");
  std::string advice = "set the clock by NTP: `timedatectl set-ntp true`";
  if (size >= kSkewRefused)
    return problem("clock", text + ": requests with such a time are refused (ads corrects its own by the answers)",
                   advice);
  if (size >= kSkewNoticed) return warning("clock", text, advice);
  return ok("clock", "agrees with the service's");
}

Finding judge_concurrency(const aws::lambda::AccountSettings& account, int wanted) {
  auto text = fmt::format("Lambda runs up to {} functions of this account at once, {} of them not reserved",
                          account.concurrent_executions, account.unreserved_concurrent_executions);
  std::string advice =
      "ask for more: Service Quotas, AWS Lambda, 'Concurrent executions'; or lower the stack's concurrency parameters";
  if (wanted > account.concurrent_executions)
    return problem("concurrency", fmt::format("{}; the stack's parameters ask for {}", text, wanted), advice);
  if (account.concurrent_executions <= kNewAccountConcurrency)
    return warning("concurrency", text + ": a new account's limit; files and retries will wait for each other", advice);
  if (account.unreserved_concurrent_executions <= kUnreservedAlways)
    return warning("concurrency", text + ": nothing more can be reserved", advice);
  return ok("concurrency", text);
}

std::optional<double> default_publish_quota(std::string_view region) {
  for (const auto& [name, per_second] : kPublishQuotas)
    if (name == region) return per_second;
  return std::nullopt;
}

Finding judge_publish_rate(const PublishRate& publish) {
  const std::string check = "publish rate";
  auto quota = publish.quota ? publish.quota : default_publish_quota(publish.region);
  std::string advice =
      "ask for more: Service Quotas, Amazon SNS, messages published per second; or deploy with a lower PublishRate";
  std::string own = publish.rate > 0 ? fmt::format("the stack publishes at most {}/s", publish.rate)
                                     : "the stack publishes as fast as SNS lets it (PublishRate 0)";
  if (!quota)
    return warning(
        check, fmt::format("{}; what SNS allows in {} could not be asked and is not known here", own, publish.region),
        "look it up: Service Quotas, Amazon SNS, messages published per second; set PublishRate below it");
  std::string source =
      publish.quota ? "this account's quota" : "the default of new accounts; Service Quotas did not say";
  auto text = fmt::format("{}; SNS takes {}/s in {} ({})", own, *quota, publish.region, source);
  if (publish.rate > *quota) return problem(check, text, advice);
  if (publish.rate == 0)
    return ok(check, text +
                         ": beyond that it is throttled, slows down, and loses nothing, but other publishers of the "
                         "account feel it");
  return ok(check, text);
}

std::vector<std::string> split_addresses(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    auto end = std::min(list.find(','), list.size());
    auto address = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (address.starts_with(' ')) address.remove_prefix(1);
    while (address.ends_with(' ')) address.remove_suffix(1);
    if (!address.empty()) out.emplace_back(address);
  }
  return out;
}

std::vector<std::string> covering_identities(std::string_view address) {
  std::vector<std::string> out{std::string(address)};
  auto at = address.rfind('@');
  if (at == address.npos) return out;
  for (auto domain = address.substr(at + 1); domain.find('.') != domain.npos;
       domain.remove_prefix(domain.find('.') + 1))
    out.emplace_back(domain);
  return out;
}

Finding judge_mail_account(const aws::sesv2::SesAccount& account) {
  const std::string check = "mail account";
  if (account.enforcement == "SHUTDOWN" || !account.is_sending_on)
    return problem(check, "SES does not let this account send mail here",
                   "see the SES console for the reason; until then the reports lie in the bucket only");
  auto quota = fmt::format("{:.0f} of {:.0f} mails of this day sent, {:g} a second", account.sent_last_24_hours,
                           account.most_in_24_hours, account.most_per_second);
  if (account.enforcement == "PROBATION")
    return warning(check, "SES has this account under review; " + quota, "see the SES console for what it asks for");
  if (!account.is_in_production)
    return warning(check, "SES is in the sandbox: it sends to verified addresses only; " + quota,
                   "verify every recipient, or ask for production access: SES console, Account dashboard");
  if (account.most_in_24_hours > 0 && account.sent_last_24_hours >= account.most_in_24_hours)
    return problem(check, quota, "no report can be mailed until tomorrow; ask for a higher quota");
  return ok(check, "SES is out of the sandbox; " + quota);
}

Finding judge_sender(std::string_view address, Verified verified) {
  const std::string check = "mail sender";
  if (address.empty())
    return warning(check, "no report is mailed: the parameter ReportFrom is empty; reports lie in the bucket only",
                   "ads deploy --parameters ReportFrom=ADDRESS ReportTo=ADDRESS");
  switch (verified) {
    case Verified::yes:
      return ok(check, fmt::format("{} is verified", address));
    case Verified::pending:
      return problem(check, fmt::format("{} is not verified yet: SES refuses to send from it", address),
                     "follow the link in the mail that SES sent there (or complete the domain's DKIM records)");
    case Verified::no:
      break;
  }
  return problem(
      check, fmt::format("{} is not verified: SES refuses to send from it", address),
      fmt::format("aws sesv2 create-email-identity --email-identity {}, and follow the link it mails", address));
}

Finding judge_recipient(std::string_view address, Verified verified, const aws::sesv2::SesAccount& account) {
  const std::string check = "mail recipient";
  if (account.is_in_production) return ok(check, fmt::format("{}: needs no verification outside the sandbox", address));
  if (verified == Verified::yes || address.ends_with("@simulator.amazonses.com"))
    return ok(check, fmt::format("{} is verified", address));
  return problem(
      check, fmt::format("{} is not verified, and SES is in the sandbox: it will get no report", address),
      fmt::format("aws sesv2 create-email-identity --email-identity {}, and have its link followed", address));
}

Finding judge_stack(const aws::cloudformation::Stack& stack) {
  const std::string check = "stack";
  auto text = fmt::format("{} is {}", stack.name, stack.status);
  if (!stack.status_reason.empty()) text += ": " + stack.status_reason;
  if (stack.status == "UPDATE_ROLLBACK_COMPLETE")
    return warning(check, text + "; it runs as it did before the last update, which failed",
                   "fix what failed, then `ads deploy` again");
  auto decision = decide_deploy(stack.status, stack.name);
  if (decision.act == StackAct::wait)
    return warning(check, text + ": somebody is at work on it", "`ads deploy` follows it to its end");
  if (decision.act == StackAct::create) return warning(check, text + ": it is a name only", "`ads deploy` makes it");
  if (decision.act != StackAct::update) return problem(check, text, decision.why);
  return ok(check, text);
}

Finding judge_template(const TemplateFile& ours, std::string_view deployed_text,
                       const std::vector<aws::cloudformation::Parameter>& deployed) {
  const std::string check = "template";
  std::vector<std::string> fresh, gone, wrong;
  for (const auto& parameter : ours.parameters)
    if (std::ranges::find(deployed, parameter.name, &aws::cloudformation::Parameter::key) == deployed.end())
      fresh.push_back(parameter.name);
  for (const auto& [key, value] : deployed) {
    const auto* parameter = ours.parameter(key);
    if (!parameter) {
      gone.push_back(key);
    } else if (auto complaint_ = complaint(*parameter, value.value_or("")); complaint_ && value != "****") {
      wrong.push_back(fmt::format("{}: {}", key, *complaint_));
    }
  }
  if (!wrong.empty())
    return problem(check, "this version takes other values: " + named(wrong), "`ads deploy --parameters NAME=VALUE`");
  if (deployed_text == ours.text) return ok(check, "the stack is of this version of ads");
  std::string text = "the stack was made from another template than this program's";
  if (!fresh.empty()) text += fmt::format("; new parameters: {}", named(fresh));
  if (!gone.empty()) text += fmt::format("; parameters that went: {}", named(gone));
  return warning(check, text, "`ads deploy --dry-run` shows what an update would change");
}

Finding judge_dead_letters(const DeadLetters& letters) {
  const std::string check = "dead letters";
  if (letters.count == 0) return ok(check, letters.queue + " is empty");
  return problem(check,
                 fmt::format("{} holds {} message{}: what they ask for has not been done", letters.queue, letters.count,
                             letters.count == 1 ? "" : "s"),
                 dead_letter_advice(letters));
}

Finding judge_runs(const std::vector<RunSeen>& newest_first, SystemTime now) {
  const std::string check = "runs";
  std::vector<std::string> failed, stuck;
  for (const auto& run : newest_first) {
    if (run.status == "FAILED" && !run.is_canceled)
      failed.push_back(fmt::format("{} ({}) {}", run.id, run.key, run.sentence));
    if (!run.is_final && now - run.start > kStuck)
      stuck.push_back(fmt::format("{} ({}) is {} since {}", run.id, run.key, run.status, iso8601_seconds(run.start)));
  }
  if (!stuck.empty())
    return problem(check, "does not come to an end: " + named(stuck),
                   "`ads status RUN`, and `ads logs` for the reason");
  if (!failed.empty())
    return warning(check,
                   fmt::format("{} of the last {} failed: {}", failed.size(), newest_first.size(), named(failed)),
                   "`ads report RUN` says what is missing; fix the cause, then `ads resume RUN` continues it");
  return ok(check, newest_first.empty() ? "none yet" : fmt::format("none of the last {} failed", newest_first.size()));
}

bool is_error_line(std::string_view line) {
  if (auto object = parse_json_object(line)) {
    auto level = get_string(*object, "level").value_or("");
    return level == "error" || level == "ERROR";
  }
  return line.find("Task timed out") != line.npos || line.find("Runtime exited") != line.npos ||
         line.find("Runtime.ExitError") != line.npos || line.find("signal: killed") != line.npos;
}

Finding judge_function(const FunctionSeen& function) {
  const std::string check = "function";
  if (function.state == "Failed")
    return problem(check, fmt::format("{} cannot run: {}", function.name, function.reason),
                   "`ads deploy` with good code");
  if (function.errors.empty()) return ok(check, function.name + ": no errors in the last day");
  const auto& [time, line] = function.errors.back();
  auto object = parse_json_object(line);
  std::string text(object ? get_string(*object, "message").value_or(line) : std::string_view(line));
  while (text.ends_with('\n')) text.pop_back();
  return warning(
      check,
      fmt::format("{}: {} error{} in the last day, the last one {}: {}", function.name, function.errors.size(),
                  function.errors.size() == 1 ? "" : "s", iso8601_seconds(time), cut(text, 200)),
      fmt::format("`ads logs {}` shows them", function.logical_id));
}

}  // namespace ads::cli
