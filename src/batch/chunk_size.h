// How many lines lie between two checkpoints: kChunkLines, and more where calls wait for each other.
#pragma once
#include <cstddef>
#include <cstdint>

namespace ads::batch {

inline constexpr std::size_t kChunkLines = 1000;
// In a file that is sorted by user, a chunk has few users, and where their order is kept, their calls follow each
// other. More lines have more users, whose calls run side by side: a chunk doubles up to so many times its usual lines,
// while it has no more than so many bytes.
inline constexpr std::size_t kMostChunkGrowth = 64;
inline constexpr std::uint64_t kMostGrowingBytes = std::uint64_t{4} << 20;
// Of a function with so much memory: a line of a chunk takes about 1 KB.
std::size_t most_chunk_growth(std::size_t megabytes);
inline constexpr double kMostGrowingSeconds = 10;  // of the calls that follow each other

// The batch calls that the lines of a chunk need, to one destination.
struct CallLoad {
  double calls = 0;          // in all
  double chain = 0;          // how many of them follow each other, since they carry records of one user
  double seconds = 0;        // from a call to its answer
  double paced_seconds = 0;  // how long a limited rate makes them take; 0 without one
};

// Would more lines make better use of the calls in flight? Yes, where the chunk's time is that of a chain.
bool is_chain_bound(const CallLoad& publishing, const CallLoad& queueing, double calls_in_flight);
// The same, unless the chain is as long already as it may be.
bool wants_more_lines(const CallLoad& publishing, const CallLoad& queueing, double calls_in_flight);

}  // namespace ads::batch
