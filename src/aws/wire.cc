#include "aws/wire.h"

#include <fmt/format.h>

#include <pugixml.hpp>

#include "base/encoding.h"

namespace ads::aws {

Form::Form(std::string_view action, std::string_view version) {
  add("Action", action);
  add("Version", version);
}

Form& Form::add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_ += '&';
  text_.append(percent_encode(name)).append(1, '=').append(percent_encode(value));
  return *this;
}

Form& Form::add_if(std::string_view name, const std::optional<std::string>& value) {
  return value ? add(name, *value) : *this;
}

Result<void> parse_xml(std::string_view text, pugi::xml_document& document) {
  // Without DTDs and processing instructions: neither occurs in AWS's answers.
  constexpr unsigned options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_ws_pcdata_single;
  auto parsed = document.load_buffer(text.data(), text.size(), options, pugi::encoding_utf8);
  if (!parsed)
    return fail(ErrorKind::corrupt, "MalformedAnswer",
                fmt::format("not XML at byte {}: {}", parsed.offset, parsed.description()));
  return {};
}

std::string xml_text(const pugi::xml_node& node, const char* child) {
  return node.child_value(child);
}

std::string escape_xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace ads::aws
