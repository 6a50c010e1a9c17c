# tests/simulation: the function's roles over simulated services. `ads-simulate --seeds A..B` runs a range of seeds.
file(GLOB simulation_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/simulation/*.cc)
if(simulation_sources)
  add_executable(ads-simulate ${simulation_sources})
  target_include_directories(ads-simulate PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(ads-simulate PRIVATE ads_function)
  ads_precompile(ads-simulate)
endif()
