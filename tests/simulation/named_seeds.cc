#include "simulation/named_seeds.h"

#include <array>

namespace ads::simulation {
namespace {

constexpr std::array kNamedSeeds{
    NamedSeed{1119,
              "one S3 event delivered twice at the same moment: two sandboxes with one request id shared a run's "
              "lease, and mailed its report twice"},
    NamedSeed{9746, "the same, three mails"},
    NamedSeed{9866, "a frozen worker woke up and overwrote its shard's joined quarantine with what pieces were left"},
    NamedSeed{3744, "two invocations died between mail and save: three reports of one run"},
    NamedSeed{873, "mails whose answers got lost were sent again without end: five reports of one run"},
    NamedSeed{992,
              "a large file replaced before its event came, in a bucket without versions, failed its event for "
              "ever and had no run"},
    NamedSeed{225, "an empty file, compressed, was reported as a mismatch"},
    NamedSeed{23081, "a run that could not be finished after its copy could not be resumed either: its file was gone"},
    NamedSeed{43910, "a delayed put of the first report overwrote the one that tells of the retries"},
};

}  // namespace

std::span<const NamedSeed> named_seeds() {
  return kNamedSeeds;
}

}  // namespace ads::simulation
