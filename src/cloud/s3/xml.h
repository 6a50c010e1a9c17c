// Reading request bodies in XML. Namespaces are accepted and ignored, as S3 does; DTDs are never read.
#pragma once
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "cloud/wire_error.h"

namespace ads::cloud::s3 {

inline constexpr std::string_view kS3Namespace = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
inline constexpr std::string_view kXmlDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

// The name without a prefix: "s3:Tag" -> "Tag".
std::string_view local_name(const pugi::xml_node& node);
pugi::xml_node child(const pugi::xml_node& node, std::string_view name);
// Empty where there is no such child.
std::string_view child_text(const pugi::xml_node& node, std::string_view name);

// Parses into `document`, which must outlive the result. Errors: MalformedXML, also where the root is another element.
Outcome<pugi::xml_node> parse_xml(pugi::xml_document& document, std::string_view text, std::string_view root);

// Checks a document against a shape and writes it again without white space, prefixes or comments, in the shape's
// order. Shape: "Root{Rule*{ID,Status!,Filter{Prefix,And{Prefix,Tag*{Key!,Value!}}}}}": `*` may be repeated, `!` must
// be there, and a name without braces holds text. Errors: MalformedXML for an element that is unknown, missing or
// repeated.
Outcome<std::string> normalise_xml(std::string_view text, std::string_view shape);

}  // namespace ads::cloud::s3
