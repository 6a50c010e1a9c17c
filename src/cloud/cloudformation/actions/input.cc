#include "cloud/cloudformation/actions/input.h"

#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/cloudformation/errors.h"
#include "cloud/cloudformation/template_url.h"
#include "cloud/query_protocol.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::size_t kLongestBody = 51'200, kLongestObject = 1'000'000;
constexpr auto kGrace = std::chrono::seconds(2);

json::array sorted(json::array tags) {
  std::ranges::sort(tags, {}, [](const json::value& tag) { return json::serialize(tag); });
  return tags;
}

}  // namespace

std::string text(const json::object& input, std::string_view member) {
  return std::string(get_string(input, member).value_or(""));
}

json::array list(const json::object& input, std::string_view member) {
  const auto* found = get_array(input, member);
  return found != nullptr ? *found : json::array{};
}

std::string members(const json::object& result) {
  XmlWriter xml;
  write_members(xml, result);
  return xml.take();
}

Outcome<std::string> stack_name(const json::object& input) {
  const auto name = text(input, "StackName");
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool is_valid =
      !name.empty() && name.size() <= 128 && is_letter(name[0]) &&
      std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
  if (!is_valid) {
    return refuse(
        validation(fmt::format("1 validation error detected: Value '{}' at 'stackName' failed to satisfy "
                               "constraint: Member must satisfy regular expression pattern: "
                               "[a-zA-Z][-a-zA-Z0-9]*",
                               name)));
  }
  return name;
}

Outcome<Stack> named_stack(Desk& desk, const Call& call, const json::object& input) {
  const auto name = text(input, "StackName");
  if (name.empty()) {
    return refuse(
        validation("1 validation error detected: Value null at 'stackName' failed to satisfy constraint: "
                   "Member must not be null"));
  }
  auto stack = desk.stacks.find(call.region, name);
  if (!stack) return refuse(no_stack(name));
  return *std::move(stack);
}

Outcome<void> refuse_unsupported(const json::object& input) {
  for (const auto member : {"StackPolicyBody", "StackPolicyURL", "StackPolicyDuringUpdateBody",
                            "StackPolicyDuringUpdateURL", "NotificationARNs", "ResourceTypes", "ResourcesToImport"}) {
    const auto* given = input.if_contains(member);
    if (given != nullptr && *given != "") return refuse(unsupported(fmt::format("The option {}", member)));
  }
  if (const auto* rollback = get_object(input, "RollbackConfiguration")) {
    if (!list(*rollback, "RollbackTriggers").empty()) return refuse(unsupported("RollbackConfiguration with triggers"));
  }
  if (!text(input, "DeploymentMode").empty()) return refuse(unsupported("The option DeploymentMode"));
  return {};
}

Task<Outcome<std::string>> read_template_text(Desk& desk, const Call& call, json::object input, const Stack* previous) {
  const auto body = text(input, "TemplateBody"), url = text(input, "TemplateURL");
  const bool keeps = text(input, "UsePreviousTemplate") == "true";
  if (int{!body.empty()} + int{!url.empty()} + int{keeps} > 1) {
    co_return refuse(validation("Specify only one of TemplateBody, TemplateURL and UsePreviousTemplate."));
  }
  if (!body.empty()) {
    if (body.size() > kLongestBody) {
      co_return refuse(
          validation(fmt::format("1 validation error detected: Value at 'templateBody' failed to satisfy "
                                 "constraint: Member must have length less than or equal to {}",
                                 kLongestBody)));
    }
    co_return body;
  }
  if (!url.empty()) {
    auto address = parse_template_url(url);
    if (!address) co_return refuse(address.error());
    if (desk.environment.objects == nullptr) co_return refuse(unsupported("TemplateURL without an object store"));
    // As the caller: with this cloud's own power any template could be read into any stack, and from there by
    // GetTemplate.
    if (auto allowed = desk.environment.objects->may_read(call, address->bucket, address->key, address->version_id);
        !allowed)
      co_return refuse(validation(fmt::format("S3 error: Access Denied: {}", allowed.error().message)));
    auto read = co_await desk.environment.objects->read_object(address->bucket, address->key, address->version_id,
                                                               kLongestObject);
    if (!read && read.error().code == "EntityTooLarge") {
      co_return refuse(validation(fmt::format("Template may not exceed {} bytes in size.", kLongestObject)));
    }
    if (!read) co_return refuse(validation(fmt::format("S3 error: {}: {}", read.error().code, read.error().message)));
    co_return *std::move(read);
  }
  if (previous != nullptr && !previous->definition.template_text.empty()) co_return previous->definition.template_text;
  co_return refuse(validation("Either Template URL or Template Body must be specified."));
}

Stack new_stack(const Desk& desk, const Call& call, std::string name) {
  Stack stack{.region = call.region, .uuid = random_uuid(), .name = std::move(name)};
  stack.id = fmt::format("arn:aws:cloudformation:{}:{}:stack/{}/{}", stack.region, desk.environment.account, stack.name,
                         stack.uuid);
  stack.created = desk.stacks.now();
  return stack;
}

Outcome<void> check_types(const Template& parsed, const TypeTable& types) {
  std::set<std::string> unknown;
  for (const auto& resource : parsed.resources) {
    if (!types.contains(resource.type)) unknown.insert(resource.type);
  }
  if (unknown.empty()) return {};
  std::string names;
  for (const auto& name : unknown) names += (names.empty() ? "" : ", ") + name;
  return refuse(format_error(fmt::format("Unrecognized resource types: [{}]", names)));
}

json::array shown_parameters(const Definition& definition) {
  json::array out;
  if (definition.values.empty()) return out;
  for (const auto& [name, value] : definition.values) {
    const bool is_secret = definition.is_secret(name);
    json::object shown{{"ParameterKey", name}, {"ParameterValue", is_secret ? kSecretValue : value}};
    if (const auto stored = definition.stored.find(name); stored != definition.stored.end()) {
      shown["ResolvedValue"] = is_secret ? kSecretValue : stored->second;
    }
    out.push_back(std::move(shown));
  }
  return out;
}

namespace {

Outcome<Prepared> prepare(Desk& desk, const json::object& input, std::string template_text, const Stack& present) {
  auto parsed = read_template(template_text);
  if (!parsed) return refuse(parsed.error());
  Prepared out{.parsed = *std::move(parsed)};
  if (auto checked = check_types(out.parsed, desk.types); !checked) return refuse(checked.error());
  auto values = choose_values(out.parsed, list(input, "Parameters"), present.definition.values);
  if (!values) return refuse(values.error());
  auto stored = look_up_values(out.parsed, *values, desk.engine.find_parameter(present.region));
  if (!stored) return refuse(stored.error());
  out.definition = {.template_text = std::move(template_text), .values = *std::move(values)};
  out.definition.stored = *std::move(stored);
  out.definition.secrets.emplace();
  for (const auto& parameter : out.parsed.parameters)
    if (parameter.is_secret) out.definition.secrets->insert(parameter.name);
  // An update without tags keeps them; an explicit empty list drops them.
  out.definition.tags = input.contains("Tags") ? list(input, "Tags") : present.definition.tags;
  out.definition.capabilities = list(input, "Capabilities");
  if (out.definition.tags.size() > 50) return refuse(validation("A stack can have up to 50 tags."));
  for (const auto& given : out.definition.capabilities) {
    if (given == "CAPABILITY_IAM" || given == "CAPABILITY_NAMED_IAM" || given == "CAPABILITY_AUTO_EXPAND") continue;
    return refuse(validation(
        fmt::format("1 validation error detected: Value '[{}]' at 'capabilities' failed to satisfy constraint: Member "
                    "must satisfy constraint: [Member must satisfy enum value set: [CAPABILITY_IAM, "
                    "CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND]]",
                    as_text(given))));
  }
  std::vector<std::string> because;
  const auto needed = needed_capability(out.parsed, because);
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(out.definition.capabilities, [&](const json::value& given) {
      return given.is_string() && given.as_string() == name;
    });
  };
  if (!needed.empty() && !has(needed) && !has("CAPABILITY_NAMED_IAM")) return refuse(insufficient_capabilities(needed));
  std::map<std::string, const ResourceState*, std::less<>> known;
  const auto effective = out.definition.effective();
  Resolver resolver(
      out.parsed, effective, desk.engine.pseudo_parameters(present),
      [&known](std::string_view logical_id) -> const ResourceState* {
        const auto found = known.find(logical_id);
        return found == known.end() ? nullptr : found->second;
      },
      desk.engine.find_export(present));
  if (auto decided = resolver.decide_conditions(); !decided) return refuse(decided.error());
  if (auto checked = resolver.check_rules(); !checked) return refuse(checked.error());
  const auto existing = desk.stacks.resources(present);
  const auto tags =
      sorted(out.definition.tags) == sorted(present.definition.tags) ? TagChange::same : TagChange::different;
  auto plan = plan_changes({.target = out.parsed,
                            .resolver = resolver,
                            .types = desk.types,
                            .find_parameter = desk.engine.find_parameter(present.region),
                            .existing = existing,
                            .present = present.definition,
                            .values = effective,
                            .known = known,
                            .tags = tags,
                            .outputs = present.outputs,
                            .is_mended = present.status.ends_with("_FAILED")});
  if (!plan) return refuse(plan.error());
  out.plan = *std::move(plan);
  return out;
}

}  // namespace

Task<Outcome<Prepared>> prepare_definition(Desk& desk, json::object input, std::string template_text, Stack present) {
  co_return co_await desk.engine.work_thread().run(
      [&] { return prepare(desk, input, std::move(template_text), present); });
}

bool is_as_read(const Desk& desk, const Stack& stack) {
  const auto now = desk.stacks.find(stack.region, stack.name);
  if (now) return write(*now) == write(stack);
  return !desk.stacks.find_uuid(stack.region, stack.uuid);
}

Conduct conduct_of(const json::object& input) {
  return {.keeps_failed = text(input, "DisableRollback") == "true",
          .removes_retained = text(input, "RetainExceptOnCreate") == "true"};
}

Outcome<bool> is_retry(const Stack& stack, const json::object& input, std::string_view action) {
  const auto token = text(input, "ClientRequestToken");
  if (token.empty() || token != stack.client_token) return false;
  if (stack.token_action == action) return true;
  return refuse(400, "TokenAlreadyExistsException",
                fmt::format("Token {} was already used for a {} request", token, stack.token_action));
}

Answer settle(Desk& desk, Stack stack, std::string result) {
  if (auto flushed = co_await desk.stacks.store().durable(); !flushed) {
    co_return refuse(internal_failure(flushed.error()));
  }
  co_await desk.engine.wait_until_idle(stack.region, stack.uuid, std::chrono::steady_clock::now() + kGrace);
  co_return result;
}

std::string write_token(std::string_view place) {
  return to_base64(place);
}

Outcome<std::string> read_token(const json::object& input) {
  auto place = from_base64(text(input, "NextToken"));
  if (!place) return refuse(validation("The NextToken is not valid."));
  return *std::move(place);
}

}  // namespace ads::cloud::cloudformation
