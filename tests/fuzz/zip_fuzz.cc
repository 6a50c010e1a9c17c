// libFuzzer: any bytes as a deployment package: refused, or unpacked with nothing outside its directory.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "cloud/lambda/code_store.h"
#include "temporary_directory.h"

namespace {

std::size_t entries(const std::filesystem::path& directory) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ads::cloud::lambda::walk_zip;
  ads::testing::TemporaryDirectory directory;
  auto zip = directory.path() / "package.zip", target = directory.path() / "a" / "b" / "package";
  std::ofstream(zip, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  std::filesystem::create_directories(target);
  auto seen = walk_zip(zip, {});
  auto unpacked = walk_zip(zip, target);
  if (unpacked && (!seen || *seen != *unpacked)) std::abort();
  bool is_contained = entries(directory.path()) == 2 && entries(directory.path() / "a") == 1 &&
                      entries(directory.path() / "a" / "b") == 1;
  if (!is_contained) std::abort();
  return 0;
}
