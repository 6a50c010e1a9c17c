// Deployment packages: kept as zip files below the store's blobs, unpacked below the runtime directory when first run.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "base/task.h"
#include "cloud/environment.h"
#include "cloud/wire_error.h"

namespace ads::cloud::lambda {

inline constexpr std::uint64_t kZippedLimit = 50u << 20;     // given in the request
inline constexpr std::uint64_t kUnzippedLimit = 250u << 20;  // AWS: 262,144,000 bytes are 250 MB

struct Package {
  std::string sha;  // SHA-256 of the zip, hex
  std::uint64_t size = 0;
};

class CodeStore {
 public:
  explicit CodeStore(Environment& environment) : environment_(environment), arrived_(environment.executor) {}

  // Checks the zip (readable, no path leaves the package, at most 250 MB unpacked) and has it on disk on return.
  // Errors: InvalidParameterValueException in AWS's words.
  Task<Outcome<Package>> keep(std::string zip);
  // The directory of the unpacked package; unpacks it where that has not happened yet. Callers for one package share
  // the work. Errors: ServiceException for a full disk or a package that is gone.
  Task<Outcome<std::string>> unpacked(std::string sha);
  // Forgets the zip. What is unpacked stays until the next start: a sandbox may still run from it.
  Task<void> forget(std::string sha);
  // Removes unpacked packages that no function uses, and whatever a killed process left behind.
  void clean_up(const std::function<bool(std::string_view sha)>& is_used);

 private:
  std::filesystem::path zip_path(const std::string& sha) const;
  std::filesystem::path directory(const std::string& sha) const;

  Environment& environment_;
  std::map<std::string, int> unpacking_;
  Bell arrived_;
};

// Reads a zip's entries without unpacking, or unpacks it to `target` where that is not empty.
// Errors: invalid / "BadZip", "UnsafePath", "TooLarge"; unavailable for the disk.
Result<std::uint64_t> walk_zip(const std::filesystem::path& zip, const std::filesystem::path& target);

}  // namespace ads::cloud::lambda
