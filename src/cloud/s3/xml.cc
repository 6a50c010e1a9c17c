#include "cloud/s3/xml.h"

#include <vector>

#include "cloud/query_protocol.h"
#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {
namespace {

struct Shape {
  std::string_view name;
  bool repeats = false, required = false, has_children = false;
  std::vector<Shape> children;
};

// One element of the little language above; `text` is advanced past it.
Shape read_shape(std::string_view& text) {
  Shape shape;
  auto end = text.find_first_of("*!{},");
  shape.name = text.substr(0, end);
  text.remove_prefix(std::min(end, text.size()));
  while (!text.empty() && (text.front() == '*' || text.front() == '!')) {
    (text.front() == '*' ? shape.repeats : shape.required) = true;
    text.remove_prefix(1);
  }
  if (text.empty() || text.front() != '{') return shape;
  shape.has_children = true;
  while (!text.empty() && text.front() != '}') {
    text.remove_prefix(1);  // '{' or ','
    if (!text.empty() && text.front() != '}') shape.children.push_back(read_shape(text));
  }
  if (!text.empty()) text.remove_prefix(1);
  return shape;
}

bool write_shaped(XmlWriter& xml, const pugi::xml_node& node, const Shape& shape, std::string_view attributes) {
  if (!shape.has_children) {
    for (auto inner : node.children())
      if (inner.type() == pugi::node_element) return false;
    xml.element(shape.name, node.child_value());
    return true;
  }
  for (auto inner : node.children()) {
    if (inner.type() != pugi::node_element) continue;
    bool is_known = false;
    for (const auto& known : shape.children) is_known = is_known || known.name == local_name(inner);
    if (!is_known) return false;
  }
  xml.open(shape.name, attributes);
  for (const auto& known : shape.children) {
    int seen = 0;
    for (auto inner : node.children()) {
      if (inner.type() != pugi::node_element || local_name(inner) != known.name) continue;
      if (++seen > 1 && !known.repeats) return false;
      if (!write_shaped(xml, inner, known, {})) return false;
    }
    if (known.required && seen == 0) return false;
  }
  xml.close();
  return true;
}

}  // namespace

std::string_view local_name(const pugi::xml_node& node) {
  std::string_view name = node.name();
  auto colon = name.find(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (auto inner : node.children())
    if (local_name(inner) == name) return inner;
  return {};
}

std::string_view child_text(const pugi::xml_node& node, std::string_view name) {
  return child(node, name).child_value();
}

Outcome<pugi::xml_node> parse_xml(pugi::xml_document& document, std::string_view text, std::string_view root) {
  // White space alone is a legal key or prefix; pugixml drops it unless told to keep the text of leaves.
  auto parsed = document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) return refuse(errors::malformed_xml());
  auto element = document.document_element();
  if (local_name(element) != root) return refuse(errors::malformed_xml());
  return element;
}

Outcome<std::string> normalise_xml(std::string_view text, std::string_view shape_text) {
  Shape shape = read_shape(shape_text);
  pugi::xml_document document;
  auto root = parse_xml(document, text, shape.name);
  if (!root) return refuse(root.error());
  XmlWriter xml;
  if (!write_shaped(xml, *root, shape, kS3Namespace)) return refuse(errors::malformed_xml());
  return xml.take();
}

}  // namespace ads::cloud::s3
