# Every third-party library, from Debian 12's packages, linked statically where Debian ships an archive:
# `ads` then starts without resolving a dozen shared objects.
set(Boost_USE_STATIC_LIBS ON)
set(OPENSSL_USE_STATIC_LIBS ON)
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)

# ads_archive(target lib.a [link libraries...]): an imported static library that has no CMake package of its own.
function(ads_archive target file)
  find_library(${target}_FILE NAMES ${file} REQUIRED)
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${target}_FILE} INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

ads_archive(ZLIB_STATIC libz.a)
ads_archive(ZSTD_STATIC libzstd.a)
ads_archive(BZ2_STATIC libbz2.a)
ads_archive(LZMA_STATIC liblzma.a)
ads_archive(pugixml_static libpugixml.a)
# fmt comes as headers, without an archive: src/base/fmt.cc compiles it.
if(ADS_FUNCTION_ONLY)
  return()
endif()

find_package(GTest REQUIRED)
# Not its shared library: an exception thrown there would not be caught here, beside our own copy of libstdc++.
ads_archive(yaml_cpp_static libyaml-cpp.a)
ads_archive(LZ4_STATIC liblz4.a)
ads_archive(SNAPPY_STATIC libsnappy.a)
ads_archive(rocksdb_static librocksdb.a SNAPPY_STATIC LZ4_STATIC BZ2_STATIC ZLIB_STATIC ZSTD_STATIC dl Threads::Threads)
# Only the zip reader is used of it: its shared library would bring libxml2, ICU and a second libstdc++ along.
ads_archive(NETTLE_STATIC libnettle.a)
ads_archive(archive_static libarchive.a NETTLE_STATIC LZMA_STATIC LZ4_STATIC BZ2_STATIC ZSTD_STATIC ZLIB_STATIC)

set(ADS_CLOUD_EXTRA_lambda archive_static)
set(ADS_CLOUD_EXTRA_cloudformation yaml_cpp_static)
