#include "cloud/cloudformation/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>

#include "cloud/cloudformation/errors.h"

namespace ads::cloud::cloudformation {
namespace {

constexpr std::size_t kMostValues = 200'000;
constexpr int kDeepest = 64;

// A plain (unquoted) scalar. YAML 1.1 would make 2012-10-17 a date and 007 an octal number: both stay text.
json::value plain_scalar(const std::string& text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (!text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'))) {
    const auto parsed = parse_json(text);
    if (parsed && parsed->is_int64() && json::serialize(*parsed) == text) return *parsed;
    if (parsed && parsed->is_double() && text.find_first_of("eE") == std::string::npos && !text.ends_with('0')) {
      return *parsed;  // 1.10 stays text: it may be a version
    }
  }
  return json::string(text);
}

const std::set<std::string_view> kFunctions = {
    "Base64",       "Cidr",      "FindInMap", "GetAZs",           "ImportValue",  "Join",   "Select",  "Split",
    "Sub",          "Transform", "And",       "Equals",           "If",           "Not",    "Or",      "Length",
    "ToJsonString", "ForEach",   "Contains",  "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll"};

class Converter {
 public:
  Outcome<json::value> convert(const YAML::Node& node, int depth) {
    if (++values_ > kMostValues || depth > kDeepest)
      return refuse(format_error("the document is too large or too deep."));
    const std::string tag = node.Tag();
    const bool is_short = tag.size() > 1 && tag[0] == '!' && tag[1] != '!';
    auto body = untagged(node, depth, is_short ? Scalars::text : Scalars::plain);
    if (!body || !is_short) return body;
    return expand(std::string_view(tag).substr(1), *std::move(body), node);
  }

 private:
  enum class Scalars { plain, text };

  Outcome<json::value> untagged(const YAML::Node& node, int depth, Scalars scalars) {
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        if (scalars == Scalars::text) return json::value(json::string());
        return refuse(
            format_error(fmt::format("[line {}] 'null' values are not allowed in templates", node.Mark().line + 1)));
      case YAML::NodeType::Scalar:
        if (node.Tag() == "!" || scalars == Scalars::text) return json::value(json::string(node.Scalar()));
        return plain_scalar(node.Scalar());
      case YAML::NodeType::Sequence: {
        json::array out;
        for (const auto& element : node) {
          auto value = convert(element, depth + 1);
          if (!value) return value;
          out.push_back(*std::move(value));
        }
        return json::value(std::move(out));
      }
      case YAML::NodeType::Map: {
        json::object out;
        for (const auto& entry : node) {
          if (!entry.first.IsScalar()) return refuse(format_error("a key must be a string."));
          const auto& name = entry.first.Scalar();
          if (name == "<<") return refuse(format_error("YAML merge keys (<<) are not supported."));
          auto value = convert(entry.second, depth + 1);
          if (!value) return value;
          if (!out.emplace(name, *std::move(value)).second) {
            return refuse(
                format_error(fmt::format("duplicate key '{}' (line {}).", name, entry.first.Mark().line + 1)));
          }
        }
        return json::value(std::move(out));
      }
    }
    return refuse(format_error("unsupported structure."));
  }

  Outcome<json::value> expand(std::string_view tag, json::value body, const YAML::Node& node) {
    if (tag == "Ref" || tag == "Condition") return json::value(json::object{{tag, std::move(body)}});
    if (tag == "GetAtt") {
      if (body.is_string()) {
        const std::string_view text = body.as_string();
        const auto dot = text.find('.');
        if (dot == std::string_view::npos) {
          return refuse(
              format_error(fmt::format("Fn::GetAtt object requires two non-empty parameters, the resource "
                                       "name and the resource attribute: {}",
                                       text)));
        }
        return json::value(json::object{{"Fn::GetAtt", json::array{text.substr(0, dot), text.substr(dot + 1)}}});
      }
      return json::value(json::object{{"Fn::GetAtt", std::move(body)}});
    }
    if (!kFunctions.contains(tag)) {
      return refuse(format_error(fmt::format("unknown tag !{} (line {}).", tag, node.Mark().line + 1)));
    }
    return json::value(json::object{{fmt::format("Fn::{}", tag), std::move(body)}});
  }

  std::size_t values_ = 0;
};

// AWS takes neither anchors nor aliases. A few lines of aliases to aliases are a document without end: they are found
// in the parser's events, before anything is built.
class AliasFinder : public YAML::EventHandler {
 public:
  struct Found {
    int line;
  };
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { refuse_anchor(mark, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { throw Found{mark.line + 1}; }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string&) override {
    refuse_anchor(mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_anchor(mark, anchor);
  }
  void OnMapEnd() override {}

 private:
  static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) throw Found{mark.line + 1};
  }
};

// Nulls are refused in JSON as they are in YAML.
bool has_null(const json::value& value) {
  if (value.is_null()) return true;
  if (const auto* array = value.if_array()) return std::ranges::any_of(*array, has_null);
  if (const auto* object = value.if_object()) {
    return std::ranges::any_of(*object, [](const auto& member) { return has_null(member.value()); });
  }
  return false;
}

}  // namespace

Outcome<json::value> read_document(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos && text[start] == '{') {
    if (auto parsed = parse_json(text)) {
      if (has_null(*parsed)) return refuse(format_error("'null' values are not allowed in templates"));
      return *std::move(parsed);
    } else if (text.find("\n") == std::string_view::npos || text.substr(start).starts_with("{\"")) {
      return refuse(format_error(fmt::format("JSON not well-formed. {}", parsed.error().message)));
    }
  }
  try {
    std::istringstream events{std::string(text)};
    AliasFinder finder;
    YAML::Parser(events).HandleNextDocument(finder);
    const auto node = YAML::Load(std::string(text));
    if (!node.IsDefined() || node.IsNull()) return refuse(format_error("unsupported structure."));
    return Converter().convert(node, 0);
  } catch (const AliasFinder::Found& found) {
    return refuse(
        format_error(fmt::format("YAML aliases are not allowed in CloudFormation templates (line {})", found.line)));
  } catch (const YAML::Exception& error) {
    return refuse(format_error(
        fmt::format("YAML not well-formed. (line {}, column {})", error.mark.line + 1, error.mark.column + 1)));
  }
}

}  // namespace ads::cloud::cloudformation
