#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "aws/cloudformation/client.h"
#include "aws/sts/client.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "cli/adoption.h"
#include "cli/artefact_bucket.h"
#include "cli/change_list.h"
#include "cli/change_set.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/deploy_input.h"
#include "cli/deploy_values.h"
#include "cli/interrupt.h"
#include "cli/session.h"
#include "cli/stack_act.h"
#include "cli/stack_follower.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;

constexpr std::size_t kLargestBody = 51'200;  // CloudFormation's limit for a template in the request; else it is in S3

struct DeployFlags {
  DeployFiles files;
  std::string artefact_bucket;
  YesFlag yes = YesFlag::absent;
  bool is_yes = false, is_dry_run = false;
};

class Deployment {
 public:
  Deployment(Session& session, DeployFlags flags, aws::Connection& connection)
      : session_(session),
        flags_(std::move(flags)),
        connection_(connection),
        cfn_(connection),
        screen_(screen_for(session)) {}

  Task<int> run() {
    when_interrupted("ads: interrupted: the stack was not changed.");
    if (auto good = check_stack_name(session_.stack_name); !good)
      co_return report_error(session_, good.error()), kUsage;
    auto read = read_deploy_input(flags_.files);
    if (!read) co_return report_error(session_, read.error()), kUsage;
    input_ = std::move(*read);
    auto ready = co_await prepare();
    if (!ready) co_return report_error(session_, ready.error());
    // Somebody else's work is waited for, and what it left is looked at again.
    for (;;) {
      auto status = co_await look_at_stack();
      if (!status) co_return report_error(session_, status.error());
      auto decision = decide_deploy(*status, session_.stack_name);
      if (decision.act == StackAct::refuse) {
        auto reason = stack_ && !stack_->status_reason.empty() ? "; its reason: " + stack_->status_reason : "";
        co_return report_error(session_, "StackUnusable", decision.why + reason);
      }
      if (decision.act == StackAct::create || decision.act == StackAct::update)
        co_return co_await change(decision.act == StackAct::create ? cfn::ChangeSetType::create
                                                                   : cfn::ChangeSetType::update);
      say({decision.why, Tone::warning});
      if (flags_.is_dry_run) co_return report_error(session_, "StackBusy", "nothing can be foreseen in that state");
      auto ended = decision.act == StackAct::wait ? co_await wait_for_others() : co_await remove_failed();
      if (!ended) co_return report_error(session_, ended.error()), exit_code(ended.error());
    }
  }

 private:
  void say(const Line& line) { screen_.print(line); }
  static int exit_code(const Error& error) { return error.code == "NotConfirmed" ? kUsage : kFailure; }

  // ---- Where it goes

  Task<Result<void>> prepare() {
    auto who = co_await aws::sts::Client(connection_).get_caller_identity();
    if (!who) co_return fail(who.error());
    say({fmt::format("Stack {} in {}", session_.stack_name, session_.place(who->account))});
    auto colon = who->arn.find(':', 4);
    std::string partition = colon == who->arn.npos ? "aws" : who->arn.substr(4, colon - 4);
    auto name = flags_.artefact_bucket.empty() ? artefact_bucket_name(who->account, connection_.region())
                                               : flags_.artefact_bucket;
    bucket_.emplace(connection_, name, who->account, partition);

    source_.body = input_.file.text;
    if (input_.file.text.size() > kLargestBody) {
      auto key = artefact_prefix(session_.stack_name) + "template/" + to_hex(sha256(input_.file.text)) + ".yaml";
      auto stored = co_await upload(key, input_.file.text, "application/yaml", input_.file.name);
      if (!stored) co_return fail(stored.error());
      source_ = {.body = std::nullopt, .url = bucket_->url(key)};
    }
    auto checked = co_await cfn_.validate_template(source_);
    if (!checked) {
      Error error = checked.error();
      error.message = fmt::format("{}: {}", input_.file.name, error.message);
      co_return fail(error);
    }
    capabilities_ = checked->capabilities;
    co_return Result<void>();
  }

  // Into the artefact bucket, which is made at the first need.
  Task<Result<void>> upload(std::string key, std::string content, std::string type, std::string what) {
    if (!is_bucket_ready_) {
      auto was = co_await bucket_->prepare();
      if (!was) co_return fail(was.error());
      if (*was == ArtefactBucket::Was::made)
        say({fmt::format("Made the bucket {} for code: private, encrypted, versioned, TLS only.", bucket_->name())});
      is_bucket_ready_ = true;
    }
    auto size = content.size();
    auto put = co_await bucket_->put(key, std::move(content), std::move(type));
    if (!put) co_return fail(put.error());
    if (*put == ArtefactBucket::Put::stored)
      say({fmt::format("Uploaded {} ({} KiB) to s3://{}/{}", what, (size + 1023) / 1024, bucket_->name(), key)});
    co_return Result<void>();
  }

  Task<Result<std::optional<std::string>>> look_at_stack() {
    stack_.reset();
    auto described = co_await cfn_.describe_stacks(session_.stack_name);
    if (!described && !cfn::is_no_stack(described.error())) co_return fail(described.error());
    if (!described || described->stacks.empty()) co_return std::nullopt;
    stack_ = std::move(described->stacks.front());
    co_return stack_->status;
  }

  Task<Result<void>> wait_for_others() {
    when_interrupted("ads: interrupted: this command changed nothing; what it followed goes on.");
    auto from = co_await event_before_this_work(cfn_, stack_->id);
    if (!from) co_return fail(from.error());
    auto ending = co_await follow_stack(cfn_, {session_.stack_name, stack_->id, *from}, screen_);
    if (!ending) co_return fail(ending.error());
    co_return Result<void>();
  }

  Task<Result<void>> remove_failed() {
    Question question{fmt::format("Delete what is left of the stack {}? [y/N] ", session_.stack_name), "that", {}};
    auto consent = confirm(question, flags_.yes);
    if (!consent) co_return fail(consent.error());
    if (*consent == Consent::refused)
      co_return fail(ErrorKind::conflict, "NotConfirmed", "nothing was changed: the stack stays as it is");
    auto from = co_await newest_event(cfn_, stack_->id);
    if (!from) co_return fail(from.error());
    if (auto deleted = co_await cfn_.delete_stack(stack_->id); !deleted) co_return fail(deleted.error());
    auto ending = co_await follow_stack(cfn_, {session_.stack_name, stack_->id, *from}, screen_);
    if (!ending) co_return fail(ending.error());
    if (ending->status == "DELETE_COMPLETE") co_return Result<void>();
    co_return fail(ErrorKind::conflict, "DeployFailed", failure_text(*ending));
  }

  // ---- The change

  Task<int> change(cfn::ChangeSetType type) {
    const bool is_new_stack = !stack_;
    const bool is_creation = type == cfn::ChangeSetType::create;
    auto adoption = co_await find_adoptions(
        connection_, {session_.stack_name, input_.file, input_.given, is_creation ? nullptr : &*stack_});
    if (!adoption) co_return report_error(session_, adoption.error()), kUsage;
    for (const auto& line : adoption->lines) say(line);
    for (const auto& [name, value] : adoption->parameters) input_.given[name] = value;
    std::set<std::string> kept;
    if (stack_ && type == cfn::ChangeSetType::update)
      for (const auto& parameter : stack_->parameters)
        if (input_.file.parameter(parameter.key)) kept.insert(parameter.key);
    if (!input_.code.empty()) {
      auto key = artefact_prefix(session_.stack_name) + "function/" + to_hex(sha256(input_.code)) + ".zip";
      auto stored = co_await upload(key, std::move(input_.code), "application/zip", input_.code_name);
      if (!stored) co_return report_error(session_, stored.error());
      input_.given["CodeKey"] = key;
      if (input_.file.parameter("CodeBucket")) input_.given["CodeBucket"] = bucket_->name();
      // A version of another key that an earlier deployment named.
      if (input_.file.parameter("CodeVersion")) input_.given.emplace("CodeVersion", "");
    }
    if (auto good = check_parameters(input_.file, input_.given, kept); !good)
      co_return report_error(session_, good.error()), kUsage;

    cfn::CreateChangeSetInput input;
    input.stack_name = session_.stack_name;
    input.type = type;
    input.template_body = source_.body;
    input.template_url = source_.url;
    for (const auto& [name, value] : input_.given) input.parameters.push_back({name, value});
    for (const auto& name : kept)
      if (!input_.given.contains(name)) input.parameters.push_back({name, std::nullopt});
    input.capabilities = capabilities_;
    // What an earlier stack of that name left behind under a name of its own: it is shown as an import.
    input.imports_existing = is_creation;
    auto made = co_await make_change_set(cfn_, std::move(input));
    if (!made) {
      if (is_new_stack) co_await forget_new_stack();
      co_return report_error(session_, made.error());
    }
    changes_ = made->changes;
    if (made->is_empty) {
      say({fmt::format("Stack {} is up to date: nothing to change.", session_.stack_name), Tone::good});
      co_return co_await print_outputs("NO_CHANGE");
    }
    say({""});
    for (const auto& line : describe_changes(changes_)) say(line);
    say({fmt::format("\n{}: {}.", is_creation ? "A new stack" : "Changes", summarise(changes_))});

    if (flags_.is_dry_run) {
      co_await drop(made->id, is_new_stack);
      if (session_.is_json())
        print_json({{"stack", session_.stack_name}, {"status", "DRY_RUN"}, {"changes", changes_json(changes_)}});
      else
        say({"Nothing was changed: this was a dry run."});
      co_return kSuccess;
    }
    Question question{
        fmt::format("Make {}? [y/N] ", changes_.size() <= 1 ? std::string("this change")
                                                            : fmt::format("these {} changes", changes_.size())),
        "the changes",
        {}};
    auto consent = confirm(question, flags_.yes);
    if (!consent || *consent == Consent::refused) {
      co_await drop(made->id, is_new_stack);
      if (!consent) co_return report_error(session_, consent.error()), kUsage;
      say({"Nothing was changed."});
      co_return kFailure;
    }
    auto from = co_await newest_event(cfn_, made->stack_id);
    if (!from) co_return report_error(session_, from.error());
    when_interrupted(fmt::format(
        "ads: interrupted: CloudFormation goes on with the stack '{0}' without this program. `ads deploy "
        "--stack-name {0}` follows it to its end; `aws cloudformation cancel-update-stack --stack-name {0}` "
        "turns an update back.",
        session_.stack_name));
    auto executed = co_await cfn_.execute_change_set({}, made->id, made->name);
    if (!executed) co_return report_error(session_, executed.error());
    auto ending = co_await follow_stack(cfn_, {session_.stack_name, made->stack_id, *from}, screen_);
    if (!ending) co_return report_error(session_, ending.error());
    if (ending->status == "CREATE_COMPLETE" || ending->status == "UPDATE_COMPLETE")
      co_return co_await print_outputs(ending->status);
    co_return report_error(session_, "DeployFailed", failure_text(*ending));
  }

  // A change set that nobody wants, and the stack that is nothing but its name. What fails here is left to expire.
  Task<void> drop(std::string change_set, bool is_new_stack) {
    [[maybe_unused]] auto removed = co_await cfn_.delete_change_set({}, std::move(change_set));
    if (is_new_stack) co_await forget_new_stack();
  }

  Task<void> forget_new_stack() {
    auto status = co_await look_at_stack();
    if (status && *status && **status == "REVIEW_IN_PROGRESS") [[maybe_unused]]
      auto deleted = co_await cfn_.delete_stack(stack_->id);
  }

  std::string failure_text(const StackEnding& ending) const {
    auto causes = describe_failures(ending.failures);
    std::string text = causes.empty() ? "no resource says why" : causes.front();
    text += fmt::format("\n  The stack '{}' ended as {}", session_.stack_name, ending.status);
    if (ending.status == "UPDATE_ROLLBACK_COMPLETE") text += ": everything is as it was before";
    if (ending.status == "ROLLBACK_COMPLETE") text += ": nothing was left; mend the cause and deploy again";
    text += ".";
    for (std::size_t i = 1; i < causes.size(); ++i) text += "\n  Then: " + causes[i];
    return text;
  }

  Task<int> print_outputs(std::string status) {
    auto described = co_await look_at_stack();
    if (!described) co_return report_error(session_, described.error());
    json::object outputs;
    std::size_t width = 0;
    if (stack_)
      for (const auto& output : stack_->outputs) {
        outputs[output.key] = output.value;
        width = std::max(width, output.key.size());
      }
    if (session_.is_json()) {
      print_json({{"stack", session_.stack_name},
                  {"status", status},
                  {"changes", changes_json(changes_)},
                  {"outputs", outputs}});
      co_return kSuccess;
    }
    if (!outputs.empty()) say({fmt::format("\nStack {}: {}", session_.stack_name, status), Tone::good});
    for (const auto& output : outputs)
      say({fmt::format("  {:<{}}  {}", std::string_view(output.key()), width,
                       std::string_view(output.value().as_string()))});
    if (outputs.contains("BatchBucket") && status != "NO_CHANGE") {
      std::string flag = session_.stack_name == "ads" ? "" : " --stack-name " + session_.stack_name;
      say(
          {fmt::format("\nNext:\n  ads users import FILE{0}      the users that batch files are about\n"
                       "  ads submit FILE --wait{0}     answer a batch file and show the report\n"
                       "  ads doctor{0}                 is everything ready, the mail above all?",
                       flag)});
    }
    co_return kSuccess;
  }

  Session& session_;
  DeployFlags flags_;
  aws::Connection& connection_;
  cfn::Client cfn_;
  Screen screen_;
  DeployInput input_;
  cfn::TemplateSource source_;
  std::optional<ArtefactBucket> bucket_;
  bool is_bucket_ready_ = false;
  std::vector<std::string> capabilities_;
  std::optional<cfn::Stack> stack_;
  std::vector<cfn::Change> changes_;
};

Task<int> deploy(Session& session, DeployFlags flags) {
  auto connection = session.connection();
  if (!connection) co_return report_error(session, connection.error());
  flags.yes = flags.is_yes ? YesFlag::given : YesFlag::absent;
  Deployment deployment(session, std::move(flags), **connection);
  co_return co_await deployment.run();
}

}  // namespace

void add_deploy(CLI::App& program, Session& session) {
  auto flags = std::make_shared<DeployFlags>();
  auto* command = program.add_subcommand(
      "deploy",
      "Make or update the stack: check the template, upload the code, show what would change, change it, print the "
      "outputs.");
  command->add_option(
      "--parameters,--parameter", flags->files.parameters,
      "Parameters of the template as Name=Value; those not named keep their value, or take the default");
  command->add_option("--parameters-file", flags->files.parameters_file,
                      "The same in a file: JSON as the aws CLI takes it, or Name=Value lines");
  command->add_option("--code,--function", flags->files.code,
                      "The function's zip (default: build/release/function.zip, or the one installed beside ads)");
  command->add_option("--template", flags->files.template_file,
                      "Template file (default: resources.yaml as it was when ads was built)");
  command->add_option("--artefact-bucket", flags->artefact_bucket,
                      "Bucket for the code (default: ads-artefacts-ACCOUNT-REGION, made where it does not exist)");
  command->add_flag("--yes", flags->is_yes, "Don't ask before changing");
  command->add_flag("--dry-run", flags->is_dry_run, "Show what would change, and change nothing");
  command->footer(
      "Examples:\n"
      "  ads deploy --parameters ReportTo=ops@example.com ReportFrom=ads@example.com\n"
      "  ads deploy --stack-name ads-test --parameters NamePrefix=ads-test --yes\n"
      "  ads deploy --dry-run\n"
      "Exit status: 0 changed or up to date, 1 failed (AWS puts the stack back as it was), 2 bad input.");
  command->callback([&session, flags] { session.action = [&session, flags] { return deploy(session, *flags); }; });
}

}  // namespace ads::cli
