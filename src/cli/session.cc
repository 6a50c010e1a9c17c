#include "cli/session.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>

#include "aws/cloudformation/client.h"
#include "aws/services.h"
#include "cli/input_file.h"
#include "cli/printable.h"

namespace ads::cli {

Result<aws::Connection*> Session::connection() {
  if (connection_) return connection_.get();
  auto process = aws::process_variables();
  auto variables = [this, process](std::string_view name) -> std::optional<std::string> {
    if (!region.empty() && (name == "AWS_REGION" || name == "AWS_DEFAULT_REGION")) return region;
    if (!profile.empty() && name == "AWS_PROFILE") return profile;
    if (!endpoint_url.empty() && name == "AWS_ENDPOINT_URL") return endpoint_url;
    return process(name);
  };
  auto made = aws::Connection::from_environment(io.get_executor(), variables);
  if (!made) return fail(made.error());
  connection_ = std::move(*made);
  return connection_.get();
}

std::string Session::place(std::string_view account) {
  auto connected = connection();
  if (!connected) return std::string(account);
  auto text = fmt::format("account {}, {}", account, (*connected)->region());
  auto endpoint = (*connected)->endpoint(aws::kCloudFormation);
  if (endpoint && endpoint->kind == aws::Endpoint::Kind::custom) text += " at " + endpoint->origin.authority();
  return text;
}

Task<Result<StackOutputs>> Session::stack() {
  if (!stack_.empty()) co_return stack_;
  auto connected = connection();
  if (!connected) co_return fail(connected.error());
  aws::cloudformation::Client client(**connected);
  auto described = co_await client.describe_stacks(stack_name);
  if (!described) {
    if (described.error().message.find("does not exist") != std::string::npos)
      co_return fail(
          ErrorKind::not_found, "NoStack",
          fmt::format("there is no stack '{0}' in {1}: deploy it with `ads deploy --stack-name {0}`, or name "
                      "another with --stack-name or --region",
                      stack_name, (*connected)->region()));
    co_return fail(described.error());
  }
  for (const auto& stack : described->stacks)
    for (const auto& output : stack.outputs) stack_[output.key] = output.value;
  if (stack_.empty())
    co_return fail(
        ErrorKind::not_found, "NoOutput",
        fmt::format("the stack '{}' has no outputs (yet): see `ads deploy --stack-name {}`", stack_name, stack_name));
  co_return stack_;
}

Task<Result<std::string>> Session::stack_output(std::string name) {
  auto outputs = co_await stack();
  if (!outputs) co_return fail(outputs.error());
  auto output = outputs->find(name);
  if (output == outputs->end())
    co_return fail(ErrorKind::not_found, "NoOutput",
                   fmt::format("the stack '{}' has no output '{}': is it a stack of ADS?", stack_name, name));
  co_return output->second;
}

int report_error(const Session& session, const Error& error) {
  bool is_local = error.message.find(" 127.0.0.1:") != error.message.npos ||
                  error.message.find(" localhost:") != error.message.npos;
  if (error.code != "ConnectFailed" || !is_local) return report_error(session, error.code, error.message);
  return report_error(session, error.code,
                      error.message +
                          ". Is the local cloud running? `ads cloud` starts it, and eval \"$(ads env)\" says "
                          "where it is");
}

int report_error(const Session& session, std::string_view code, std::string_view message) {
  flush_output();
  std::string text =
      session.is_json()
          ? printable_json(json::serialize(json::object{{"error", {{"code", code}, {"message", message}}}})) + "\n"
          : printable_lines(fmt::format("ads: {} ({})", message, code)) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
  return kFailure;
}

bool is_interactive() {
  return ::isatty(STDIN_FILENO) && ::isatty(STDERR_FILENO);
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  InputFile file;
  if (auto opened = file.open(path); !opened) return fail(opened.error());
  std::string text;
  for (;;) {
    auto piece = file.read(65536);
    if (!piece) return fail(piece.error());
    if (piece->empty()) return text;
    text += *piece;
    if (text.size() > limit)
      return fail(ErrorKind::invalid, "FileTooLarge", fmt::format("{} is larger than {} bytes", file.name(), limit));
  }
}

}  // namespace ads::cli
