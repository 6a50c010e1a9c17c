// Micro benchmarks: what one core does with one step. Compare CPU times, best of several repetitions; other programs on
// the machine change both.
#include <benchmark/benchmark.h>

#include "micro/benchmarks.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  ads::bench::add_parse_and_classify();
  ads::bench::add_chunks();
  benchmark::RunSpecifiedBenchmarks();
}
