#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <set>

#include "aws/cloudformation/client.h"
#include "aws/s3/client.h"
#include "aws/sts/client.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "cli/builtin_template.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;

constexpr std::size_t kLargestZip = 50u << 20;  // Lambda's limit for a zip
constexpr std::size_t kLargestBody = 51'200;    // CloudFormation's limit for a template in the request

struct DeployFlags {
  std::string function = "build/release/function.zip";
  std::string template_file;
  std::string artefact_bucket;
  std::vector<std::string> parameters;
  bool is_yes = false;
};

// "K=V" pairs. Errors: invalid / "BadParameter".
Result<std::vector<cfn::Parameter>> parse_parameters(const std::vector<std::string>& pairs) {
  std::vector<cfn::Parameter> parameters;
  for (const auto& pair : pairs) {
    auto equals = pair.find('=');
    if (equals == 0 || equals == pair.npos)
      return fail(ErrorKind::invalid, "BadParameter", fmt::format("'{}' is not of the form Name=Value", pair));
    parameters.push_back({pair.substr(0, equals), pair.substr(equals + 1)});
  }
  return parameters;
}

class Deployment {
 public:
  Deployment(Session& session, DeployFlags flags, aws::Connection& connection)
      : session_(session), flags_(std::move(flags)), connection_(connection), cfn_(connection), s3_(connection) {}

  Task<int> run() {
    auto parameters = parse_parameters(flags_.parameters);
    if (!parameters) co_return report_error(session_, parameters.error()), kUsage;
    std::string body(builtin_template());
    if (!flags_.template_file.empty()) {
      auto text = read_file(flags_.template_file, 1u << 20);
      if (!text) co_return report_error(session_, text.error());
      body = std::move(*text);
    }
    auto checked =
        body.size() <= kLargestBody ? co_await cfn_.validate_template(body) : Result<cfn::ValidateTemplateOutput>{};
    if (!checked) co_return report_error(session_, checked.error());

    auto code = co_await upload_code();
    if (!code) co_return report_error(session_, code.error());
    set_default(*parameters, "CodeBucket", code->first);
    set_default(*parameters, "CodeKey", code->second);

    auto change_set = co_await make_change_set(std::move(body), std::move(*parameters));
    if (!change_set) co_return report_error(session_, change_set.error());
    if (change_set->changes.empty()) {
      say(fmt::format("Stack {} is up to date.\n", session_.stack_name));
      co_return co_await print_outputs("NO_CHANGE");
    }
    for (const auto& change : change_set->changes)
      say(fmt::format("  {:<8} {:<42} {}{}\n", change.action, change.logical_id, change.resource_type,
                      change.replacement == "True" ? "  (replaced)" : ""));
    if (!flags_.is_yes) {
      if (!is_interactive())
        co_return report_error(session_, "NotConfirmed", "nobody can be asked here: confirm the changes with --yes"),
            kUsage;
      if (!ask(fmt::format("Make these {} changes? [y/N] ", change_set->changes.size()))) {
        auto removed = co_await cfn_.delete_change_set(session_.stack_name, change_set->name);
        co_return removed ? kSuccess : report_error(session_, removed.error());
      }
    }
    auto last_event = co_await newest_event();
    auto executed = co_await cfn_.execute_change_set(session_.stack_name, change_set->name);
    if (!executed) co_return report_error(session_, executed.error());
    co_return co_await follow(last_event);
  }

 private:
  void say(const std::string& text) {
    if (!session_.is_json()) print(text);
  }

  static void set_default(std::vector<cfn::Parameter>& parameters, const std::string& key, const std::string& value) {
    for (const auto& parameter : parameters)
      if (parameter.key == key) return;
    parameters.push_back({key, value});
  }

  // The zip under its content's hash: the same code is uploaded once, and a change of code is a change of key.
  Task<Result<std::pair<std::string, std::string>>> upload_code() {
    auto zip = read_file(flags_.function, kLargestZip);
    if (!zip) {
      Error error = zip.error();
      error.message += ": build it with `cmake --build --preset release`, or name another with --function";
      co_return fail(error);
    }
    std::string bucket = flags_.artefact_bucket;
    if (bucket.empty()) {
      auto identity = co_await aws::sts::Client(connection_).get_caller_identity();
      if (!identity) co_return fail(identity.error());
      bucket = fmt::format("ads-artefacts-{}-{}", identity->account, connection_.region());
    }
    if (auto there = co_await s3_.head_bucket(bucket); !there) {
      if (there.error().kind != ErrorKind::not_found) co_return fail(there.error());
      if (auto made = co_await s3_.create_bucket(bucket); !made) co_return fail(made.error());
      say(fmt::format("Made the bucket {} for the function's code.\n", bucket));
    }
    std::string key = "function/" + to_hex(sha256(*zip)) + ".zip";
    aws::s3::HeadObjectInput head;
    head.bucket = bucket;
    head.key = key;
    if (!co_await s3_.head_object(head)) {
      aws::s3::PutObjectInput put;
      put.bucket = bucket;
      put.key = key;
      put.content_type = "application/zip";
      put.body = std::move(*zip);
      if (auto stored = co_await s3_.put_object(std::move(put)); !stored) co_return fail(stored.error());
      say(fmt::format("Uploaded {} to s3://{}/{}\n", flags_.function, bucket, key));
    }
    co_return std::pair{bucket, key};
  }

  Task<Result<cfn::ChangeSetType>> change_set_type() {
    auto described = co_await cfn_.describe_stacks(session_.stack_name);
    if (!described) {
      if (described.error().message.find("does not exist") != std::string::npos) co_return cfn::ChangeSetType::create;
      co_return fail(described.error());
    }
    const std::string& status = described->stacks.at(0).status;
    if (status == "REVIEW_IN_PROGRESS") co_return cfn::ChangeSetType::create;
    if (status == "ROLLBACK_COMPLETE" || status == "ROLLBACK_FAILED" || status == "DELETE_FAILED")
      co_return fail(ErrorKind::conflict, "StackUnusable",
                     fmt::format("the stack '{}' is {}: it can only be deleted (aws cloudformation delete-stack "
                                 "--stack-name {}) and made again",
                                 session_.stack_name, status, session_.stack_name));
    for (const auto& parameter : described->stacks.at(0).parameters) known_.insert(parameter.key);
    co_return cfn::ChangeSetType::update;
  }

  Task<Result<cfn::DescribeChangeSetOutput>> make_change_set(std::string body, std::vector<cfn::Parameter> parameters) {
    auto type = co_await change_set_type();
    if (!type) co_return fail(type.error());
    // An update keeps the values that the flags don't name.
    for (const auto& key : known_) {
      bool is_given = std::any_of(parameters.begin(), parameters.end(), [&](const auto& p) { return p.key == key; });
      if (!is_given && body.find("\n  " + key + ":") != body.npos) parameters.push_back({key, std::nullopt});
    }
    cfn::CreateChangeSetInput input;
    input.stack_name = session_.stack_name;
    input.change_set_name = "ads-" + random_hex(12);
    input.type = *type;
    input.template_body = std::move(body);
    input.parameters = std::move(parameters);
    input.capabilities = {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"};
    auto made = co_await cfn_.create_change_set(input);
    if (!made) co_return fail(made.error());
    std::optional<std::string> next;
    cfn::DescribeChangeSetOutput all;
    for (;;) {
      auto described = co_await cfn_.describe_change_set(session_.stack_name, input.change_set_name, next);
      if (!described) co_return fail(described.error());
      if (described->status == "FAILED") {
        auto removed = co_await cfn_.delete_change_set(session_.stack_name, input.change_set_name);
        bool is_unchanged = described->status_reason.find("didn't contain changes") != std::string::npos ||
                            described->status_reason.find("No updates are to be performed") != std::string::npos;
        if (is_unchanged && removed) co_return cfn::DescribeChangeSetOutput{};
        co_return fail(ErrorKind::invalid, "ChangeSetFailed", described->status_reason);
      }
      if (described->status != "CREATE_COMPLETE") {
        co_await sleep_for(std::chrono::milliseconds(300));
        continue;
      }
      for (auto& change : described->changes) all.changes.push_back(std::move(change));
      next = described->next_token;
      if (next) continue;
      all.name = input.change_set_name;
      co_return all;
    }
  }

  Task<std::string> newest_event() {
    auto events = co_await cfn_.describe_stack_events(session_.stack_name);
    co_return events && !events->events.empty() ? events->events.front().id : std::string{};
  }

  // Prints events as they come, until the stack itself has come to an end.
  Task<int> follow(std::string after) {
    std::vector<std::string> reasons;
    for (;;) {
      auto page = co_await cfn_.describe_stack_events(session_.stack_name);
      if (!page) co_return report_error(session_, page.error());
      std::vector<cfn::StackEvent> fresh;
      for (auto& event : page->events) {
        if (event.id == after) break;
        fresh.push_back(std::move(event));
      }
      if (!fresh.empty()) after = fresh.front().id;
      for (auto event = fresh.rbegin(); event != fresh.rend(); ++event) {
        bool is_failure = event->status.ends_with("_FAILED");
        if (is_failure)
          reasons.push_back(fmt::format("{} ({}): {}", event->logical_id, event->resource_type, event->status_reason));
        say(fmt::format("  {:<28} {:<32} {}{}\n", event->status, event->logical_id, event->resource_type,
                        is_failure ? "\n    " + event->status_reason : ""));
        bool is_stack =
            event->resource_type == "AWS::CloudFormation::Stack" && event->logical_id == session_.stack_name;
        if (!is_stack || event->status.ends_with("_IN_PROGRESS")) continue;
        if (event->status == "CREATE_COMPLETE" || event->status == "UPDATE_COMPLETE")
          co_return co_await print_outputs(event->status);
        std::string why = fmt::format("the stack '{}' ended as {}", session_.stack_name, event->status);
        for (const auto& reason : reasons) why += "; " + reason;
        co_return report_error(session_, "DeployFailed", why);
      }
      co_await sleep_for(std::chrono::milliseconds(fresh.empty() ? 250 : 50));
    }
  }

  Task<int> print_outputs(std::string status) {
    auto outputs = co_await session_.stack();
    if (!outputs) co_return report_error(session_, outputs.error());
    if (session_.is_json()) {
      json::object object;
      for (const auto& [key, value] : *outputs) object[key] = value;
      print_json({{"stack", session_.stack_name}, {"status", status}, {"outputs", object}});
    } else {
      print("\n");
      for (const auto& [key, value] : *outputs) print(fmt::format("  {:<26} {}\n", key, value));
    }
    co_return kSuccess;
  }

  Session& session_;
  DeployFlags flags_;
  aws::Connection& connection_;
  cfn::Client cfn_;
  aws::s3::Client s3_;
  std::set<std::string> known_;  // parameters that the stack has already
};

Task<int> deploy(Session& session, DeployFlags flags) {
  auto connection = session.connection();
  if (!connection) co_return report_error(session, connection.error());
  Deployment deployment(session, std::move(flags), **connection);
  co_return co_await deployment.run();
}

}  // namespace

void add_deploy(CLI::App& program, Session& session) {
  auto flags = std::make_shared<DeployFlags>();
  auto* command = program.add_subcommand(
      "deploy",
      "Make or update the stack: upload the function, show what would change, change it, print the outputs.\n"
      "Example: ads deploy --parameter ReportTo=ops@example.com --parameter ReportFrom=ads@example.com");
  command->add_option("--function", flags->function, "The function's zip")->capture_default_str();
  command->add_option("--template", flags->template_file,
                      "Template file (default: resources.yaml as it was when ads was built)");
  command->add_option("--artefact-bucket", flags->artefact_bucket,
                      "Bucket for the zip (default: ads-artefacts-ACCOUNT-REGION, made where it does not exist)");
  command->add_option("--parameter", flags->parameters, "Parameter of the template as Name=Value; repeat for more")
      ->allow_extra_args(false);
  command->add_flag("--yes", flags->is_yes, "Don't ask before changing");
  command->callback([&session, flags] { session.action = [&session, flags] { return deploy(session, *flags); }; });
}

}  // namespace ads::cli
