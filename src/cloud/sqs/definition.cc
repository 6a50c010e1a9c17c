#include "cloud/sqs/definition.h"

#include "base/json.h"

namespace ads::cloud::sqs {
namespace {

template <class Map>
json::object to_object(const Map& map) {
  json::object object;
  for (const auto& [name, value] : map) object[name] = value;
  return object;
}

template <class Map>
void read_map(const json::object& object, std::string_view name, Map& into) {
  const auto* members = get_object(object, name);
  if (!members) return;
  for (const auto& member : *members) {
    if (member.value().is_string()) into[std::string(member.key())] = std::string(member.value().get_string());
  }
}

}  // namespace

std::string encode(const Definition& definition) {
  return json::serialize(json::object{{"number", static_cast<std::int64_t>(definition.number)},
                                      {"region", definition.region},
                                      {"account", definition.account},
                                      {"name", definition.name},
                                      {"created", definition.created},
                                      {"modified", definition.modified},
                                      {"purged", definition.purged},
                                      {"attributes", to_object(definition.attributes)},
                                      {"tags", to_object(definition.tags)},
                                      {"madeBy", definition.made_by}});
}

std::optional<Definition> decode_definition(std::string_view stored) {
  auto object = parse_json_object(stored);
  if (!object) return {};
  Definition definition;
  definition.number = static_cast<std::uint64_t>(get_integer(*object, "number").value_or(0));
  definition.region = get_string(*object, "region").value_or("");
  definition.account = get_string(*object, "account").value_or("");
  definition.name = get_string(*object, "name").value_or("");
  definition.created = get_integer(*object, "created").value_or(0);
  definition.modified = get_integer(*object, "modified").value_or(0);
  definition.purged = get_integer(*object, "purged").value_or(0);
  definition.made_by = get_string(*object, "madeBy").value_or("");
  read_map(*object, "attributes", definition.attributes);
  read_map(*object, "tags", definition.tags);
  if (definition.number == 0 || definition.name.empty()) return {};
  return definition;
}

std::optional<QueueName> parse_queue_arn(std::string_view arn) {
  constexpr std::string_view kPrefix = "arn:aws:sqs:";
  if (!arn.starts_with(kPrefix)) return {};
  arn.remove_prefix(kPrefix.size());
  const auto first = arn.find(':');
  if (first == std::string_view::npos) return {};
  const auto second = arn.find(':', first + 1);
  if (second == std::string_view::npos || arn.find(':', second + 1) != std::string_view::npos) return {};
  return QueueName{std::string(arn.substr(0, first)), std::string(arn.substr(first + 1, second - first - 1)),
                   std::string(arn.substr(second + 1))};
}

std::optional<QueueName> parse_queue_url(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    const auto path = url.find('/', scheme + 3);
    if (path == std::string_view::npos) return {};
    url.remove_prefix(path);
  }
  while (url.ends_with('/')) url.remove_suffix(1);
  const auto name = url.rfind('/');
  if (name == std::string_view::npos || name + 1 == url.size()) return {};
  const auto head = url.substr(0, name);
  const auto account = head.rfind('/');
  const auto digits = account == std::string_view::npos ? head : head.substr(account + 1);
  if (digits.size() != 12 || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return {};
  return QueueName{"", std::string(digits), std::string(url.substr(name + 1))};
}

}  // namespace ads::cloud::sqs
