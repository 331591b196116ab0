# What a desktop needs beside the program (icon, menu entry, AppStream data, man pages), and the Debian package:
#   cmake --build build/release && (cd build/release && cpack)
# Included after every target is known.

# Desktop file, icon and metainfo bear this name; the window tells it to Qt (setDesktopFileName).
set(DUALSIGHT_APP_ID org.dualsight.Dualsight)
set(package_files ${CMAKE_BINARY_DIR}/package)
file(MAKE_DIRECTORY ${package_files})

# gzip -n: without the file's time, which would differ from build to build.
function(dualsight_install_gzipped source destination)
  get_filename_component(name ${source} NAME)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  execute_process(COMMAND gzip -9nc ${source} OUTPUT_FILE ${package_files}/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${package_files}/${name}.gz DESTINATION ${destination})
endfunction()

dualsight_install_gzipped(${CMAKE_SOURCE_DIR}/assets/man/dualsight.1 ${CMAKE_INSTALL_MANDIR}/man1)
if(TARGET dualsight-gui)
  dualsight_install_gzipped(${CMAKE_SOURCE_DIR}/assets/man/dualsight-gui.1 ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES assets/dualsight.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications
          RENAME ${DUALSIGHT_APP_ID}.desktop)
  install(FILES assets/${DUALSIGHT_APP_ID}.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
  set(icons ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
  install(FILES assets/icons/dualsight.svg DESTINATION ${icons}/scalable/apps RENAME ${DUALSIGHT_APP_ID}.svg)
  foreach(size 16 22 24 32 48 64 128 256)
    install(FILES assets/icons/dualsight-${size}.png DESTINATION ${icons}/${size}x${size}/apps
            RENAME ${DUALSIGHT_APP_ID}.png)
  endforeach()
endif()

# ---- Debian -----------------------------------------------------------------------------------------------------
set(maintainer "The Dualsight developers <dualsight@localhost>")
set(release 1)  # of the package; the program's version is the project's
set(released "Wed, 25 Nov 2026 12:00:00 +0000")

set(copyright ${package_files}/copyright)
file(CONFIGURE OUTPUT ${copyright} @ONLY CONTENT
[[Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Dualsight
Source: The repository that this package was built from; its README.md tells how.

Files: *
Copyright: 2026 The Dualsight developers
License: Apache-2.0

Files: assets/org.dualsight.Dualsight.metainfo.xml
Copyright: 2026 The Dualsight developers
License: FSFAP

License: Apache-2.0
 Licensed under the Apache License, Version 2.0 (the "License"); you may not use this software except in compliance
 with the License. Unless required by applicable law or agreed to in writing, software distributed under the License
 is distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
 License for the specific language governing permissions and limitations under the License.
 .
 On Debian systems, the complete text is in /usr/share/common-licenses/Apache-2.0.

License: FSFAP
 Copying and distribution of this file, with or without modification, are permitted in any medium without royalty
 provided the copyright notice and this notice are preserved. This file is offered as-is, without any warranty.
]])
install(FILES ${copyright} DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(changelog ${package_files}/changelog.Debian)
file(CONFIGURE OUTPUT ${changelog} @ONLY CONTENT
[[dualsight (@PROJECT_VERSION@-@release@) bookworm; urgency=medium

  * Version @PROJECT_VERSION@.

 -- @maintainer@  @released@
]])
dualsight_install_gzipped(${changelog} ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME dualsight)
set(CPACK_PACKAGE_VENDOR "The Dualsight developers")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_FILE_NAME dualsight)  # components have none; the file's own name is the next line's
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${release})
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${maintainer})
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds objects in cameras, videos and pictures, live and offline")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Dualsight watches a camera, a network stream, a video or pictures and says
what is there (class), where (box) and how big, live and on a plain CPU. It
tracks objects, counts who enters a zone or crosses a line, records always or
only around events, and makes people unrecognisable where asked to.

It comes with two small models and trains others on a few hundred pictures.
It never uses the network, except for the camera addresses that it is given.")

# Libraries come from the program itself (dpkg-shlibdeps), which asks for any BLAS; netlib's reference one would make
# DPN92 about 25 times slower, so OpenBLAS is asked for by name and wins as the alternative.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS libopenblas0-pthread)
# For "gst:" sources.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gstreamer1.0-plugins-base, gstreamer1.0-plugins-good")
if(TARGET dualsight-gui)
  # Qt's platform plugins (xcb, offscreen) are in libqt6gui6, a Latin font comes with its fontconfig. For Chinese: a
  # font, and the texts of Qt's own dialogs. libqt6svg6 is not needed: icons come as PNG, too.
  string(APPEND CPACK_DEBIAN_PACKAGE_RECOMMENDS ", fonts-droid-fallback | fonts-noto-cjk | fonts-wqy-microhei"
         ", qt6-translations-l10n")
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS qt6-wayland)
endif()
include(CPack)
