# Flags that every target shares. Sanitizers come from the preset through ADS_SANITIZE.
set(ADS_SANITIZE "" CACHE STRING "sanitizers, as for -fsanitize=: address,undefined")

add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Werror=unused-result -Werror=return-type -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Lets ccache share precompiled headers between build directories and checkouts: Ninja, which knows what a precompiled
  # header is made of, is the one that decides when it is stale.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp" "SHELL:-Xclang -fno-validate-pch")
  # A precompiled header out of the cache may come from a checkout that is gone.
  list(PREPEND CMAKE_CXX_COMPILE_OPTIONS_CREATE_PCH -Xclang -fmodules-embed-all-files)
  add_link_options(-fuse-ld=lld)
endif()
# No path of the machine that built it in a program: two checkouts give the same bytes.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
add_link_options(-Wl,--build-id=sha1)
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ALIGN BOOST_JSON_STATIC_LINK ADS_VERSION="${PROJECT_VERSION}")
# Compiled once, in src/base/asio.cc, src/http/asio_ssl.cc and src/http/beast.cc, instead of in each file that includes them.
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)

if(ADS_SANITIZE)
  add_compile_options(-fsanitize=${ADS_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ADS_SANITIZE})
endif()

find_program(ADS_CCACHE ccache)
if(ADS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros
    ${CMAKE_CURRENT_LIST_DIR}/launch ${CMAKE_SOURCE_DIR} ${ADS_CCACHE})
endif()
