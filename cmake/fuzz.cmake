# tests/fuzz/<name>_fuzz.cc becomes the libFuzzer program fuzz_<name>, in a build that the preset `fuzz` configures:
#   cmake --preset fuzz && cmake --build --preset fuzz --target fuzzers && ctest --test-dir build/fuzz -L fuzz
# ctest gives each ADS_FUZZ_SECONDS; a longer hunt is build/fuzz/fuzz_<name> -max_total_time=3600 DIRECTORY.
# Seeds and past findings lie in tests/fuzz/corpus/<name>/.
if(NOT ADS_SANITIZE MATCHES "fuzzer")
  return()
endif()

set(ADS_FUZZ_SECONDS 60 CACHE STRING "how long ctest runs each fuzz target")
add_custom_target(fuzzers)
# ads_fuzz(name targets... [SOURCES files...]): with SOURCES, the files of src/ that the program needs of a folder whose
# whole target would take long to build.
function(ads_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES" ${ARGN})
  list(TRANSFORM ARG_SOURCES PREPEND ${CMAKE_SOURCE_DIR}/src/)
  add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}_fuzz.cc ${ARG_SOURCES})
  target_include_directories(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(fuzz_${name} PRIVATE ${ARG_UNPARSED_ARGUMENTS})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  ads_precompile(fuzz_${name})
  add_dependencies(fuzzers fuzz_${name})
  # What is found goes below the build directory; the seeds are only read.
  set(found ${CMAKE_BINARY_DIR}/corpus/${name})
  file(MAKE_DIRECTORY ${found})
  add_test(NAME fuzz_${name}
    COMMAND fuzz_${name} -max_total_time=${ADS_FUZZ_SECONDS} -timeout=60 -rss_limit_mb=2048 -print_final_stats=1
      -artifact_prefix=${CMAKE_BINARY_DIR}/fuzz_${name}- ${found} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  set_tests_properties(fuzz_${name} PROPERTIES LABELS fuzz)
endfunction()

ads_fuzz(batch_reader ads_batch)
ads_fuzz(messages ads_batch)
ads_fuzz(user_file ads_directory)
ads_fuzz(cbor ads_base SOURCES cloud/cloudwatch/cbor.cc)
ads_fuzz(zip ads_base archive_static SOURCES cloud/lambda/unzip.cc)
set(wire_sources cloud/wire_error.cc cloud/query_protocol.cc cloud/xml_writer.cc aws/wire.cc http/message.cc)
ads_fuzz(template_text ads_base yaml_cpp_static pugixml_static
  SOURCES cloud/cloudformation/yaml.cc ${wire_sources})
ads_fuzz(filters ads_base pugixml_static
  SOURCES cloud/sns/filter_policy.cc cloud/sns/condition.cc cloud/lambda/event_filter.cc ${wire_sources})
ads_fuzz(xml ads_base pugixml_static SOURCES cloud/s3/xml.cc cloud/s3/errors.cc aws/wire_error.cc aws/retry.cc ${wire_sources})
ads_fuzz(http_head ads_http)
ads_fuzz(authorization ads_aws)
ads_fuzz(query_form ads_cloud_core)
ads_fuzz(aws_chunked ads_cloud_s3)
ads_fuzz(expressions ads_cloud_dynamodb)
