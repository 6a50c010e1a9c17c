// libFuzzer: any bytes as CBOR: refused, or read as a value that is the same when it was written and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloud/cloudwatch/cbor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ads::cloud::cloudwatch;
  auto value = read_cbor({reinterpret_cast<const char*>(data), size});
  if (!value) {
    if (value.error().code != "MalformedCbor") std::abort();
    return 0;
  }
  auto again = read_cbor(write_cbor(*value));
  if (!again || ads::json::serialize(*again) != ads::json::serialize(*value)) std::abort();
  return 0;
}
