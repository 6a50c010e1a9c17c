#include "cloud/lambda/function_name.h"

#include <vector>

#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

bool is_word(std::string_view text) {
  if (text.empty() || text.size() > 128) return false;
  for (unsigned char c : text)
    if (!std::isalnum(c) && c != '-' && c != '_') return false;
  return true;
}

}  // namespace

Outcome<FunctionName> parse_function_name(std::string_view text, std::string_view region, std::string_view account) {
  auto bad = [&] {
    return refuse(invalid_member(
        "functionName", text,
        "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-"
        "[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?"));
  };
  auto parts = split(text);
  std::size_t at = 0;
  if (parts.size() >= 7 && parts[0] == "arn" && parts[2] == "lambda") {
    if (parts[3] != region)
      return refuse(
          not_found(fmt::format("Functions from '{}' are not reachable in this region ('{}')", parts[3], region)));
    if (parts[4] != account) return refuse(function_not_found(text));
    if (parts[5] != "function") return bad();
    at = 6;
  } else if (parts.size() >= 3 && parts[1] == "function") {
    if (parts[0] != account) return refuse(function_not_found(text));
    at = 2;
  } else if (parts.size() >= 2 && parts[0] == "function") {
    at = 1;
  }
  FunctionName out;
  if (at >= parts.size() || parts.size() - at > 2 || !is_word(parts[at]) || parts[at].size() > 64) return bad();
  out.name = parts[at];
  if (parts.size() - at == 2) {
    if (parts[at + 1] != "$LATEST" && !is_word(parts[at + 1])) return bad();
    out.qualifier = parts[at + 1];
  }
  return out;
}

Outcome<FunctionName> parse_function_name(std::string_view text, std::string_view qualifier, std::string_view region,
                                          std::string_view account) {
  auto parsed = parse_function_name(text, region, account);
  if (!parsed || qualifier.empty()) return parsed;
  if (qualifier != "$LATEST" && !is_word(qualifier))
    return refuse(
        invalid_member("qualifier", qualifier, "Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)"));
  if (!parsed->qualifier.empty() && parsed->qualifier != qualifier)
    return refuse(
        invalid_parameter("The derived qualifier from the function name does not match the specified qualifier."));
  parsed->qualifier = qualifier;
  return parsed;
}

std::string function_arn(std::string_view region, std::string_view account, std::string_view name,
                         std::string_view qualifier) {
  auto arn = fmt::format("arn:aws:lambda:{}:{}:function:{}", region, account, name);
  return qualifier.empty() ? arn : arn + ":" + std::string(qualifier);
}

std::string region_of_arn(std::string_view arn) {
  auto parts = split(arn);
  return parts.size() >= 6 && parts[0] == "arn" ? std::string(parts[3]) : std::string();
}

}  // namespace ads::cloud::lambda
