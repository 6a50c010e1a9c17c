# What is installed beside `ads`, and the Debian package of it. scripts/package drives this:
#   cmake --build --preset release --target installed_files && cpack -G DEB --config build/release/CPackConfig.cmake
include(GNUInstallDirs)
set(files ${CMAKE_BINARY_DIR}/installed)
file(MAKE_DIRECTORY ${files})

# ads_made(file command...): a file below build/.../installed that a command prints.
function(ads_made file)
  add_custom_command(OUTPUT ${files}/${file} COMMAND ${ARGN} > ${files}/${file} VERBATIM
    DEPENDS ads ${CMAKE_SOURCE_DIR}/CHANGELOG.md COMMENT "Making ${file}")
  set_property(GLOBAL APPEND PROPERTY ADS_MADE ${files}/${file})
endfunction()
ads_made(ads.bash ads completion bash)
ads_made(_ads ads completion zsh)
ads_made(ads.1 ads manual)
ads_made(ads.1.gz sh -c "$<TARGET_FILE:ads> manual | gzip -9n")
ads_made(changelog.gz gzip -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md)
get_property(made GLOBAL PROPERTY ADS_MADE)
add_custom_target(installed_files DEPENDS ${made})

install(TARGETS ads RUNTIME)
install(FILES ${files}/ads.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ads)
install(FILES ${files}/_ads DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${files}/ads.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${files}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ads)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/copyright ${CMAKE_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ads)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME ads)
# `ads deploy` looks here. The zips are scripts/package's.
install(FILES ${CMAKE_SOURCE_DIR}/resources.yaml ${CMAKE_SOURCE_DIR}/build/function-x86_64.zip
  ${CMAKE_SOURCE_DIR}/build/function-arm64.zip DESTINATION ${CMAKE_INSTALL_DATADIR}/ads)

set(CPACK_PACKAGE_NAME ads)
set(CPACK_PACKAGE_CONTACT "ADS maintainers <ads-maintainers@example.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "answer failed directory requests in bulk")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_SOURCE_DIR}/build)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS awscli)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "ads deploys and drives ADS, a serverless system on AWS that reads batch
files of failed directory requests from a bucket, parks what deserves another
try, looks every other user up, notifies the subscribing services and mails a
report.
.
It contains a local cloud that answers AWS's own clients, on which the
unchanged function and template run offline.")
include(CPack)
