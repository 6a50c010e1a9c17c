#include "cloud/s3/tagging.h"

#include <pugixml.hpp>

#include "cloud/query_protocol.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {

std::string tagging_xml(const NamedValues& tags) {
  XmlWriter xml;
  xml.open("Tagging", kS3Namespace).open("TagSet");
  for (const auto& [key, value] : tags) xml.open("Tag").element("Key", key).element("Value", value).close();
  xml.close().close();
  return xml.take();
}

Outcome<NamedValues> parse_tagging_xml(std::string_view text) {
  auto normal = normalise_xml(text, "Tagging{TagSet!{Tag*{Key!,Value!}}}");
  if (!normal) return refuse(normal.error());
  pugi::xml_document document;
  auto root = parse_xml(document, *normal, "Tagging");
  if (!root) return refuse(root.error());
  NamedValues tags;
  for (auto tag : root->child("TagSet").children("Tag"))
    tags.emplace_back(child_text(tag, "Key"), child_text(tag, "Value"));
  return tags;
}

}  // namespace ads::cloud::s3
