// Parse + classify: bytes of a batch file per second, from pieces as they come from S3 to records and their route.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "batch/decompress.h"
#include "batch/reader.h"
#include "batch/routing.h"
#include "micro/batch_files.h"
#include "micro/benchmarks.h"

namespace ads::bench {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{8} << 20;

struct Sums {
  std::uint64_t lines = 0, retries = 0, lookups = 0, bad = 0, key_bytes = 0;
};

Sums read(std::string_view file) {
  Sums sums;
  batch::Decompressor content;
  batch::BatchReader reader;
  batch::Line line;
  auto drain = [&] {
    while (reader.next(line) == batch::BatchReader::Step::line) {
      ++sums.lines;
      if (line.kind == batch::Line::Kind::bad) ++sums.bad;
      if (line.kind != batch::Line::Kind::record) continue;
      bool is_retry = batch::route(line.status_code, line.retry_count, 1) == batch::Route::retry;
      ++(is_retry ? sums.retries : sums.lookups);
      sums.key_bytes += line.service_uuid.size();
    }
  };
  auto unpack = [&] {
    for (;;) {
      auto block = content.next();
      if (!block) std::abort();
      if (block->empty()) return;
      reader.feed(*block);
      drain();
    }
  };
  for (std::string_view rest = file; !rest.empty();) {
    std::string_view piece = rest.substr(0, kPieceBytes);
    rest.remove_prefix(piece.size());
    content.feed(piece);
    unpack();
  }
  content.finish();
  unpack();
  reader.finish();
  drain();
  return sums;
}

void parse_and_classify(benchmark::State& state, const BatchForm& form) {
  std::string file = form.make(kFileBytes);
  Sums sums;
  for (auto _ : state) {
    sums = read(file);
    benchmark::DoNotOptimize(sums);
  }
  // A form that is not read as records would measure something else.
  if (sums.retries == 0 || sums.lookups == 0 || (sums.bad > 0) != (form.name == "csv/half_bad"))
    state.SkipWithError("the file was not read as it was written");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * file.size()));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * sums.lines));
}

}  // namespace

void add_parse_and_classify() {
  for (const auto& form : batch_forms())
    benchmark::RegisterBenchmark(("parse_and_classify/" + form.name).c_str(), parse_and_classify, form)
        ->Unit(benchmark::kMillisecond);
}

}  // namespace ads::bench
