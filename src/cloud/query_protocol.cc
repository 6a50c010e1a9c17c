#include "cloud/query_protocol.h"

#include <charconv>

#include "base/encoding.h"

namespace ads::cloud {
namespace {

constexpr std::size_t kMostMembers = 10'000;
constexpr std::size_t kDeepest = 16;

WireError malformed(std::string_view why) {
  return {400, "MalformedInput", "The request form is malformed: " + std::string(why)};
}

std::optional<std::size_t> index_of(std::string_view name) {
  std::size_t number = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

// Objects whose names are all 1, 2, 3... become arrays, in the order of the numbers.
json::value settle(json::value value) {
  auto* object = value.if_object();
  if (!object) return value;
  for (auto& [name, member] : *object) member = settle(std::move(member));
  if (object->size() == 1) {
    // "member" wraps a list, "entry" the pairs of a map.
    if (auto* list = object->if_contains("member"); list && list->is_array()) return std::move(*list);
    if (auto* pairs = object->if_contains("entry"); pairs && pairs->is_array()) {
      json::object map;
      for (auto& pair : pairs->as_array()) {
        auto* entry = pair.if_object();
        // SNS's message attributes spell the pair Name and Value.
        const bool is_named = entry && entry->contains("Name");
        auto key = entry ? get_string(*entry, is_named ? "Name" : "key") : std::nullopt;
        auto* mapped = entry ? entry->if_contains(is_named ? "Value" : "value") : nullptr;
        if (key && mapped) map[*key] = std::move(*mapped);
      }
      return map;
    }
  }
  std::map<std::size_t, json::value*> elements;
  for (auto& [name, member] : *object) {
    auto index = index_of(name);
    if (!index) return value;
    elements[*index] = &object->at(name);
  }
  if (elements.empty()) return value;
  json::array array;
  for (auto& [index, element] : elements) array.push_back(std::move(*element));
  return array;
}

}  // namespace

Outcome<json::object> parse_query_form(std::string_view form) {
  json::object root;
  std::size_t members = 0;
  while (!form.empty()) {
    auto end = form.find('&');
    std::string_view pair = form.substr(0, end);
    form = end == form.npos ? std::string_view{} : form.substr(end + 1);
    if (pair.empty()) continue;
    if (++members > kMostMembers) return refuse(malformed("too many members"));
    auto equals = pair.find('=');
    std::string name = form_decode(pair.substr(0, equals));
    std::string value = equals == pair.npos ? std::string{} : form_decode(pair.substr(equals + 1));
    json::object* at = &root;
    std::string_view path = name;
    for (std::size_t depth = 0;; ++depth) {
      if (depth > kDeepest) return refuse(malformed("nested too deeply"));
      auto dot = path.find('.');
      if (dot == path.npos) break;
      json::value& next = (*at)[path.substr(0, dot)];
      if (!next.is_object()) next.emplace_object();
      at = &next.as_object();
      path.remove_prefix(dot + 1);
    }
    (*at)[path] = value;
  }
  for (auto& [name, value] : root) value = settle(std::move(value));
  return root;
}

http::Reply render_query_reply(const Call& call, std::string_view operation, std::string_view xml_namespace,
                               std::string_view result_xml) {
  std::string name(operation);
  XmlWriter xml;
  xml.open(name + "Response", "xmlns=\"" + std::string(xml_namespace) + "\"");
  if (!result_xml.empty()) xml.open(name + "Result").raw(result_xml).close();
  xml.open("ResponseMetadata").element("RequestId", call.request_id);
  http::Reply reply{200};
  reply.headers.set("Content-Type", "text/xml");
  reply.headers.set("x-amzn-RequestId", call.request_id);
  reply.body = xml.take();
  return reply;
}

}  // namespace ads::cloud
