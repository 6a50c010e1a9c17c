#include "cloud/operations/model.h"

#include <charconv>
#include <cstdlib>
#include <string>
#include <utility>

namespace ads::cloud::operations {
namespace {

std::string_view take(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto first = text.substr(0, end);
  text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  return first;
}

std::string_view take_field(std::string_view& fields) {
  return take(fields, '\t');
}

std::optional<std::string_view> take_bound(std::string_view& fields) {
  const auto field = take_field(fields);
  return field == "-" ? std::nullopt : std::optional(field);
}

constexpr std::pair<std::string_view, Type> kPlain[] = {
    {"string", Type::string},   {"blob", Type::blob},           {"integer", Type::integer}, {"float", Type::floating},
    {"boolean", Type::boolean}, {"timestamp", Type::timestamp}, {"any", Type::any}};

Location location_of(char letter) {
  switch (letter) {
    case 'h':
      return Location::header;
    case 'H':
      return Location::headers;
    case 'q':
      return Location::query;
    case 'u':
      return Location::path;
    case 'p':
      return Location::whole_body;
    default:
      return Location::body;
  }
}

}  // namespace

const Pattern& Shape::expression() const {
  if (!expression_) expression_ = std::make_unique<Pattern>(pattern);
  return *expression_;
}

std::string lower_first(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

Model::Model(std::string_view text) {
  while (!text.empty()) {
    auto fields = take(text, '\n');
    const auto line = fields;
    const auto letter = take_field(fields);
    if (letter == "v") {
      take_field(fields);
      version_ = take_field(fields);
    } else if (letter == "o") {
      const auto name = take_field(fields);
      operations_.emplace(name, fields);
    } else if (!letter.empty()) {
      lines_.emplace(take_field(fields), line);
    }
  }
}

const ApiOperation* Model::find(std::string_view name) {
  if (const auto found = found_.find(name); found != found_.end()) return found->second.get();
  const auto line = operations_.find(name);
  if (line == operations_.end()) return nullptr;
  auto fields = line->second;
  auto operation = std::make_unique<ApiOperation>(ApiOperation{.name = line->first});
  if (const auto input = take_field(fields); input != "-") operation->input = shape(input);
  operation->has_result = take_field(fields) == "+";
  operation->method = take_field(fields);
  operation->path = take_field(fields);
  if (!fields.empty()) std::from_chars(fields.data(), fields.data() + fields.size(), operation->status);
  return found_.emplace(line->first, std::move(operation)).first->second.get();
}

std::vector<std::string_view> Model::names() const {
  std::vector<std::string_view> out;
  for (const auto& [name, fields] : operations_) out.push_back(name);
  return out;
}

const Shape* Model::shape(std::string_view name) {
  if (const auto found = shapes_.find(name); found != shapes_.end()) return found->second.get();
  // Known before its members are read: a shape may contain itself.
  Shape& out = *shapes_.emplace(name, std::make_unique<Shape>()).first->second;
  for (const auto& [plain, type] : kPlain) {
    if (plain == name) {
      out.type = type;
      return &out;
    }
  }
  const auto line = lines_.find(name);
  if (line == lines_.end()) std::abort();  // a broken model.inc: no request could be checked by it
  auto fields = line->second;
  const char letter = take_field(fields)[0];
  take_field(fields);
  if (letter == 'e') {
    while (!fields.empty()) out.values.push_back(take_field(fields));
    return &out;
  }
  if (letter == 'r') {
    out.type = Type::structure;
    read_structure(out, fields);
    return &out;
  }
  out.least = take_bound(fields);
  out.most = take_bound(fields);
  switch (letter) {
    case 'S':
      out.is_sensitive = true;
      [[fallthrough]];
    case 's':
      if (fields != "-") out.pattern = fields;
      break;
    case 'i':
      out.type = Type::integer;
      break;
    case 'f':
      out.type = Type::floating;
      break;
    case 'b':
      out.type = Type::blob;
      break;
    case 'l':
    case 'm':
      out.type = letter == 'l' ? Type::list : Type::map;
      out.is_flat = take_field(fields) == "flat";
      if (letter == 'm') {
        out.key_name = take_field(fields);
        out.key = shape(take_field(fields));
      }
      out.element_name = take_field(fields);
      out.element = shape(take_field(fields));
      break;
    default:
      std::abort();
  }
  return &out;
}

// Name:Shape, Name!Shape, each with @ and a letter for where it is, and its name there.
void Model::read_structure(Shape& out, std::string_view fields) {
  while (!fields.empty()) {
    auto field = take_field(fields);
    const auto mark = field.find_first_of(":!");
    Member member{.name = field.substr(0, mark), .wire_name = field.substr(0, mark)};
    member.is_required = field[mark] == '!';
    field.remove_prefix(mark + 1);
    member.shape = shape(take(field, '@'));
    if (!field.empty()) {
      member.location = location_of(field[0]);
      if (field.size() > 1) member.wire_name = field.substr(1);
    }
    out.members.push_back(member);
  }
}

}  // namespace ads::cloud::operations
