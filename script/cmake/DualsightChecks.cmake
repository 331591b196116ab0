# Finds what the build needs and stops early, with the remedy, where a combination is known not to work.

# ---- LibTorch ---------------------------------------------------------------------------------------------------
# Debian's TorchConfig.cmake lies on CMake's own path; another LibTorch is named by CMAKE_PREFIX_PATH.
find_package(Torch QUIET)
if(NOT Torch_FOUND)
  message(FATAL_ERROR "LibTorch is missing. Remedy: script/setup (or apt install libtorch-dev), "
                      "or name one with -DCMAKE_PREFIX_PATH=/path/to/libtorch")
endif()
if(DEFINED Torch_VERSION AND Torch_VERSION VERSION_LESS 1.13)
  message(FATAL_ERROR "LibTorch ${Torch_VERSION} is too old. Remedy: use 1.13 or later "
                      "(-DCMAKE_PREFIX_PATH=/path/to/libtorch)")
endif()
# LibTorch's own flags may ask for an older C++ ABI, which the system's OpenCV and spdlog do not have.
if("${TORCH_CXX_FLAGS}" MATCHES "_GLIBCXX_USE_CXX11_ABI=0" AND NOT DUALSIGHT_TRAINER_ONLY)
  message(FATAL_ERROR "This LibTorch was built with the old C++ ABI (_GLIBCXX_USE_CXX11_ABI=0), which OpenCV's "
                      "libraries do not share. Remedy: take the 'cxx11 ABI' build of LibTorch")
endif()
add_library(dualsight_torch INTERFACE)
target_link_libraries(dualsight_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(dualsight_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
separate_arguments(torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(dualsight_torch INTERFACE ${torch_flags})
# Torch's own targets carry -std and -W flags of their own; ours come after.

if(DUALSIGHT_TRAINER_ONLY)
  find_package(Threads REQUIRED)
  return()
endif()

# ---- BLAS -------------------------------------------------------------------------------------------------------
# Debian's LibTorch takes the system's libblas.so.3; netlib's reference one makes it many times slower.
if(TORCH_INSTALL_PREFIX MATCHES "^/usr")
  file(GLOB system_blas /usr/lib/*/libblas.so.3 /usr/lib/libblas.so.3)
endif()
foreach(blas IN LISTS system_blas)
  file(REAL_PATH ${blas} real_blas)
  if(real_blas MATCHES "/blas/libblas\\.so")
    message(WARNING "${blas} is netlib's reference BLAS (${real_blas}): DPN92 would run about 25 times slower. "
                    "Remedy: apt install libopenblas0-pthread")
  endif()
endforeach()

# ---- the rest ---------------------------------------------------------------------------------------------------

find_package(Threads REQUIRED)
find_package(OpenCV QUIET COMPONENTS core dnn imgproc imgcodecs videoio)  # never highgui: it brings Qt 5
if(NOT OpenCV_FOUND)
  message(FATAL_ERROR "OpenCV is missing. Remedy: script/setup (or apt install libopencv-dev)")
endif()
find_package(spdlog QUIET)
find_package(nlohmann_json QUIET)
find_package(CLI11 QUIET)
find_package(OpenSSL QUIET COMPONENTS Crypto)
foreach(pair "spdlog libspdlog-dev" "nlohmann_json nlohmann-json3-dev" "CLI11 libcli11-dev" "OpenSSL libssl-dev")
  separate_arguments(pair)
  list(GET pair 0 package)
  list(GET pair 1 debian)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${package} is missing. Remedy: script/setup (or apt install ${debian})")
  endif()
endforeach()

# The fused engine's kernels: the oneDNN that LibTorch loads, too. Without it everything runs on LibTorch.
find_path(DNNL_INCLUDE_DIR dnnl.hpp)
find_library(DNNL_LIBRARY dnnl)
if(NOT DNNL_INCLUDE_DIR OR NOT DNNL_LIBRARY)
  message(WARNING "oneDNN is missing: detection will be several times slower. Remedy: script/setup (or apt install libdnnl-dev)")
endif()

# Recording. OpenCV loads the same libraries.
find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(FFmpeg QUIET IMPORTED_TARGET libavformat libavcodec libavutil libswscale)
endif()
if(NOT FFmpeg_FOUND)
  message(FATAL_ERROR "FFmpeg's libraries are missing. Remedy: script/setup (or apt install pkg-config libavformat-dev "
                      "libavcodec-dev libavutil-dev libswscale-dev)")
endif()
include(CheckIncludeFileCXX)
check_include_file_cxx(toml++/toml.h HAVE_TOMLPLUSPLUS "-std=c++20")
if(NOT HAVE_TOMLPLUSPLUS)
  message(FATAL_ERROR "toml++ is missing. Remedy: script/setup (or apt install libtomlplusplus-dev)")
endif()

if(DUALSIGHT_GUI)
  find_package(Qt6 QUIET COMPONENTS Widgets LinguistTools OPTIONAL_COMPONENTS Test)
  if(NOT Qt6_FOUND)
    message(FATAL_ERROR "Qt 6 is missing. Remedy: script/setup (or apt install qt6-base-dev qt6-tools-dev qt6-l10n-tools), "
                        "or build without the window: -DDUALSIGHT_GUI=OFF (preset headless)")
  endif()
  include(CheckCXXSourceCompiles)
  unset(qt_headers_are_6 CACHE)
  set(CMAKE_REQUIRED_LIBRARIES Qt6::Core)
  set(CMAKE_REQUIRED_INCLUDES ${OpenCV_INCLUDE_DIRS})
  set(CMAKE_REQUIRED_QUIET ON)
  check_cxx_source_compiles(
    "#include <QtGlobal>\n#if QT_VERSION < QT_VERSION_CHECK(6, 0, 0)\n#error Qt 5\n#endif\nint main() {}" qt_headers_are_6)
  unset(CMAKE_REQUIRED_LIBRARIES)
  unset(CMAKE_REQUIRED_INCLUDES)
  if(NOT qt_headers_are_6)
    message(FATAL_ERROR "Qt 5's headers are picked up instead of Qt 6's. Remedy: remove them from CXXFLAGS, "
                        "CPLUS_INCLUDE_PATH and CMAKE_PREFIX_PATH")
  endif()
endif()

if(DUALSIGHT_TESTS)
  find_package(GTest QUIET)
  if(NOT GTest_FOUND)
    message(FATAL_ERROR "GoogleTest is missing. Remedy: script/setup (or apt install libgtest-dev), "
                        "or build without tests: -DDUALSIGHT_TESTS=OFF")
  endif()
endif()
