# Cross-building for AWS's arm64 on an x86_64 Debian 12: clang knows the target, and Debian's multiarch packages (scripts/setup
# package) bring arm64's libstdc++, glibc and static libraries beside our own.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_CXX_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
# CMake's search falls back to directories without an architecture, never to another's.
set(CMAKE_IGNORE_PREFIX_PATH /usr/local)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
# The host's GNU linker knows the host alone.
set(CMAKE_EXE_LINKER_FLAGS_INIT -fuse-ld=lld)
# FindOpenSSL asks pkg-config.
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig)
