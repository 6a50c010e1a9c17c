# benchmarks/micro: what one core does with one step, by google benchmark (scripts/setup bench). Where that library is
# not installed, there is no bench_micro.
find_package(benchmark QUIET)
if(benchmark_FOUND)
  file(GLOB micro_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/benchmarks/micro/*.cc)
  add_executable(bench_micro ${micro_sources})
  target_include_directories(bench_micro PRIVATE ${CMAKE_SOURCE_DIR}/benchmarks)
  target_link_libraries(bench_micro PRIVATE ads_function benchmark::benchmark)
  ads_precompile(bench_micro)
endif()
