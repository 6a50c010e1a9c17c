// What a batch file asks of the stack: how many records, of what kind, and in which order their users come.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <unordered_map>

#include "batch/chunk_size.h"

namespace ads::plan {

// Within a chunk, on average.
struct UserSpread {
  double users = 1;           // how many its records have
  double most_of_a_user = 1;  // the records of the one with the most
};

struct Workload {
  std::uint64_t records = 0, bytes = 0;
  double retry_share = 0.20;  // of the records: to the retry queue
  double bad_share = 0;       // to quarantine; the rest is looked up and published
  enum class Content { plain, compressed } content = Content::plain;
  // In chunks of the usual size, of twice as many lines, of four times as many, and so on: the sizes that a chunk can
  // grow to. As it stands, no user comes twice.
  static constexpr std::size_t kSizes = std::bit_width(batch::kMostChunkGrowth);
  static constexpr double lines_of(std::size_t size) { return static_cast<double>(batch::kChunkLines << size); }
  std::array<UserSpread, kSizes> spread = sorted_by_user(1);

  // Of a file whose users have so many records each, one after the other.
  static std::array<UserSpread, kSizes> sorted_by_user(std::uint64_t records_of_a_user);
  // Of the first chunk size that has so many lines, or of the largest.
  UserSpread spread_within(double lines) const;
  double lookup_share() const { return 1 - retry_share - bad_share; }
};

// Counts how users come again in a file.
class SpreadCount {
 public:
  void add_record(std::string_view user);
  void end_line();  // of a line that is a record, or bad
  // Once, at the end of the file.
  std::array<UserSpread, Workload::kSizes> finish();

 private:
  struct Size {
    std::unordered_map<std::string, std::size_t> of_user;
    double users = 0, most = 0, chunks = 0;
    void end_chunk(double part);
  };
  std::array<Size, Workload::kSizes> sizes_;
  std::uint64_t lines_ = 0;
};

}  // namespace ads::plan
