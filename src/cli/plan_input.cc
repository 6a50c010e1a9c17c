#include "cli/plan_input.h"

#include <fmt/core.h>

#include <charconv>
#include <optional>

namespace ads::cli {
namespace {

std::optional<double> number(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A parameter that is a number, with the template's limits.
struct NumberParameter {
  std::string_view name;
  double lowest, highest;
  void (*set)(plan::Deployment& deployment, double value);
};
constexpr NumberParameter kNumbers[] = {
    {"WorkerConcurrency", 2, 1000, [](auto& d, double v) { d.worker_concurrency = static_cast<int>(v); }},
    {"RetryConcurrency", 2, 1000, [](auto& d, double v) { d.retry_concurrency = static_cast<int>(v); }},
    {"PublishRate", 0, 1e6, [](auto& d, double v) { d.publish_rate = v; }},
    {"ShardBytes", 65536, 1099511627776, [](auto& d, double v) { d.shard_bytes = static_cast<std::uint64_t>(v); }},
    {"FunctionMemory", 128, 10240, [](auto& d, double v) { d.function_memory = static_cast<int>(v); }},
};

// A parameter that is one of two words.
struct WordParameter {
  std::string_view name, first, second;
  void (*set)(plan::Deployment& deployment, bool is_second);
};
using plan::Deployment;
constexpr WordParameter kWords[] = {
    {"StrictOrdering", "false", "true",
     [](auto& d, bool second) {
       d.ordering = second ? Deployment::Ordering::by_file : Deployment::Ordering::by_shard;
     }},
    {"TopicType", "standard", "fifo",
     [](auto& d, bool second) { d.topic = second ? Deployment::Topic::fifo : Deployment::Topic::standard; }},
    {"Architecture", "x86_64", "arm64",
     [](auto& d, bool second) {
       d.architecture = second ? Deployment::Architecture::arm64 : Deployment::Architecture::x86_64;
     }},
};

Result<void> set_parameter(plan::Deployment& deployment, std::string_view name, std::string_view value) {
  std::string known;
  for (const NumberParameter& parameter : kNumbers) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", parameter.name);
    if (parameter.name != name) continue;
    auto given = number(value);
    if (!given || *given != static_cast<double>(static_cast<std::int64_t>(*given)) || *given < parameter.lowest ||
        *given > parameter.highest)
      return fail(ErrorKind::invalid, "BadParameter",
                  fmt::format("{} is '{}': a whole number from {:.0f} to {:.0f} is accepted", name, value,
                              parameter.lowest, parameter.highest));
    parameter.set(deployment, *given);
    return {};
  }
  for (const WordParameter& parameter : kWords) {
    known += fmt::format(", {}", parameter.name);
    if (parameter.name != name) continue;
    if (value != parameter.first && value != parameter.second)
      return fail(ErrorKind::invalid, "BadParameter",
                  fmt::format("{} is '{}': {} or {} is accepted", name, value, parameter.first, parameter.second));
    parameter.set(deployment, value == parameter.second);
    return {};
  }
  return fail(ErrorKind::invalid, "BadParameter",
              fmt::format("no parameter '{}' has to do with speed: those that have are {}", name, known));
}

}  // namespace

Result<plan::Deployment> parse_deployment(const std::vector<std::string>& pairs) {
  plan::Deployment deployment;
  for (std::string_view pair : pairs) {
    auto equals = pair.find('=');
    if (equals == pair.npos)
      return fail(ErrorKind::invalid, "BadParameter", fmt::format("'{}' is not of the form Name=Value", pair));
    auto set = set_parameter(deployment, pair.substr(0, equals), pair.substr(equals + 1));
    if (!set) return fail(set.error());
  }
  return deployment;
}

Result<Mix> parse_mix(std::string_view text) {
  auto wrong = [&] {
    return fail(ErrorKind::invalid, "BadMix",
                fmt::format("'{}' is not a mix: give percents of the records, such as retry=20,bad=1", text));
  };
  Mix mix;
  for (std::string_view rest = text; !rest.empty();) {
    auto comma = rest.find(',');
    std::string_view one = rest.substr(0, comma);
    rest = comma == rest.npos ? std::string_view{} : rest.substr(comma + 1);
    auto equals = one.find('=');
    if (equals == one.npos) return wrong();
    auto percent = number(one.substr(equals + 1));
    std::string_view name = one.substr(0, equals);
    if (!percent || *percent < 0 || *percent > 100 || (name != "retry" && name != "bad")) return wrong();
    (name == "retry" ? mix.retry_share : mix.bad_share) = *percent / 100;
  }
  if (mix.retry_share + mix.bad_share > 1) return wrong();
  return mix;
}

}  // namespace ads::cli
