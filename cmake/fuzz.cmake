# tests/fuzz/<name>_fuzz.cc becomes the libFuzzer program fuzz_<name>, in a build that the preset `fuzz` configures:
#   cmake --preset fuzz && cmake --build --preset fuzz --target fuzzers && ctest --test-dir build/fuzz -L fuzz
# ctest gives each a minute's worth of inputs; a longer hunt is build/fuzz/fuzz_<name> -max_total_time=3600 DIRECTORY.
# Seeds and past findings lie in tests/fuzz/corpus/<name>/.
if(NOT ADS_SANITIZE MATCHES "fuzzer")
  return()
endif()

add_custom_target(fuzzers)
function(ads_fuzz name)
  add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}_fuzz.cc)
  target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  ads_precompile(fuzz_${name})
  add_dependencies(fuzzers fuzz_${name})
  # What is found goes below the build directory; the seeds are only read.
  set(found ${CMAKE_BINARY_DIR}/corpus/${name})
  file(MAKE_DIRECTORY ${found})
  add_test(NAME fuzz_${name}
    COMMAND fuzz_${name} -max_total_time=60 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
      -artifact_prefix=${CMAKE_BINARY_DIR}/fuzz_${name}- ${found} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  set_tests_properties(fuzz_${name} PROPERTIES LABELS fuzz)
endfunction()

ads_fuzz(batch_reader ads_batch)
ads_fuzz(user_file ads_directory)
ads_fuzz(authorization ads_aws)
ads_fuzz(query_form ads_cloud_core)
ads_fuzz(aws_chunked ads_cloud_s3)
ads_fuzz(expressions ads_cloud_dynamodb)
