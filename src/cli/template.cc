#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/builtin_template.h"
#include "cli/commands.h"
#include "cli/packageable.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

Task<int> print_template(Session& session, std::string code) {
  std::string text(builtin_template());
  if (!code.empty()) {
    auto rewritten = packageable(text, code);
    if (!rewritten) co_return report_error(session, rewritten.error());
    text = std::move(*rewritten);
  }
  if (session.is_json())
    print_json({{"template", text}});
  else
    print(text);
  co_return kSuccess;
}

}  // namespace

void add_template(CLI::App& program, Session& session) {
  auto code = std::make_shared<std::string>();
  auto* command = program.add_subcommand(
      "template", "Print resources.yaml, the template that `ads deploy` deploys, for other tools to use.");
  command->add_option(
      "--code", *code,
      "Write the functions' code as this local zip instead of the parameters CodeBucket and CodeKey, as "
      "`aws cloudformation package` uploads it");
  command->footer(
      "Example, with the aws CLI alone (the code is uploaded by `package`, the stack made by `deploy`):\n"
      "  ads template --code $PWD/build/release/function.zip > template.yaml\n"
      "  aws cloudformation package --template-file template.yaml --s3-bucket MY-BUCKET --output-template-file "
      "packaged.yaml\n"
      "  aws cloudformation deploy --template-file packaged.yaml --s3-bucket MY-BUCKET --stack-name ads "
      "--capabilities CAPABILITY_IAM");
  command->callback([&session, code] { session.action = [&session, code] { return print_template(session, *code); }; });
}

}  // namespace ads::cli
