#include "cloud/ssm/parameter.h"

#include <boost/regex.hpp>

#include "cloud/operations/input.h"
#include "cloud/ssm/errors.h"

namespace ads::cloud::ssm {
namespace {

using operations::text;

constexpr std::size_t kStandardBytes = 4096, kAdvancedBytes = 8192, kMostLevels = 15, kLongestName = 1011;

bool is_prefix_of(std::string_view reserved, std::string_view name) {
  return name.size() >= reserved.size() && std::ranges::equal(reserved, name.substr(0, reserved.size()),
                                                              [](char a, char b) { return a == std::tolower(b); });
}

Outcome<void> check_pattern(const Version& version) {
  if (version.allowed_pattern.empty()) return {};
  // Boost's expressions give up with an error where others would search for hours.
  try {
    if (boost::regex_match(version.value, boost::regex(version.allowed_pattern))) return {};
  } catch (const std::runtime_error& error) {
    return refuse(400, "InvalidAllowedPatternException",
                  fmt::format("The allowed pattern {} can't be used: {}", version.allowed_pattern, error.what()));
  }
  return refuse(
      400, "ParameterPatternMismatchException",
      fmt::format("Parameter value, cannot be validated against allowedPattern: {}", version.allowed_pattern));
}

Outcome<void> set_type(const json::object& input, const Version* before, Version& version) {
  version.type = text(input, "Type");
  if (version.type.empty() && before != nullptr) version.type = before->type;
  if (version.type.empty()) return refuse(validation("A parameter type is required when you create a parameter."));
  if (version.type != "String" && version.type != "StringList" && version.type != "SecureString")
    return refuse(400, "UnsupportedParameterType",
                  fmt::format("The parameter type {} is not supported.", version.type));
  if (before != nullptr && before->type != version.type)
    return refuse(400, "HierarchyTypeMismatchException",
                  fmt::format("A parameter's type can't be changed from {} to {}.", before->type, version.type));
  return {};
}

Outcome<void> set_tier(const json::object& input, const Version* before, Version& version) {
  const auto tier = text(input, "Tier");
  if (tier != "" && tier != "Standard" && tier != "Advanced" && tier != "Intelligent-Tiering")
    return refuse(validation(fmt::format("The tier {} is none of Standard, Advanced, Intelligent-Tiering.", tier)));
  const bool was_advanced = before != nullptr && before->tier == "Advanced";
  if (was_advanced && tier == "Standard")
    return refuse(validation("An advanced parameter can't be changed to a standard one: delete it and make it again."));
  const bool is_large = version.value.size() > kStandardBytes;
  version.tier =
      was_advanced || tier == "Advanced" || (tier == "Intelligent-Tiering" && is_large) ? "Advanced" : "Standard";
  if (version.tier == "Standard" && is_large)
    return refuse(
        validation("Standard tier parameters support a maximum parameter value of 4096 characters. To create "
                   "a larger parameter value, upgrade the parameter to use the advanced-parameter tier."));
  if (version.value.size() > kAdvancedBytes)
    return refuse(validation("Advanced tier parameters support a maximum parameter value of 8192 characters."));
  return {};
}

}  // namespace

Reference parse_reference(std::string_view given) {
  Reference out;
  // "arn:aws:ssm:region:account:parameter/app/port:3"; a name without a slash stands behind one there.
  const auto at = given.starts_with("arn:") ? given.find(":parameter/") : given.npos;
  const bool is_arn = at != given.npos;
  if (is_arn) given.remove_prefix(at + 10);
  const auto colon = given.find(':');
  out.name = given.substr(0, colon);
  if (colon != given.npos) out.selector = given.substr(colon + 1);
  if (is_arn && std::ranges::count(out.name, '/') == 1) out.name.erase(0, 1);
  return out;
}

std::string parameter_arn(std::string_view account, std::string_view region, std::string_view name) {
  return fmt::format("arn:aws:ssm:{}:{}:parameter{}{}", region, account, name.starts_with('/') ? "" : "/", name);
}

Outcome<void> check_name(std::string_view name) {
  const bool has_legal_letters = std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_' || c == '/';
  });
  if (name.empty() || name.size() > kLongestName || !has_legal_letters || name.ends_with('/') ||
      name.find("//") != name.npos) {
    return refuse(validation(
        fmt::format("Parameter name '{}': only a mix of letters, numbers and the following 4 symbols .-_/ is allowed, "
                    "up to 1011 of them, with no slash at the end.",
                    name)));
  }
  if (name.find('/') != name.npos && !name.starts_with('/'))
    return refuse(validation("Parameter name must be a fully qualified name."));
  if (static_cast<std::size_t>(std::ranges::count(name, '/')) > kMostLevels)
    return refuse(400, "HierarchyLevelLimitExceededException", "A hierarchy can have up to 15 levels.");
  const auto first = name.substr(name.starts_with('/') ? 1 : 0);
  for (const std::string_view reserved : {"aws", "ssm"}) {
    if (is_prefix_of(reserved, first))
      return refuse(validation(
          fmt::format("Parameter name: can't be prefixed with \"{}\" (case-insensitive). Names of that kind are AWS's.",
                      reserved)));
  }
  return {};
}

Outcome<Version> next_version(const json::object& input, const Version* before) {
  Version version{.number = before != nullptr ? before->number + 1 : 1};
  version.value = text(input, "Value");
  if (version.value.empty()) return refuse(validation("A parameter's Value must have at least one character."));
  if (auto set = set_type(input, before, version); !set) return refuse(set.error());
  if (input.contains("Policies") && !text(input, "Policies").empty())
    return refuse(not_implemented("parameters with Policies"));
  const auto data_type = text(input, "DataType");
  if (!data_type.empty() && data_type != "text")
    return refuse(not_implemented(fmt::format("parameters of the data type {}", data_type)));
  if (auto set = set_tier(input, before, version); !set) return refuse(set.error());
  version.description =
      input.contains("Description") || before == nullptr ? text(input, "Description") : before->description;
  if (version.description.size() > 1024) return refuse(validation("A Description can have up to 1024 characters."));
  version.allowed_pattern = text(input, "AllowedPattern");
  if (version.allowed_pattern.empty() && before != nullptr) version.allowed_pattern = before->allowed_pattern;
  if (version.allowed_pattern.size() > 1024)
    return refuse(validation("An AllowedPattern can have up to 1024 characters."));
  if (auto checked = check_pattern(version); !checked) return refuse(checked.error());
  version.key_id = text(input, "KeyId");
  if (!version.key_id.empty() && version.type != "SecureString")
    return refuse(validation("KeyId is required for SecureString type parameter only."));
  if (version.type == "SecureString" && version.key_id.empty())
    version.key_id = before != nullptr ? before->key_id : "alias/aws/ssm";
  return version;
}

Outcome<Tags> read_tags(const json::object& input) {
  auto tags = operations::tags(input);
  if (tags.size() > 50) return refuse(400, "TooManyTagsError", "A parameter can have up to 50 tags.");
  return tags;
}

std::string write(const SecretKey& secrets, std::string_view context, const Version& version) {
  const bool is_secret = version.type == "SecureString";
  return json::serialize(
      json::object{{"type", version.type},
                   {is_secret ? "sealed" : "value", is_secret ? secrets.seal(version.value, context) : version.value},
                   {"description", version.description},
                   {"pattern", version.allowed_pattern},
                   {"keyId", version.key_id},
                   {"tier", version.tier},
                   {"dataType", version.data_type},
                   {"user", version.user},
                   {"modified", version.modified.time_since_epoch().count()},
                   {"labels", json::array(version.labels.begin(), version.labels.end())}});
}

std::optional<Version> read_version(const SecretKey& secrets, std::string_view context, std::uint64_t number,
                                    std::string_view stored) {
  const auto object = parse_json_object(stored);
  if (!object) return std::nullopt;
  Version version{.number = number,
                  .type = text(*object, "type"),
                  .value = text(*object, "value"),
                  .description = text(*object, "description"),
                  .allowed_pattern = text(*object, "pattern"),
                  .key_id = text(*object, "keyId"),
                  .tier = text(*object, "tier"),
                  .data_type = text(*object, "dataType"),
                  .user = text(*object, "user")};
  if (const auto sealed = get_string(*object, "sealed")) version.value = secrets.unseal_stored(*sealed, context);
  version.modified = SystemTime(std::chrono::milliseconds(get_integer(*object, "modified").value_or(0)));
  if (const auto* labels = get_array(*object, "labels"))
    for (const auto& label : *labels) version.labels.emplace_back(label.as_string());
  return version;
}

}  // namespace ads::cloud::ssm
