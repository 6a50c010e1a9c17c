# Flags that every target shares. Sanitizers come from the preset through ADS_SANITIZE.
set(ADS_SANITIZE "" CACHE STRING "sanitizers, as for -fsanitize=: address,undefined")

add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Werror=unused-result -Werror=return-type -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Lets ccache share precompiled headers between build directories.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  add_link_options(-fuse-ld=lld)
endif()
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ALIGN BOOST_JSON_STATIC_LINK ADS_VERSION="${PROJECT_VERSION}")

if(ADS_SANITIZE)
  add_compile_options(-fsanitize=${ADS_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ADS_SANITIZE})
endif()

find_program(ADS_CCACHE ccache)
if(ADS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${ADS_CCACHE})
endif()
