// libFuzzer: any form body. It becomes JSON within its bounds or is refused; and what it became can be written as XML.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloud/query_protocol.h"

namespace {

void check(const ads::json::value& value, int depth) {
  if (depth > 20) std::abort();
  if (auto* object = value.if_object())
    for (auto& member : *object) check(member.value(), depth + 1);
  else if (auto* array = value.if_array())
    for (auto& element : *array) check(element, depth + 1);
  else if (!value.is_string())
    std::abort();  // a form has nothing but texts
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ads::cloud;
  auto form = parse_query_form({reinterpret_cast<const char*>(data), size});
  if (!form) return 0;
  check(ads::json::value(*form), 0);
  XmlWriter xml;
  write_members(xml, *form, {.maps = {"Attributes"}, .flat = {{"Entries", "Entry"}}});
  xml.take();
  return 0;
}
