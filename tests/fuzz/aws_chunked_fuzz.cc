// libFuzzer: any aws-chunked body, cut in any pieces: the same bytes, the same end and the same refusal however it is
// cut.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cloud/s3/aws_chunked.h"

namespace {

using ads::cloud::s3::AwsChunkedDecoder;

struct Reading {
  std::string bytes, refusal;
  bool is_complete = false;
  std::vector<std::pair<std::string, std::string>> trailers;
};

Reading read(std::string_view body, std::size_t step) {
  Reading reading;
  AwsChunkedDecoder decoder;
  for (std::size_t at = 0; at < body.size(); at += step) {
    auto fed = decoder.feed(body.substr(at, step), reading.bytes);
    if (fed) continue;
    reading.refusal = fed.error().code;
    return reading;
  }
  reading.is_complete = decoder.is_complete();
  reading.trailers = decoder.trailers();
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto whole = read(body, std::max<std::size_t>(body.size(), 1)), pieces = read(body, 1 + data[0] % 17);
  if (whole.bytes.size() > body.size() || whole.refusal != pieces.refusal || whole.is_complete != pieces.is_complete ||
      whole.trailers != pieces.trailers)
    std::abort();
  if (whole.refusal.empty() && whole.bytes != pieces.bytes) std::abort();
  return 0;
}
