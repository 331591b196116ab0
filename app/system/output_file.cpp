#include "app/system/output_file.h"

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace dualsight {
namespace fs = std::filesystem;

Result<OutputFile> OutputFile::create(const std::string& path) {
  if (path == "-") return OutputFile("standard output", STDOUT_FILENO, false);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  OutputFile file(path, fd, false);
  if (fd < 0) return file.failure();
  struct stat status {};
  file.seekable_ = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
  return file;
}

OutputFile::OutputFile(std::string path, int fd, bool seekable)
    : path_(std::move(path)), fd_(fd), seekable_(seekable) {}

OutputFile::OutputFile(OutputFile&& other) noexcept { *this = std::move(other); }

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(seekable_, other.seekable_);
  std::swap(pipe_is_broken_, other.pipe_is_broken_);
  return *this;
}

OutputFile::~OutputFile() {
  if (fd_ > STDERR_FILENO) ::close(fd_);
}

Result<void> OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    pipe_is_broken_ = written < 0 && errno == EPIPE;
    if (written < 0) return failure();
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> OutputFile::close() {
  if (fd_ <= STDERR_FILENO) return {};
  return ::close(std::exchange(fd_, -1)) == 0 ? Result<void>{} : failure();
}

void OutputFile::step_back(std::size_t bytes) {
  if (seekable_) ::lseek(fd_, -static_cast<off_t>(bytes), SEEK_CUR);
}

Error OutputFile::failure() const {
  return {ErrorKind::output, path_ + ": cannot be written: " + std::strerror(errno)};
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  if (auto written = file->write(bytes); !written) return written;
  return file->close();
}

void remove_if_empty(const std::string& path) {
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored) && fs::file_size(path, ignored) == 0) fs::remove(path, ignored);
}

Result<void> make_folder(const std::string& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (!failure && !fs::is_directory(path)) failure = std::make_error_code(std::errc::not_a_directory);
  if (!failure && ::access(path.c_str(), W_OK) != 0) failure = std::error_code(errno, std::generic_category());
  if (!failure) return {};
  return Error{ErrorKind::output, path + ": cannot be written: " + failure.message()};
}

std::string lower_extension(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return extension;
}

bool is_picture_name(const std::string& path) {
  static const std::set<std::string> known = {".jpg",  ".jpeg", ".jpe", ".png", ".bmp", ".tif", ".tiff",
                                              ".webp", ".ppm",  ".pgm", ".pbm", ".pnm", ".jp2"};
  return known.count(lower_extension(path)) != 0;
}

std::string name_in_files(const std::string& source) {
  constexpr std::size_t longest = 100;  // bytes
  static const std::set<std::string> videos = {".avi", ".mkv",  ".mp4", ".m4v", ".mov", ".mpg", ".mpeg",
                                               ".ts",  ".webm", ".wmv", ".flv", ".3gp", ".ogv"};
  const auto scheme = source.find("://");
  std::string name = scheme == std::string::npos ? source : source.substr(scheme + 3);
  if (scheme == std::string::npos && videos.count(lower_extension(name)) != 0) name = fs::path(name).stem().string();
  if (name.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // within a UTF-8 character
    name.resize(end);
  }
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) { return c < 0x80 && std::isalnum(c) == 0 && c != '-' && c != '_' && c != '.'; }, '_');
  return name.empty() ? "source" : name;
}

std::string FrameNames::next(const std::string& source, const std::string& file, int64_t frame) {
  std::string name = fs::path(file).stem().string();
  if (name.empty()) {  // a frame of a video, camera or stream
    name = fmt::format("{}_{:06}", name_in_files(source), frame);
  }
  std::string unique = name;
  for (int count = 2; !used_.insert(unique).second; ++count) unique = name + "_" + std::to_string(count);
  return unique;
}

}  // namespace dualsight
