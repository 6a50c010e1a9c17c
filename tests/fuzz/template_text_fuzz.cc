// libFuzzer: any text as a template in YAML or JSON: refused as CloudFormation does, or a JSON value of bounded size,
// which read as a template is itself again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cloud/cloudformation/yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ads::cloud::cloudformation;
  auto value = read_document({reinterpret_cast<const char*>(data), size});
  if (!value) {
    if (value.error().code != "ValidationError" || value.error().message.empty()) std::abort();
    return 0;
  }
  if (ads::json::serialize(*value).size() > (std::size_t{16} << 20)) std::abort();
  return 0;
}
