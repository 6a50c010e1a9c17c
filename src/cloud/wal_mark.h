// How far the store's write-ahead log was synced, in a file beside it: the store itself cannot tell a log that a crash
// left shorter from one that was cut or removed. Written after each sync and not synced itself: after a loss of power
// it may say too little, never too much.
//
//   <number of the log, 20 digits> <bytes, 20 digits>\n
#pragma once
#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace ads::cloud {

class WalMark {
 public:
  struct Position {
    std::uint64_t log = 0, bytes = 0;
  };

  // Errors: unavailable.
  static Result<WalMark> open(const std::filesystem::path& file);
  ~WalMark();
  WalMark(WalMark&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  WalMark& operator=(WalMark&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  // Whether the log that was synced last is still there, as long as it was. Errors: corrupt, naming the log.
  Result<void> check(const std::filesystem::path& logs) const;
  void set(Position position);

 private:
  explicit WalMark(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace ads::cloud
