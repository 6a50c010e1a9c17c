#include "cloud/cloudformation/dynamic_references.h"

#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::string_view kOpen = "{{resolve:", kClose = "}}";

Outcome<std::string> look_up(std::string_view reference, const FindParameter& find) {
  const auto colon = reference.find(':');
  const auto service = reference.substr(0, colon);
  const auto name = colon == std::string_view::npos ? std::string_view{} : reference.substr(colon + 1);
  if (service == "secretsmanager" || service == "ssm-secure") {
    return refuse(validation(fmt::format(
        "Dynamic reference {{{{resolve:{}}}}}: {} is not implemented by the local cloud. Use {{{{resolve:ssm:...}}}} "
        "or a parameter with NoEcho.",
        reference, service)));
  }
  if (service != "ssm" || name.empty()) {
    return refuse(validation(
        fmt::format("Incorrect format is used in the following dynamic reference: [{{{{resolve:{}}}}}]", reference)));
  }
  auto value = find(std::string(name));
  if (!value) {
    return refuse(validation(fmt::format("Dynamic reference {{{{resolve:{}}}}}: {}: {}", reference, value.error().code,
                                         value.error().message)));
  }
  return value;
}

Outcome<std::string> resolve_text(std::string_view text, const FindParameter& find) {
  std::string out;
  while (true) {
    const auto start = text.find(kOpen);
    const auto end = start == std::string_view::npos ? start : text.find(kClose, start);
    if (end == std::string_view::npos) return out + std::string(text);
    out.append(text.substr(0, start));
    auto value = look_up(text.substr(start + kOpen.size(), end - start - kOpen.size()), find);
    if (!value) return value;
    out.append(*value);
    text.remove_prefix(end + kClose.size());
  }
}

Outcome<json::value> resolve_value(const json::value& value, const FindParameter& find) {
  if (value.is_string()) {
    auto text = resolve_text(value.as_string(), find);
    if (!text) return refuse(text.error());
    return json::value(json::string(*text));
  }
  if (const auto* array = value.if_array()) {
    json::array out;
    for (const auto& element : *array) {
      auto resolved = resolve_value(element, find);
      if (!resolved) return resolved;
      out.push_back(*std::move(resolved));
    }
    return json::value(std::move(out));
  }
  if (const auto* object = value.if_object()) {
    auto resolved = resolve_dynamic_references(*object, find);
    if (!resolved) return refuse(resolved.error());
    return json::value(*std::move(resolved));
  }
  return value;
}

}  // namespace

bool has_dynamic_references(const json::value& value) {
  if (value.is_string()) return value.as_string().find(kOpen) != json::string::npos;
  if (const auto* array = value.if_array()) return std::ranges::any_of(*array, has_dynamic_references);
  const auto* object = value.if_object();
  return object != nullptr &&
         std::ranges::any_of(*object, [](const auto& member) { return has_dynamic_references(member.value()); });
}

Outcome<json::object> resolve_dynamic_references(const json::object& properties, const FindParameter& find) {
  json::object out;
  for (const auto& [name, value] : properties) {
    auto resolved = resolve_value(value, find);
    if (!resolved) return refuse(resolved.error());
    out[name] = *std::move(resolved);
  }
  return out;
}

}  // namespace ads::cloud::cloudformation
