#include "app/sources/gst_parse.h"

#include <dlfcn.h>

#include <cstdint>

namespace dualsight {
namespace {

// The part of the stable C ABI of GLib 2 and GStreamer 1 that is needed here. Declared by hand, because neither the
// library nor its headers have to be installed: OpenCV loads GStreamer where it has that backend. GlibError is GError.
struct GlibError {
  uint32_t domain;
  int code;
  char* message;
};
constexpr int fatal_errors = 1;  // GST_PARSE_FLAG_FATAL_ERRORS
using Init = int (*)(int*, char***, GlibError**);
using Parse = void* (*)(const char*, void*, int, GlibError**);
using Release = void (*)(void*);

template <typename Function>
Function find(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

}  // namespace

std::optional<std::string> pipeline_mistake(const std::string& pipeline) {
  void* library = dlopen("libgstreamer-1.0.so.0", RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return std::nullopt;
  const auto init = find<Init>(library, "gst_init_check");
  const auto parse = find<Parse>(library, "gst_parse_launch_full");
  const auto release = find<Release>(library, "gst_object_unref");
  const auto free_error = find<void (*)(GlibError*)>(library, "g_error_free");
  if (init == nullptr || parse == nullptr || release == nullptr || free_error == nullptr ||
      init(nullptr, nullptr, nullptr) == 0) {
    return std::nullopt;
  }
  GlibError* error = nullptr;
  void* parsed = parse(pipeline.c_str(), nullptr, fatal_errors, &error);
  std::optional<std::string> mistake;
  if (error != nullptr) {
    mistake = error->message;
    free_error(error);
  }
  if (parsed != nullptr) release(parsed);
  return mistake;
}

}  // namespace dualsight
