#include "aws/wire.h"
#include "cloud/query_protocol.h"

namespace ads::cloud {

std::string escape_xml(std::string_view text) {
  return aws::escape_xml_text(text);
}

XmlWriter& XmlWriter::open(std::string_view name, std::string_view attributes) {
  out_ += '<';
  out_ += name;
  if (!attributes.empty()) {
    out_ += ' ';
    out_ += attributes;
  }
  out_ += '>';
  open_.emplace_back(name);
  return *this;
}

XmlWriter& XmlWriter::close() {
  out_ += "</" + open_.back() + ">";
  open_.pop_back();
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view name, std::string_view text) {
  out_ += '<';
  out_ += name;
  out_ += '>';
  out_ += escape_xml(text);
  out_ += "</";
  out_ += name;
  out_ += '>';
  return *this;
}

XmlWriter& XmlWriter::raw(std::string_view xml) {
  out_ += xml;
  return *this;
}

std::string XmlWriter::take() {
  while (!open_.empty()) close();
  return std::move(out_);
}

namespace {

std::string scalar(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  return json::serialize(value);  // numbers, true, false
}

void write_member(XmlWriter& xml, std::string_view name, const json::value& value, const XmlShape& shape);

void write_list(XmlWriter& xml, std::string_view name, const json::array& array, const XmlShape& shape) {
  if (auto flat = shape.flat.find(name); flat != shape.flat.end()) {
    for (const auto& element : array) write_member(xml, flat->second, element, shape);
    return;
  }
  xml.open(name);
  for (const auto& element : array) write_member(xml, "member", element, shape);
  xml.close();
}

void write_member(XmlWriter& xml, std::string_view name, const json::value& value, const XmlShape& shape) {
  if (value.is_null()) return;
  if (const auto* array = value.if_array()) return write_list(xml, name, *array, shape);
  const auto* object = value.if_object();
  if (!object) {
    xml.element(name, scalar(value));
    return;
  }
  xml.open(name);
  if (std::find(shape.maps.begin(), shape.maps.end(), name) != shape.maps.end()) {
    for (const auto& [key, entry] : *object) {
      xml.open("entry").element("key", key);
      write_member(xml, "value", entry, shape);
      xml.close();
    }
  } else {
    write_members(xml, *object, shape);
  }
  xml.close();
}

}  // namespace

void write_members(XmlWriter& xml, const json::object& members, const XmlShape& shape) {
  for (const auto& [name, value] : members) write_member(xml, name, value, shape);
}

}  // namespace ads::cloud
