// What `ads doctor` thinks of what it saw: every rule as a function over values.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/cloudformation/cloudformation.h"
#include "aws/lambda/lambda.h"
#include "aws/sesv2/sesv2.h"
#include "base/clock.h"
#include "base/result.h"
#include "cli/template_file.h"

namespace ads::cli {

enum class Level { ok, warning, problem };
std::string_view to_string(Level level);  // "OK" | "WARNING" | "PROBLEM"

struct Finding {
  std::string check;  // "mail sender"
  Level level = Level::ok;
  std::string message, advice;  // the advice is empty where all is well
};

// A question that could not be put, such as for want of a permission.
Finding unseen(std::string check, const Error& error);

// ---- The account

Finding judge_identity(std::string_view arn, std::string_view account);
// The service's clock less ours. AWS refuses signatures that are 5 minutes off.
Finding judge_clock(std::chrono::milliseconds skew);
// `wanted`: the concurrency that the stack's parameters ask for, in all.
Finding judge_concurrency(const aws::lambda::AccountSettings& account, int wanted);

// SNS's messages per second of a region as AWS gives them to new accounts; nothing where it is not known here.
std::optional<double> default_publish_quota(std::string_view region);
struct PublishRate {
  double rate = 0;              // PublishRate of the stack; 0: not held back
  std::optional<double> quota;  // what Service Quotas says; nothing: it could not be asked
  std::string region;
};
Finding judge_publish_rate(const PublishRate& publish);

// ---- The mail

// Addresses separated by commas, as the parameter ReportTo has them.
std::vector<std::string> split_addresses(std::string_view list);
// What may be verified in place of an address: itself, its domain, and the domains above that.
std::vector<std::string> covering_identities(std::string_view address);
Finding judge_mail_account(const aws::sesv2::SesAccount& account);
enum class Verified { yes, pending, no };
Finding judge_sender(std::string_view address, Verified verified);
Finding judge_recipient(std::string_view address, Verified verified, const aws::sesv2::SesAccount& account);

// ---- The stack

Finding judge_stack(const aws::cloudformation::Stack& stack);
// The stack's template and values against the template that this program would deploy.
Finding judge_template(const TemplateFile& ours, std::string_view deployed_text,
                       const std::vector<aws::cloudformation::Parameter>& deployed);

struct DeadLetters {
  std::string queue, url;  // logical id
  std::uint64_t count = 0;
};
Finding judge_dead_letters(const DeadLetters& letters);

struct RunSeen {
  std::string id, key, status, sentence;
  SystemTime start{};
  bool is_final = false;
  bool is_canceled = false;  // an operator did it: nothing is wrong
};
Finding judge_runs(const std::vector<RunSeen>& newest_first, SystemTime now);

struct FunctionSeen {
  std::string name, logical_id;
  std::string state, reason;                               // Lambda's: "Active", "Failed"
  std::vector<std::pair<SystemTime, std::string>> errors;  // of the last day, the oldest first
};
// Whether a log line tells of a failure of the function or its runtime.
bool is_error_line(std::string_view line);
Finding judge_function(const FunctionSeen& function);

}  // namespace ads::cli
