# Every third-party library, from Debian 12's packages, linked statically where Debian ships an archive:
# `ads` then starts without resolving a dozen shared objects.
set(Boost_USE_STATIC_LIBS ON)
set(OPENSSL_USE_STATIC_LIBS ON)
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
find_package(fmt REQUIRED)  # header-only: Debian ships no archive of it
find_package(GTest REQUIRED)

# ads_archive(target lib.a [link libraries...]): an imported static library that has no CMake package of its own.
function(ads_archive target file)
  find_library(${target}_FILE NAMES ${file} REQUIRED)
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${target}_FILE} INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

ads_archive(ZLIB_STATIC libz.a)
ads_archive(ZSTD_STATIC libzstd.a)
ads_archive(pugixml_static libpugixml.a)
# Not its shared library: an exception thrown there would not be caught here, beside our own copy of libstdc++.
ads_archive(yaml_cpp_static libyaml-cpp.a)
ads_archive(LZ4_STATIC liblz4.a)
ads_archive(BZ2_STATIC libbz2.a)
ads_archive(SNAPPY_STATIC libsnappy.a)
ads_archive(rocksdb_static librocksdb.a SNAPPY_STATIC LZ4_STATIC BZ2_STATIC ZLIB_STATIC ZSTD_STATIC dl Threads::Threads)
find_library(ARCHIVE_SHARED archive REQUIRED)

set(ADS_CLOUD_EXTRA_lambda ${ARCHIVE_SHARED})
set(ADS_CLOUD_EXTRA_cloudformation yaml_cpp_static)
