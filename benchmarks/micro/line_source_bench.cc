// What a worker does with a file before its first effect: ranges of the object become chunks of records that outlive
// them.
#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <exception>
#include <string>

#include "function/line_source.h"
#include "micro/batch_files.h"
#include "micro/benchmarks.h"

namespace ads::bench {
namespace {

Task<Result<std::string>> range(const std::string& file, std::uint64_t begin, std::uint64_t length) {
  co_return file.substr(begin, length);
}

Task<std::uint64_t> read(const std::string& file, asio::any_io_executor executor) {
  TaskGroup group(executor);
  function::LineSource source([&file](std::uint64_t begin, std::uint64_t length) { return range(file, begin, length); },
                              file.size(), {.range = batch::kOnlyShard}, group, executor);
  std::uint64_t records = 0;
  for (bool is_last = false; !is_last;) {
    auto chunk = co_await source.next_chunk();
    if (!chunk) std::abort();
    records += chunk->records.size();
    is_last = chunk->is_last;
  }
  co_await group.stop();
  co_return records;
}

void chunks(benchmark::State& state, const BatchForm& form) {
  std::string file = form.make(kFileBytes);
  std::uint64_t records = 0;
  for (auto _ : state) {
    asio::io_context context(1);
    asio::co_spawn(context, read(file, context.get_executor()),
                   [&](std::exception_ptr, std::uint64_t count) { records = count; });
    context.run();
  }
  if (records == 0) state.SkipWithError("no record was read");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * file.size()));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * records));
}

}  // namespace

void add_chunks() {
  for (const auto& form : batch_forms())
    if (form.name == "csv/lf" || form.name == "json/compact")
      benchmark::RegisterBenchmark(("chunks/" + form.name).c_str(), chunks, form)->Unit(benchmark::kMillisecond);
}

}  // namespace ads::bench
