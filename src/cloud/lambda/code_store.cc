#include "cloud/lambda/code_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

namespace {

Result<void> write_synced(const std::filesystem::path& path, const std::string& bytes) {
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  auto failed = [&] {
    auto error = fail(ErrorKind::unavailable, "DiskFailed", path.string() + ": " + std::strerror(errno));
    if (file >= 0) ::close(file);
    return error;
  };
  if (file < 0) return failed();
  for (std::size_t done = 0; done < bytes.size();) {
    ssize_t count = ::write(file, bytes.data() + done, bytes.size() - done);
    if (count < 0) return failed();
    done += count;
  }
  if (::fdatasync(file) != 0) return failed();
  ::close(file);
  return {};
}

WireError wire_error_of(const Error& error) {
  if (error.code == "TooLarge")
    return invalid_parameter(fmt::format("Unzipped size must be smaller than {} bytes", kUnzippedLimit));
  if (error.kind == ErrorKind::invalid) return invalid_zip();
  return service_error(error.message);
}

}  // namespace

std::filesystem::path CodeStore::zip_path(const std::string& sha) const {
  return environment_.store.blob_directory() / "lambda" / (sha + ".zip");
}

std::filesystem::path CodeStore::directory(const std::string& sha) const {
  return std::filesystem::path(environment_.runtime_directory) / "functions" / sha;
}

Task<Outcome<Package>> CodeStore::keep(std::string zip) {
  Package package{.size = zip.size()};
  Result<std::uint64_t> outcome = 0;
  co_await environment_.store.off_thread([&] {
    package.sha = to_hex(sha256(zip));
    auto path = zip_path(package.sha);
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return;
    std::filesystem::create_directories(path.parent_path(), ignored);
    auto temporary = path;
    temporary += "." + random_hex(8);
    if (auto written = write_synced(temporary, zip); !written) {
      outcome = fail(written.error());
    } else {
      outcome = walk_zip(temporary, {});
    }
    if (outcome)
      std::filesystem::rename(temporary, path, ignored);
    else
      std::filesystem::remove(temporary, ignored);
  });
  if (!outcome) co_return refuse(wire_error_of(outcome.error()));
  co_return package;
}

Task<Outcome<std::string>> CodeStore::unpacked(std::string sha) {
  auto target = directory(sha);
  std::error_code ignored;
  while (unpacking_.contains(sha)) co_await arrived_.wait();
  if (std::filesystem::exists(target, ignored)) co_return target.string();
  unpacking_[sha] = 1;
  Result<std::uint64_t> outcome = 0;
  co_await environment_.store.off_thread([&] {
    auto temporary = target;
    temporary += ".partial-" + random_hex(8);
    std::error_code error;
    std::filesystem::create_directories(temporary, error);
    outcome = walk_zip(zip_path(sha), temporary);
    if (outcome) std::filesystem::rename(temporary, target, error);
    if (!outcome || error) std::filesystem::remove_all(temporary, ignored);
    if (outcome && error)
      outcome = fail(ErrorKind::unavailable, "DiskFailed", target.string() + ": " + error.message());
  });
  unpacking_.erase(sha);
  arrived_.ring_all();
  if (!outcome)
    co_return refuse(service_error("The deployment package could not be unpacked: " + outcome.error().message));
  co_return target.string();
}

Task<void> CodeStore::forget(std::string sha) {
  auto path = zip_path(sha);
  co_await environment_.store.off_thread([path] {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  });
}

void CodeStore::clean_up(const std::function<bool(std::string_view)>& is_used) {
  std::error_code error;
  std::filesystem::remove_all(std::filesystem::path(environment_.runtime_directory) / "sandboxes", error);
  auto root = std::filesystem::path(environment_.runtime_directory) / "functions";
  for (auto& entry : std::filesystem::directory_iterator(root, error)) {
    auto name = entry.path().filename().string();
    if (name.size() == 64 && is_used(name)) continue;
    std::error_code ignored;
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace ads::cloud::lambda
