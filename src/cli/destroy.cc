#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "aws/cloudformation/client.h"
#include "aws/s3/client.h"
#include "aws/sts/client.h"
#include "cli/artefact_bucket.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/interrupt.h"
#include "cli/leftovers.h"
#include "cli/session.h"
#include "cli/stack_act.h"
#include "cli/stack_follower.h"
#include "cli/template_file.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;

struct DestroyFlags {
  std::vector<std::string> retained;
  std::string artefact_bucket;
  bool is_yes = false, takes_artefacts = false;
};

class Destruction {
 public:
  Destruction(Session& session, DestroyFlags flags, aws::Connection& connection)
      : session_(session),
        flags_(std::move(flags)),
        connection_(connection),
        cfn_(connection),
        screen_(screen_for(session)) {}

  Task<int> run() {
    when_interrupted("ads: interrupted: nothing was removed.");
    auto stack = co_await find_stack();
    if (!stack) co_return report_error(session_, stack.error());
    if (!*stack) {
      auto decision = decide_destroy(std::nullopt, session_.stack_name);
      if (!flags_.takes_artefacts) co_return report_error(session_, "NoStack", decision.why);
      say({decision.why + "; its code may be.", Tone::warning});
    } else {
      auto ended = co_await remove_stack(std::move(**stack));
      if (!ended) {
        bool is_usage = ended.error().code == "NotConfirmed";
        co_return report_error(session_, ended.error()), is_usage ? kUsage : kFailure;
      }
    }
    if (flags_.takes_artefacts) {
      auto removed = co_await remove_artefacts(*stack ? YesFlag::given : yes());
      if (!removed) co_return report_error(session_, removed.error());
    }
    if (session_.is_json()) {
      json::array kept;
      for (const auto& left : kept_)
        kept.push_back({{"logicalId", left.logical_id},
                        {"type", left.resource_type},
                        {"physicalId", left.physical_id},
                        {"howToRemove", left.how}});
      print_json({{"stack", session_.stack_name},
                  {"status", *stack ? "DELETE_COMPLETE" : "NO_STACK"},
                  {"kept", kept},
                  {"artefactsRemoved", artefacts_removed_}});
    }
    co_return kSuccess;
  }

 private:
  void say(const Line& line) { screen_.print(line); }
  YesFlag yes() const { return flags_.is_yes ? YesFlag::given : YesFlag::absent; }

  // The stack, once nobody is at work on it.
  Task<Result<std::optional<cfn::Stack>>> find_stack() {
    for (;;) {
      auto described = co_await cfn_.describe_stacks(session_.stack_name);
      if (!described && !cfn::is_no_stack(described.error())) co_return fail(described.error());
      if (!described || described->stacks.empty()) co_return std::nullopt;
      auto& stack = described->stacks.front();
      auto decision = decide_destroy(stack.status, session_.stack_name);
      if (decision.act != StackAct::wait) co_return std::optional(std::move(stack));
      say({decision.why, Tone::warning});
      auto from = co_await event_before_this_work(cfn_, stack.id);
      if (!from) co_return fail(from.error());
      auto ending = co_await follow_stack(cfn_, {session_.stack_name, stack.id, *from}, screen_);
      if (!ending) co_return fail(ending.error());
    }
  }

  Task<Result<void>> remove_stack(cfn::Stack stack) {
    if (stack.is_protected)
      co_return fail(ErrorKind::conflict, "StackProtected",
                     fmt::format("the stack '{0}' is protected against deletion: `aws cloudformation "
                                 "update-termination-protection --no-enable-termination-protection --stack-name {0}` "
                                 "lifts that",
                                 session_.stack_name));
    if (!flags_.retained.empty() && stack.status != "DELETE_FAILED")
      co_return fail(ErrorKind::invalid, "RetainTooEarly",
                     fmt::format("CloudFormation takes --retain only after a deletion has failed; the stack '{}' is {}",
                                 session_.stack_name, stack.status));
    auto foreseen = co_await foresee(stack);
    if (!foreseen) co_return fail(foreseen.error());
    Question question{fmt::format("Type the stack's name to remove it ({}): ", session_.stack_name),
                      "the removal of the stack " + session_.stack_name, session_.stack_name};
    auto consent = confirm(question, yes());
    if (!consent) co_return fail(consent.error());
    if (*consent == Consent::refused)
      co_return fail(ErrorKind::conflict, "NotRemoved", "that is not its name: nothing was removed");

    auto from = co_await newest_event(cfn_, stack.id);
    if (!from) co_return fail(from.error());
    when_interrupted(
        fmt::format("ads: interrupted: CloudFormation goes on deleting the stack '{0}' without this "
                    "program. `ads destroy --stack-name {0}` follows it to its end.",
                    session_.stack_name));
    auto begun = co_await cfn_.delete_stack(stack.id, flags_.retained);
    if (!begun) co_return fail(begun.error());
    auto ending = co_await follow_stack(cfn_, {session_.stack_name, stack.id, *from}, screen_);
    if (!ending) co_return fail(ending.error());
    if (ending->status != "DELETE_COMPLETE")
      co_return fail(ErrorKind::conflict, "DestroyFailed", failure_text(*ending));
    say({fmt::format("\nThe stack {} is gone.", session_.stack_name), Tone::good});
    if (!kept_.empty())
      say({"Kept, and no longer any stack's; `ads deploy` of the same stack takes bucket and users over again:"});
    for (const auto& left : kept_) {
      say({fmt::format("  {}  {}", left.resource_type, left.physical_id), Tone::warning});
      if (!left.how.empty()) say({"      to remove it: " + left.how});
    }
    co_return Result<void>();
  }

  // Says what will go and what will stay, and what the deletion will stumble over.
  Task<Result<void>> foresee(const cfn::Stack& stack) {
    auto resources = co_await cfn_.describe_stack_resources(stack.id);
    if (!resources) co_return fail(resources.error());
    auto text = co_await cfn_.get_template(stack.id);
    if (!text) co_return fail(text.error());
    // A stack that never came to be has none, and then nothing is retained either.
    auto parsed = parse_template(*text, "the stack's template");
    if (parsed) kept_ = leftovers(parsed->document, *resources);
    for (const auto& resource : *resources)
      if (!is_kept(resource.logical_id) &&
          std::ranges::find(flags_.retained, resource.logical_id) != flags_.retained.end())
        kept_.push_back({resource.logical_id, resource.resource_type, resource.physical_id,
                         removal_command(resource.resource_type, resource.physical_id)});
    std::size_t count = 0;
    for (const auto& resource : *resources) count += resource.status != "DELETE_COMPLETE";
    // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID
    auto account = stack.id;
    for (int part = 0; part < 4; ++part) account.erase(0, account.find(':') + 1);
    say({fmt::format("The stack {} ({}) with {} resources in {} is to be removed.", session_.stack_name, stack.status,
                     count, session_.place(account.substr(0, account.find(':'))))});
    for (const auto& left : kept_)
      say({fmt::format("  stays: {} {} ({})", left.resource_type, left.physical_id, left.logical_id), Tone::warning});
    for (const auto& resource : *resources) {
      if (resource.resource_type != "AWS::S3::Bucket" || resource.physical_id.empty() || is_kept(resource.logical_id) ||
          resource.status == "DELETE_COMPLETE")
        continue;
      aws::s3::ListObjectVersionsInput list;
      list.bucket = resource.physical_id;
      list.max_keys = 1;
      auto page = co_await aws::s3::Client(connection_).list_object_versions(list);
      if (page && !page->versions.empty())
        say({fmt::format("  WARNING: the bucket {} ({}) holds files or old versions. S3 deletes no bucket that is not "
                         "empty, and this program empties none: its deletion will fail, and the stack remain as "
                         "DELETE_FAILED.",
                         resource.physical_id, resource.logical_id),
             Tone::danger});
    }
    co_return Result<void>();
  }

  bool is_kept(std::string_view logical_id) const {
    for (const auto& left : kept_)
      if (left.logical_id == logical_id) return true;
    return false;
  }

  std::string failure_text(const StackEnding& ending) const {
    auto causes = describe_failures(ending.failures);
    std::string text = causes.empty() ? "no resource says why" : causes.front();
    text += fmt::format("\n  The stack '{}' ended as {}: what is not named here is gone.", session_.stack_name,
                        ending.status);
    for (std::size_t i = 1; i < causes.size(); ++i) text += "\n  Then: " + causes[i];
    std::string names;
    for (const auto& failure : ending.failures) names += " " + failure.logical_id;
    if (!names.empty())
      text += fmt::format(
          "\n  Next: mend it and `ads destroy --stack-name {0}` again, or leave it behind: `ads destroy "
          "--stack-name {0} --retain{1}`",
          session_.stack_name, names);
    return text;
  }

  Task<Result<void>> remove_artefacts(YesFlag flag) {
    auto who = co_await aws::sts::Client(connection_).get_caller_identity();
    if (!who) co_return fail(who.error());
    auto name = flags_.artefact_bucket.empty() ? artefact_bucket_name(who->account, connection_.region())
                                               : flags_.artefact_bucket;
    Question question{fmt::format("Remove the code of {} from the bucket {}? [y/N] ", session_.stack_name, name),
                      "the removal of the code",
                      {}};
    auto consent = confirm(question, flag);
    if (!consent) co_return fail(consent.error());
    if (*consent == Consent::refused) co_return Result<void>();
    ArtefactBucket bucket(connection_, name, who->account, "aws");
    auto removed = co_await bucket.remove_below(artefact_prefix(session_.stack_name));
    if (!removed) co_return fail(removed.error());
    artefacts_removed_ = *removed;
    say({fmt::format("Removed {} objects of {} from the bucket {}.", *removed, session_.stack_name, name)});
    // The bucket that this program makes by itself goes with the last stack's code.
    if (*removed == 0 || !flags_.artefact_bucket.empty()) co_return Result<void>();
    auto is_empty = co_await bucket.is_empty();
    if (!is_empty) co_return fail(is_empty.error());
    if (!*is_empty) co_return Result<void>();
    if (auto gone = co_await bucket.remove(); !gone) co_return fail(gone.error());
    say({fmt::format("The bucket {} was empty then, and is gone too.", name)});
    co_return Result<void>();
  }

  Session& session_;
  DestroyFlags flags_;
  aws::Connection& connection_;
  cfn::Client cfn_;
  Screen screen_;
  std::vector<Leftover> kept_;
  std::size_t artefacts_removed_ = 0;
};

Task<int> destroy(Session& session, DestroyFlags flags) {
  auto connection = session.connection();
  if (!connection) co_return report_error(session, connection.error());
  Destruction destruction(session, std::move(flags), **connection);
  co_return co_await destruction.run();
}

}  // namespace

void add_destroy(CLI::App& program, Session& session) {
  auto flags = std::make_shared<DestroyFlags>();
  auto* command = program.add_subcommand(
      "destroy", "Remove the stack: say what goes and what stays, ask for its name, and follow the removal.");
  command->add_option("--retain", flags->retained,
                      "After a failed removal: leave these resources (logical ids) behind instead of deleting them");
  command->add_flag("--artefacts", flags->takes_artefacts,
                    "Remove the stack's code from the artefact bucket too, and the bucket with the last stack's");
  command->add_option("--artefact-bucket", flags->artefact_bucket, "The bucket that `ads deploy` was given");
  command->add_flag("--yes", flags->is_yes, "Don't ask");
  command->footer(
      "Examples:\n"
      "  ads destroy --stack-name ads-test --artefacts\n"
      "  ads destroy --retain BatchBucket --yes          after it failed because the bucket is not empty\n"
      "Nothing is ever emptied: users and batch files that the template retains stay, and are named at the end.\n"
      "Exit status: 0 the stack is gone, 1 it is not, 2 nobody could be asked.");
  command->callback([&session, flags] { session.action = [&session, flags] { return destroy(session, *flags); }; });
}

}  // namespace ads::cli
