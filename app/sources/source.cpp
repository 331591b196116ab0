#include "app/sources/source.h"

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "app/sources/cameras.h"
#include "app/sources/live_source.h"
#include "app/system/output_file.h"
#include "app/system/redact.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

enum class Kind { picture, folder, glob, video, standard_input, camera, stream, pipeline };

struct Classified {
  Kind kind;
  std::string path;                // file, folder, pattern, device, URL or pipeline
  std::vector<std::string> files;  // pictures of a folder or glob
};

constexpr const char* pipeline_prefix = "gst:";

Error source_error(const std::string& what) { return {ErrorKind::source, what}; }

bool all_digits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// Schemes are the same in capitals (RFC 3986, 3.1): "HTTP://host/X" -> "http://host/X".
std::string with_lower_scheme(const std::string& spec) {
  const auto mark = spec.find("://");
  return mark == std::string::npos ? spec : lower(spec.substr(0, mark)) + spec.substr(mark);
}

// By its extension. Some can be read and not written.
bool is_readable_picture(const std::string& name) {
  static const std::set<std::string> read_only = {".jfif", ".jif", ".avif", ".heic", ".heif"};
  return is_picture_name(name) || read_only.count(lower_extension(name)) != 0;
}

// In a folder also a GIF is one picture, its first; by itself it is a video.
bool is_picture_in_folder(const std::string& name) {
  return is_readable_picture(name) || lower_extension(name) == ".gif";
}

bool starts_with_any(const std::string& text, std::initializer_list<const char*> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const char* prefix) { return text.starts_with(prefix); });
}

Result<std::vector<std::string>> pictures_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
    const std::string name = it->path().filename().string();
    std::error_code unknown;  // a link to nowhere or to itself: reading it says so, and the others are read
    if (name[0] != '.' && is_picture_in_folder(name) && !it->is_directory(unknown))
      files.push_back(it->path().string());
  }
  if (failure) return source_error(folder + ": " + failure.message());
  if (files.empty()) return source_error(folder + ": the folder holds no pictures");
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>> pictures_matching(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> files;
  for (std::size_t i = 0; status == 0 && i < found.gl_pathc; ++i) {
    if (is_picture_in_folder(found.gl_pathv[i])) files.emplace_back(found.gl_pathv[i]);
  }
  const std::size_t matches = status == 0 ? found.gl_pathc : 0;
  ::globfree(&found);
  if (matches == 0) return source_error(pattern + ": no such file, and nothing matches it as a pattern");
  if (files.empty()) {
    return source_error(pattern +
                        ": matches no pictures (for videos leave the quotes off, so that the shell expands it)");
  }
  return files;
}

Result<void> check_readable(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0) {
    ::close(fd);
    return {};
  }
  if (errno == ENOENT) return source_error(path + ": no such file or folder");
  return source_error(path + ": cannot be read: " + std::strerror(errno));
}

bool is_address(const std::string& spec) {
  return starts_with_any(with_lower_scheme(spec), {"rtsp://", "rtsps://", "http://", "https://"});
}

bool is_camera(const std::string& spec) {
  return all_digits(spec) || starts_with_any(spec, {"/dev/video", "/dev/v4l/"});
}

Result<Classified> classify(const std::string& spec) {
  if (spec.empty()) return source_error("a source is empty: name a file, folder, camera or address");
  if (spec == "-") return Classified{Kind::standard_input, spec, {}};
  if (spec.starts_with(pipeline_prefix)) return Classified{Kind::pipeline, spec.substr(4), {}};
  if (is_address(spec)) return Classified{Kind::stream, with_lower_scheme(spec), {}};
  if (spec.find("://") != std::string::npos) {
    return source_error(redact(spec) + ": addresses must begin with rtsp://, rtsps://, http:// or https://");
  }
  if (is_camera(spec)) return Classified{Kind::camera, all_digits(spec) ? "/dev/video" + spec : spec, {}};
  std::error_code ignored;
  const fs::file_status status = fs::status(spec, ignored);
  if (status.type() == fs::file_type::not_found && spec.find_first_of("*?[") != std::string::npos) {
    auto files = pictures_matching(spec);
    if (!files) return files.error();
    return Classified{Kind::glob, spec, *std::move(files)};
  }
  if (auto readable = check_readable(spec); !readable) return readable.error();
  if (fs::is_directory(status)) {
    auto files = pictures_in(spec);
    if (!files) return files.error();
    return Classified{Kind::folder, spec, *std::move(files)};
  }
  if (!fs::is_regular_file(status)) return source_error(spec + ": is neither a file, a folder nor a camera");
  return Classified{is_readable_picture(spec) ? Kind::picture : Kind::video, spec, {spec}};
}

}  // namespace

bool is_live(const std::string& spec) {
  return spec.starts_with(pipeline_prefix) || is_address(spec) || is_camera(spec);
}

std::string source_name(const SourceSettings& settings) {
  const std::string& spec = settings.spec;
  if (!settings.name.empty()) return settings.name;
  if (spec == "-") return "stdin";
  if (all_digits(spec)) return "cam" + spec;
  if (is_camera(spec)) {
    const std::string file = fs::path(spec).filename().string();
    return file.starts_with("video") ? "cam" + file.substr(5) : file;
  }
  if (is_live(spec) || spec.find("://") != std::string::npos) return redact(spec);
  std::error_code ignored;
  if (fs::is_directory(spec, ignored)) return fs::canonical(spec, ignored).filename().string();
  return fs::exists(spec, ignored) ? fs::path(spec).filename().string() : spec;
}

Result<std::unique_ptr<Source>> open_source(const SourceSettings& settings, const SourceOptions& options) {
  auto source = classify(settings.spec);
  if (!source) return source.error();
  const std::string name = source_name(settings);
  switch (source->kind) {
    case Kind::stream:
      return open_stream(name, source->path, settings, options);
    case Kind::camera:
      return open_camera(name, source->path, settings, options);
    case Kind::pipeline:
      return open_pipeline(name, source->path, settings);
    case Kind::standard_input:
      return open_standard_input(name, options);
    case Kind::video: {
      auto video = open_video_file(name, source->path, options);
      if (!video || !settings.paced) return video;
      const auto again = [name, path = source->path] { return open_video_file(name, path, {}); };
      return settings.repeat ? paced(*std::move(video), again) : paced(*std::move(video));
    }
    default:
      return open_pictures(name, std::move(source->files), source->kind == Kind::picture, options);
  }
}

Result<void> check_source(const SourceSettings& settings) {
  auto source = classify(settings.spec);
  if (!source) return source.error();
  if (source->kind == Kind::stream || source->kind == Kind::standard_input) return {};
  if (source->kind == Kind::pipeline) return check_pipeline(source_name(settings), source->path);
  if (source->kind == Kind::camera) return check_camera(source->path);
  auto opened = open_source(settings);
  return opened ? Result<void>{} : opened.error();
}

}  // namespace dualsight
