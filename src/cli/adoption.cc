#include "cli/adoption.h"

#include <fmt/core.h>

#include <algorithm>

#include "aws/dynamodb/client.h"
#include "aws/sesv2/client.h"
#include "base/clock.h"

namespace ads::cli {
namespace {

namespace cfn = aws::cloudformation;

constexpr std::string_view kTableName = "UsersTableName", kOwnTable = "ExistingUsersTable";
constexpr std::string_view kMakesIdentity = "CreateReportIdentity", kSender = "ReportFrom";
constexpr std::size_t kStacksSearched = 20;

std::string value_of(const ParameterMap& parameters, std::string_view name) {
  auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

class Search {
 public:
  Search(aws::Connection& connection, AdoptionQuery query) : connection_(connection), query_(query) {}

  Task<Result<Adoption>> run() {
    if (!query_.stack) co_await find_table();
    if (auto identity = co_await find_identity(); !identity) co_return fail(identity.error());
    co_return std::move(out_);
  }

 private:
  bool has(std::string_view parameter) const { return query_.file.parameter(parameter) != nullptr; }
  bool is_given(std::string_view parameter) const { return query_.given.contains(parameter); }

  void say_unseen(std::string_view what, const Error& error) {
    out_.lines.push_back(
        {fmt::format("Could not look for {}: {}: {}", what, error.code, error.message), Tone::warning});
  }

  Task<void> find_table() {
    if (!has(kTableName) || is_given(kTableName) || !value_of(query_.given, kOwnTable).empty()) co_return;
    auto deleted = co_await deleted_stacks();
    if (!deleted) {
      say_unseen("a users table that an earlier stack left behind", deleted.error());
      co_return;
    }
    auto earlier = earlier_stacks(std::move(*deleted), query_.stack_name);
    if (earlier.size() > kStacksSearched) earlier.resize(kStacksSearched);
    for (const auto& stack : earlier) {
      auto resources = co_await cfn::Client(connection_).describe_stack_resources(stack.id);
      if (!resources) continue;  // forgotten meanwhile
      auto name = left_behind(*resources, "UsersTable", "AWS::DynamoDB::Table");
      if (!name) continue;
      auto table = co_await aws::dynamodb::Client(connection_).describe_table(*name);
      if (!table && table.error().kind == ErrorKind::not_found) continue;
      if (!table) {
        say_unseen("the table " + *name, table.error());
        co_return;
      }
      out_.parameters.emplace(kTableName, *name);
      out_.lines.push_back(
          {fmt::format(
               "The stack {} of this name, deleted {}, left its users table {} behind: it is taken over with its "
               "users (UsersTableName={}; UsersTableName= makes a new one).",
               stack.name, stack.deleted ? iso8601(*stack.deleted) : "earlier", *name, *name),
           Tone::good});
      co_return;
    }
  }

  Task<Result<std::vector<cfn::StackSummary>>> deleted_stacks() {
    std::vector<cfn::StackSummary> out;
    std::optional<std::string> next;
    do {
      auto page = co_await cfn::Client(connection_).list_stacks({"DELETE_COMPLETE"}, next);
      if (!page) co_return fail(page.error());
      for (auto& stack : page->stacks) out.push_back(std::move(stack));
      next = page->next_token;
    } while (next);
    co_return out;
  }

  // CloudFormation would fail over it: SES has an identity once in an account and region.
  Task<Result<void>> find_identity() {
    auto sender = value_of(query_.given, kSender);
    bool is_asked_for = value_of(query_.given, kMakesIdentity) == "true";
    if (sender.empty() || !has(kMakesIdentity) || (is_given(kMakesIdentity) && !is_asked_for)) co_return Result<void>();
    if (query_.stack)
      for (const auto& [name, value] : query_.stack->parameters) {
        if (name == kSender && value == sender) co_return Result<void>();  // the stack's own, or never to be one
        if (name == kMakesIdentity && value == "false" && !is_given(kMakesIdentity)) co_return Result<void>();
      }
    auto identity = co_await aws::sesv2::Client(connection_).get_email_identity(sender);
    if (!identity && identity.error().kind == ErrorKind::not_found) co_return Result<void>();
    if (!identity) {
      say_unseen("an SES identity of " + sender, identity.error());
      co_return Result<void>();
    }
    if (is_asked_for)
      co_return fail(ErrorKind::invalid, "BadParameter",
                     fmt::format("SES has the identity {} already, of another stack or made by hand, and takes it only "
                                 "once: deploy with CreateReportIdentity=false",
                                 sender));
    out_.parameters.emplace(kMakesIdentity, "false");
    out_.lines.push_back(
        {fmt::format("SES has the identity {} already, of another stack or made by hand: this stack uses it and makes "
                     "none (CreateReportIdentity=false).",
                     sender),
         Tone::good});
    co_return Result<void>();
  }

  aws::Connection& connection_;
  AdoptionQuery query_;
  Adoption out_;
};

}  // namespace

std::vector<cfn::StackSummary> earlier_stacks(std::vector<cfn::StackSummary> deleted, std::string_view name) {
  std::erase_if(deleted, [&](const auto& stack) { return stack.name != name || stack.status != "DELETE_COMPLETE"; });
  std::ranges::sort(deleted, [](const auto& a, const auto& b) { return a.deleted > b.deleted; });
  return deleted;
}

std::optional<std::string> left_behind(const std::vector<cfn::StackResource>& resources, std::string_view logical_id,
                                       std::string_view type) {
  for (const auto& resource : resources)
    if (resource.logical_id == logical_id && resource.resource_type == type && resource.status == "DELETE_SKIPPED" &&
        !resource.physical_id.empty())
      return resource.physical_id;
  return std::nullopt;
}

Task<Result<Adoption>> find_adoptions(aws::Connection& connection, AdoptionQuery query) {
  Search search(connection, query);
  co_return co_await search.run();
}

}  // namespace ads::cli
