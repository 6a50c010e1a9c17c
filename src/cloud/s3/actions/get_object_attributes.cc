// GET /bucket/key?attributes, with x-amz-object-attributes naming what is wanted
#include <charconv>
#include <set>

#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/conditions.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::string_view kNames[] = {"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"};

Outcome<std::set<std::string, std::less<>>> wanted(const Request& request) {
  std::set<std::string, std::less<>> names;
  for (const auto& [header, value] : request.headers()) {
    if (header.size() != 23 || !http::Headers{{header, ""}}.has("x-amz-object-attributes")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      auto end = rest.find(',');
      auto name = rest.substr(0, end);
      rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
      while (name.starts_with(' ')) name.remove_prefix(1);
      if (std::find(std::begin(kNames), std::end(kNames), name) == std::end(kNames))
        return refuse(errors::invalid_argument("Invalid attribute name specified.", "x-amz-object-attributes", name));
      names.emplace(name);
    }
  }
  if (names.empty())
    return refuse(errors::invalid_request(
        "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty"));
  return names;
}

std::uint64_t header_number(const Request& request, std::string_view name, std::uint64_t fallback) {
  auto text = request.header(name);
  std::uint64_t number = fallback;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

void write_parts(XmlWriter& xml, const Request& request, const ObjectRecord& object) {
  xml.open("ObjectParts").element("PartsCount", std::to_string(object.parts.size()));
  // Parts are told one by one only where they have checksums, as AWS does.
  bool has_checksums = object.checksum && object.checksum.type == ChecksumType::composite;
  if (has_checksums) {
    auto most = std::min<std::uint64_t>(header_number(request, "x-amz-max-parts", 1000), 1000);
    auto after = header_number(request, "x-amz-part-number-marker", 0);
    std::vector<const PartSummary*> shown;
    bool is_truncated = false;
    for (const auto& part : object.parts) {
      if (part.number <= after) continue;
      if (shown.size() == most) {
        is_truncated = true;
        break;
      }
      shown.push_back(&part);
    }
    xml.element("PartNumberMarker", std::to_string(after));
    xml.element("NextPartNumberMarker", std::to_string(shown.empty() ? 0 : shown.back()->number));
    xml.element("MaxParts", std::to_string(most)).element("IsTruncated", is_truncated ? "true" : "false");
    for (const auto* part : shown) {
      xml.open("Part").element("PartNumber", std::to_string(part->number)).element("Size", std::to_string(part->size));
      xml.element(element_name(object.checksum.algorithm), part->checksum).close();
    }
  }
  xml.close();
}

}  // namespace

Task<Outcome<http::Reply>> get_object_attributes(State& state, Request& request) {
  auto names = wanted(request);
  if (!names) co_return refuse(names.error());
  auto object = find_object(state, request);
  if (!object) co_return refuse(object.error());
  if (auto verdict = check_read(request.headers(), *object); !verdict) co_return refuse(verdict.error());

  XmlWriter xml;
  xml.open("GetObjectAttributesResponse", kS3Namespace);
  if (names->contains("ETag")) xml.element("ETag", object->etag);
  if (names->contains("Checksum") && object->checksum) {
    // Here, and only here, a composite value comes without its "-<parts>".
    auto value = object->checksum.value.substr(0, object->checksum.value.find('-'));
    xml.open("Checksum").element(element_name(object->checksum.algorithm), value);
    xml.element("ChecksumType", to_string(object->checksum.type)).close();
  }
  if (names->contains("ObjectParts") && object->is_multipart) write_parts(xml, request, *object);
  if (names->contains("StorageClass")) xml.element("StorageClass", object->storage_class);
  if (names->contains("ObjectSize")) xml.element("ObjectSize", std::to_string(object->size));
  xml.close();
  auto reply = xml_reply(request, xml.take());
  reply.headers.add("Last-Modified", http_date(object->modified));
  if (request.bucket->versioning != Versioning::never) reply.headers.add("x-amz-version-id", object->version_name());
  co_return reply;
}

}  // namespace ads::cloud::s3
