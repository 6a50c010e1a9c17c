#include "cloud/operations/rest.h"

#include "base/encoding.h"
#include "cloud/operations/form.h"

namespace ads::cloud::operations {
namespace {

// "/a/b" -> "a", and "/b" stays; a slash at the end is followed by a segment that is empty.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

using Labels = std::vector<std::pair<std::string_view, std::string>>;

// "/a/{B}" fits "/a/x" and no other depth; "/a/{B+}" fits what follows, slashes and all.
std::optional<Labels> fit(std::string_view pattern, std::string_view path) {
  Labels labels;
  while (!pattern.empty()) {
    if (!path.starts_with('/')) return std::nullopt;
    auto expected = take_segment(pattern);
    if (!expected.starts_with('{')) {
      if (take_segment(path) != expected) return std::nullopt;
      continue;
    }
    expected = expected.substr(1, expected.size() - 2);
    const bool is_rest = expected.ends_with('+');
    if (is_rest) expected.remove_suffix(1);
    const auto given = is_rest ? std::exchange(path, {}).substr(1) : take_segment(path);
    if (given.empty()) return std::nullopt;
    labels.emplace_back(expected, percent_decode(given));
  }
  if (!path.empty()) return std::nullopt;
  return labels;
}

json::value read_query(const std::vector<std::pair<std::string, std::string>>& query, const Member& member) {
  json::array all;
  const bool is_list = member.shape->type == Type::list;
  const auto type = is_list ? member.shape->element->type : member.shape->type;
  for (const auto& [name, value] : query)
    if (name == member.wire_name) all.push_back(read_text(value, type));
  if (all.empty()) return nullptr;
  return is_list ? json::value(std::move(all)) : std::move(all.front());
}

}  // namespace

RestRoutes::RestRoutes(Model& model) {
  for (const auto name : model.names())
    if (const auto* operation = model.find(name); !operation->path.empty()) operations_.push_back(operation);
}

std::optional<RestRoutes::Found> RestRoutes::find(std::string_view method, std::string_view path) const {
  std::optional<Found> best;
  for (const auto* operation : operations_) {
    if (operation->method != method) continue;
    auto labels = fit(operation->path, path);
    if (labels && (!best || labels->size() < best->labels.size())) best = Found{operation, *std::move(labels)};
  }
  return best;
}

json::object read_rest(const Shape& structure, const RestRoutes::Found& route, const http::Request& head,
                       json::object body) {
  const auto query = http::parse_query(http::split_target(head.target).second);
  json::object input;
  for (const auto& member : structure.members) {
    json::value value;
    switch (member.location) {
      case Location::body:
        if (auto* given = body.if_contains(member.wire_name)) value = std::move(*given);
        break;
      case Location::path:
        for (const auto& [label, text] : route.labels)
          if (label == member.wire_name) value = read_text(text, member.shape->type);
        break;
      case Location::query:
        value = read_query(query, member);
        break;
      case Location::header:
        if (const auto text = head.headers.get(member.wire_name)) value = read_text(*text, member.shape->type);
        break;
      case Location::headers:
      case Location::whole_body:
        break;  // no operation here has them yet
    }
    if (!value.is_null()) input[member.name] = std::move(value);
  }
  return input;
}

}  // namespace ads::cloud::operations
