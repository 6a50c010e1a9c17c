#include "cloud/ssm/parameters.h"

#include <charconv>

#include "cloud/ssm/errors.h"
#include "cloud/ssm/keys.h"

namespace ads::cloud::ssm {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Parameter> Parameters::read(std::string_view region, std::string_view name,
                                          std::string_view stored) const {
  const auto object = parse_json_object(stored);
  const auto latest = object ? get_integer(*object, "latest") : std::nullopt;
  if (!latest) return std::nullopt;
  const auto version = static_cast<std::uint64_t>(*latest);
  const auto stored_version = store_.get(version_key(region, name, version));
  auto current = stored_version ? read_version(secrets_, version_key(region, name, version), version, *stored_version)
                                : std::nullopt;
  if (!current) return std::nullopt;
  Parameter parameter{.name = std::string(name), .current = *std::move(current)};
  if (const auto* tags = get_object(*object, "tags"))
    for (const auto& [key_of_tag, value] : *tags) parameter.tags.emplace(key_of_tag, value.as_string());
  parameter.client_token = std::string(get_string(*object, "token").value_or(""));
  return parameter;
}

std::optional<Parameter> Parameters::find(std::string_view region, std::string_view name) const {
  const auto stored = store_.get(key({"parameter", region, name}));
  return stored ? read(region, name, *stored) : std::nullopt;
}

std::vector<Version> Parameters::versions(std::string_view region, std::string_view name) const {
  std::vector<Version> out;
  const auto prefix = key({"version", region, name});
  for (auto cursor = store_.scan_prefix(prefix); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(prefix.size());
    const auto version = take_number(rest);
    auto read = version ? read_version(secrets_, cursor.key(), *version, cursor.value()) : std::nullopt;
    if (read) out.push_back(*std::move(read));
  }
  return out;
}

Outcome<Version> Parameters::resolve(std::string_view region, const Reference& reference) const {
  auto parameter = find(region, reference.name);
  if (!parameter) return refuse(parameter_not_found(reference.name));
  if (reference.selector.empty()) return std::move(parameter->current);
  if (const auto version = number(reference.selector)) {
    const auto stored = store_.get(version_key(region, reference.name, *version));
    if (auto read = stored ? read_version(secrets_, version_key(region, reference.name, *version), *version, *stored)
                           : std::nullopt)
      return *std::move(read);
  } else {
    for (auto& version : versions(region, reference.name))
      if (std::ranges::find(version.labels, reference.selector) != version.labels.end()) return version;
  }
  return refuse(version_not_found(reference.name, reference.selector));
}

Result<void> Parameters::seal_values() {
  const auto all = key({"version"});
  Batch batch;
  for (auto cursor = store_.scan_prefix(all); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(all.size());
    const auto region = take_text(rest), name = take_text(rest);
    const auto number = take_number(rest);
    const auto object = parse_json_object(cursor.value());
    const bool is_open = object && get_string(*object, "type") == "SecureString" && object->contains("value");
    if (!region || !name || !number || !is_open) continue;
    if (const auto version = read_version(secrets_, cursor.key(), *number, cursor.value()))
      put_version(batch, *region, *name, *version);
  }
  return store_.apply(std::move(batch));
}

void Parameters::put_entry(Batch& batch, std::string_view region, const Parameter& parameter) const {
  json::object tags;
  for (const auto& [name, value] : parameter.tags) tags[name] = value;
  batch.put(key({"parameter", region, parameter.name}),
            json::serialize(json::object{
                {"latest", parameter.current.number}, {"tags", std::move(tags)}, {"token", parameter.client_token}}));
}

void Parameters::put_version(Batch& batch, std::string_view region, std::string_view name,
                             const Version& version) const {
  const auto place = version_key(region, name, version.number);
  batch.put(place, write(secrets_, place, version));
}

Outcome<void> Parameters::put(Batch& batch, std::string_view region, const Parameter& parameter) const {
  const auto before = versions(region, parameter.name);
  if (before.size() >= kMostVersions) {
    if (!before.front().labels.empty())
      return refuse(
          400, "ParameterMaxVersionLimitExceeded",
          fmt::format("Version {} of {} has a label, and a parameter keeps 100 versions: move the label first.",
                      before.front().number, parameter.name));
    batch.remove(version_key(region, parameter.name, before.front().number));
  }
  put_version(batch, region, parameter.name, parameter.current);
  put_entry(batch, region, parameter);
  return {};
}

void Parameters::remove(Batch& batch, std::string_view region, std::string_view name) const {
  const auto all = key({"version", region, name});
  batch.remove(key({"parameter", region, name}));
  batch.remove_range(all, after_prefix(all));
}

std::vector<Parameter> Parameters::list(std::string_view region, std::string_view prefix,
                                        const std::function<bool(const Parameter&)>& wanted, std::string_view after,
                                        std::size_t most, std::string& next) const {
  std::vector<Parameter> out;
  const auto all = key({"parameter", region});
  // Names are whole fields of the key: a name's beginning, without the field's end, is where to begin.
  const auto begin = all + std::string(prefix);
  const auto from = after.empty() ? begin : key({"parameter", region, after}) + '\0';
  next.clear();
  for (auto cursor = store_.scan(from, after_prefix(begin)); cursor.valid(); cursor.next()) {
    auto rest = cursor.key().substr(all.size());
    const auto name = take_text(rest);
    auto parameter = name ? read(region, *name, cursor.value()) : std::nullopt;
    if (!parameter || !wanted(*parameter)) continue;
    if (out.size() == most) {
      next = out.back().name;
      break;
    }
    out.push_back(*std::move(parameter));
  }
  return out;
}

}  // namespace ads::cloud::ssm
