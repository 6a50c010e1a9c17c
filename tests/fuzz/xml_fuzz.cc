// libFuzzer: any text as the XML of a request or of an answer: refused, or checked against a shape and written again,
// which is the same from then on.
#include <cstdint>
#include <cstdlib>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "aws/wire.h"
#include "cloud/s3/xml.h"

namespace {

constexpr std::string_view kShapes[] = {
    "LifecycleConfiguration{Rule*{ID,Status!,Filter{Prefix,And{Prefix,Tag*{Key!,Value!}}},Expiration{Days,Date}}}",
    "Tagging{TagSet!{Tag*{Key!,Value!}}}",
    "NotificationConfiguration{QueueConfiguration*{Id,Queue!,Event*,Filter{S3Key{FilterRule*{Name,Value}}}}}"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string_view shape = kShapes[data[0] % 3];
  auto written = ads::cloud::s3::normalise_xml(text, shape);
  if (written) {
    auto again = ads::cloud::s3::normalise_xml(*written, shape);
    if (!again || *again != *written) std::abort();
  } else if (written.error().code != "MalformedXML") {
    std::abort();
  }
  pugi::xml_document answer;
  if (auto parsed = ads::aws::parse_xml(text, answer); !parsed && parsed.error().kind != ads::ErrorKind::corrupt)
    std::abort();
  for (auto protocol : {ads::aws::Protocol::json, ads::aws::Protocol::query, ads::aws::Protocol::rest_xml,
                        ads::aws::Protocol::rest_json}) {
    ads::http::Response response;
    response.status = 400 + data[0] % 200;
    response.body = text;
    if (ads::aws::decode_error(protocol, response).code.empty()) std::abort();
  }
  return 0;
}
