# tests/unit/<folder>/*.cc becomes the program unit_<folder>, linked to the target of the folder it mirrors.
# `ctest` runs them; the Python tests (wire, journey) are run by scripts/test.
include(GoogleTest)

# A unit test runs once for each time it is compiled, and what it tests is optimised as shipped.
function(ads_compile_quickly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O0>)
endfunction()

function(ads_unit_test name folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/*.cc)
  if(sources)
    add_executable(unit_${name} ${sources})
    target_include_directories(unit_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(unit_${name} PRIVATE ${ARGN} GTest::gmock GTest::gtest_main)
    target_compile_definitions(unit_${name} PRIVATE ADS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    ads_compile_quickly(unit_${name})
    ads_precompile(unit_${name})
    add_test(NAME unit_${name} COMMAND unit_${name} --gtest_brief=1)
  endif()
endfunction()

foreach(folder base http aws batch directory plan cli)
  ads_unit_test(${folder} ${folder} ads_${folder})
endforeach()
ads_unit_test(function function ads_function ads_plan)  # the model's times are compared with the engine's
ads_unit_test(cloud cloud ads_cloud_core)
ads_unit_test(cloud_operations cloud/operations ads_cloud_operations)
foreach(service IN LISTS ADS_CLOUD_SERVICES)
  ads_unit_test(cloud_${service} cloud/${service} ads_cloud_${service})
endforeach()

# Our AWS clients against servers we did not write; tests/clients/run starts those.
file(GLOB clients_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/clients/*.cc)
if(clients_sources)
  add_executable(clients_test ${clients_sources})
  target_include_directories(clients_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(clients_test PRIVATE ads_aws GTest::gmock GTest::gtest_main)
  ads_compile_quickly(clients_test)
  ads_precompile(clients_test)
endif()
