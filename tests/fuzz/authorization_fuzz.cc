// libFuzzer: any request head. Whatever it says of its signature is read without a crash; what is read is within its
// bounds; and the verifier, asked about it, says no: it knows one key, and nobody can guess its signature.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/sigv4.h"

namespace {

// "target \n name: value \n name: value ..."
ads::http::Request read_head(std::string_view text) {
  ads::http::Request head;
  auto line = [&] {
    auto end = text.find('\n');
    auto found = text.substr(0, end);
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
    return found;
  };
  head.target = "/" + std::string(line());
  while (!text.empty()) {
    auto field = line();
    auto colon = field.find(':');
    if (colon != field.npos) head.headers.add(field.substr(0, colon), std::string(field.substr(colon + 1)));
  }
  return head;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ads::aws;
  static Verifier verifier([](std::string_view id) -> std::optional<KnownKey> {
    if (id != "AKID") return std::nullopt;
    return KnownKey{"secret that no input contains"};
  });
  auto head = read_head({reinterpret_cast<const char*>(data), size});
  auto authorization = parse_authorization(head);
  if (!authorization) return 0;
  if (authorization->access_key_id.empty() || authorization->scope.region.empty() ||
      authorization->scope.service.empty() || authorization->date.size() != 8 ||
      authorization->signed_at.size() != 16 || authorization->expires.count() < 0 ||
      authorization->expires > std::chrono::days(7))
    std::abort();
  declared_payload_hash(head, *authorization);
  // At the moment the request names: so the comparison of signatures itself is reached.
  auto now = ads::parse_iso8601_basic(authorization->signed_at);
  if (now && verifier.verify(head, *authorization, "hash", *now)) std::abort();
  return 0;
}
