#include "cloud/dynamodb/expression/projection.h"

#include <span>

#include "cloud/dynamodb/errors.h"
#include "cloud/dynamodb/expression/parser.h"

namespace ads::cloud::dynamodb {
namespace {

class ProjectionParser : public Parser {
 public:
  using Parser::Parser;

  Parsed<std::vector<Path>> parse() {
    if (auto done = tokenize(); !done) return std::unexpected(done.error());
    std::vector<Path> paths;
    do {
      auto path = parse_path();
      if (!path) return std::unexpected(path.error());
      claim(*path);
      paths.push_back(*std::move(path));
    } while (accept(","));
    if (peek().kind != Token::end) return syntax_error();
    auto sound = check_faults({Fault::reserved_word, Fault::undefined_name, Fault::overlap, Fault::conflict});
    if (!sound) return std::unexpected(sound.error());
    return paths;
  }
};

// The part of `value` that paths lead to from `depth` on; nothing where none leads anywhere.
std::optional<Value> project(const Value& value, std::span<const Path> paths, std::size_t depth) {
  if (paths.front().size() == depth) return value;
  Value part;
  part.type = value.type;
  for (std::size_t i = 0; i < paths.size();) {
    std::size_t end = i + 1;  // paths that share this step are neighbours
    while (end < paths.size() && paths[end][depth] == paths[i][depth]) ++end;
    const std::span<const Path> shared = paths.subspan(i, end - i);
    if (const auto* name = std::get_if<std::string>(&paths[i][depth])) {
      if (const Value* member = value.type == Type::map ? value.map.find(*name) : nullptr)
        if (auto inner = project(*member, shared, depth + 1)) part.map.set(*name, *std::move(inner));
    } else if (std::size_t index = std::get<std::size_t>(paths[i][depth]);
               value.type == Type::list && index < value.list.size()) {
      if (auto inner = project(value.list[index], shared, depth + 1)) part.list.push_back(*std::move(inner));
    }
    i = end;
  }
  if (part.map.empty() && part.list.empty()) return std::nullopt;
  return part;
}

}  // namespace

Outcome<Projection> Projection::parse(std::string_view expression, Scope& scope) {
  auto paths = ProjectionParser(expression, scope).parse();
  if (!paths) return refuse(validation("Invalid ProjectionExpression: " + paths.error()));
  return Projection(*std::move(paths));
}

Projection::Projection(std::vector<Path> paths) : paths_(std::move(paths)) {
  std::sort(paths_.begin(), paths_.end());
}

Attributes Projection::apply(const Attributes& item) const {
  Attributes out;
  for (std::size_t i = 0; i < paths_.size();) {
    std::size_t end = i + 1;
    while (end < paths_.size() && paths_[end].front() == paths_[i].front()) ++end;
    const std::string& name = std::get<std::string>(paths_[i].front());
    if (const Value* value = item.find(name))
      if (auto part = project(*value, std::span(paths_).subspan(i, end - i), 1)) out.append(name, *std::move(part));
    i = end;
  }
  return out;
}

}  // namespace ads::cloud::dynamodb
