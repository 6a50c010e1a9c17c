#include "cli/deploy_input.h"

#include <fmt/core.h>

#include <filesystem>

#include "cli/builtin_template.h"
#include "cli/deploy_values.h"
#include "cli/function_zip.h"
#include "cli/given_parameters.h"
#include "cli/session.h"

namespace ads::cli {
namespace {

constexpr std::size_t kLargestZip = 50u << 20;           // Lambda's limit for a zip
constexpr std::size_t kLargestTemplate = 1'000'000;      // CloudFormation's, for one that lies in S3
constexpr std::string_view kBuiltin = "resources.yaml";  // what complaints call the template that ads brings along

// Where the build and the package put the function's zip.
Result<std::string> find_code(const std::string& flag) {
  if (!flag.empty()) return flag;
  std::error_code error;
  auto program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  std::string looked;
  for (const auto& place : {std::filesystem::path("build/release/function.zip"), program / "function.zip",
                            program / "../share/ads/function-x86_64.zip"}) {
    if (std::filesystem::exists(place, error)) return place.lexically_normal().string();
    looked += fmt::format("\n  {}", place.lexically_normal().string());
  }
  return fail(ErrorKind::not_found, "NoCode",
              fmt::format("there is no function to deploy: build it with `cmake --build --preset release`, or name its "
                          "zip with --code. Looked for:{}",
                          looked));
}

Result<void> read_code(const std::string& flag, DeployInput& input) {
  auto place = find_code(flag);
  if (!place) return fail(place.error());
  auto zip = read_file(*place, kLargestZip);
  if (!zip) return fail(zip.error());
  auto architecture = architecture_of(*zip, *place);
  if (!architecture) return fail(architecture.error());
  input.code_name = *place;
  input.code = std::move(*zip);
  if (architecture->empty() || !input.file.parameter("Architecture")) return {};
  auto [chosen, is_new] = input.given.emplace("Architecture", *architecture);
  if (is_new || chosen->second == *architecture) return {};
  return fail(
      ErrorKind::invalid, "BadCode",
      fmt::format("{} was built for {}, but the parameter Architecture is {}", *place, *architecture, chosen->second));
}

Result<ParameterMap> read_parameters(const DeployFiles& files) {
  ParameterMap given;
  if (!files.parameters_file.empty()) {
    auto text = read_file(files.parameters_file, 1u << 20);
    if (!text) return fail(text.error());
    auto read = parse_parameters_file(*text, files.parameters_file);
    if (!read) return fail(read.error());
    given = std::move(*read);
  }
  auto pairs = parse_pairs(files.parameters);
  if (!pairs) return fail(pairs.error());
  for (auto& [name, value] : *pairs) given[name] = std::move(value);
  return given;
}

}  // namespace

Result<DeployInput> read_deploy_input(const DeployFiles& files) {
  DeployInput input;
  auto given = read_parameters(files);
  if (!given) return fail(given.error());
  input.given = std::move(*given);
  if (auto good = check_values(input.given); !good) return fail(good.error());
  std::string text(builtin_template()), name(kBuiltin);
  if (!files.template_file.empty()) {
    name = files.template_file;
    auto file = read_file(name, kLargestTemplate);
    if (!file) return fail(file.error());
    text = std::move(*file);
  }
  auto parsed = parse_template(std::move(text), std::move(name));
  if (!parsed) return fail(parsed.error());
  input.file = std::move(*parsed);
  if (!files.code.empty() && input.given.contains("CodeKey"))
    return fail(ErrorKind::invalid, "BadCode", "give --code or the parameter CodeKey, not both");
  if (input.file.parameter("CodeKey") && !input.given.contains("CodeKey")) {
    if (auto read = read_code(files.code, input); !read) return fail(read.error());
  }
  // Names and values now; what is missing only once it is known what the stack has.
  std::set<std::string> all;
  for (const auto& parameter : input.file.parameters) all.insert(parameter.name);
  if (auto good = check_parameters(input.file, input.given, all); !good) return fail(good.error());
  return input;
}

}  // namespace ads::cli
