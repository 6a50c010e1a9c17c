#include "simulation/named_seeds.h"

#include <array>

namespace ads::simulation {
namespace {

constexpr std::array kNamedSeeds{
    NamedSeed{5,
              "one event delivered twice at the same time: two sandboxes with one request id shared a run's lease, and "
              "mailed its retries twice"},
    NamedSeed{2580, "a frozen worker woke up and overwrote its shard's joined quarantine with what pieces were left"},
    NamedSeed{1758, "two crashes between mail and save, and a mail whose answer got lost, made three reports"},
    NamedSeed{14622,
              "a large file replaced before its event came, in a bucket without versions, failed its event for "
              "ever and had no run"},
    NamedSeed{4458, "an empty file, compressed, was reported as a mismatch"},
};

}  // namespace

std::span<const NamedSeed> named_seeds() {
  return kNamedSeeds;
}

}  // namespace ads::simulation
