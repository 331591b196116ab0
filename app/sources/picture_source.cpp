#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <string_view>

#include "app/sources/source.h"
#include "app/sources/video_decoder.h"

namespace dualsight {
namespace {

bool has_at(const std::vector<char>& bytes, std::size_t offset, std::string_view text) {
  return bytes.size() >= offset + text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

// Formats that FFmpeg reads and OpenCV does not, or not everywhere, told by their first bytes: WebP, GIF, and the
// ISO-BMFF ones (AVIF, HEIC).
bool is_for_ffmpeg(const std::vector<char>& head) {
  return (has_at(head, 0, "RIFF") && has_at(head, 8, "WEBP")) || has_at(head, 0, "GIF8") || has_at(head, 4, "ftyp");
}

// The first frame; empty: FFmpeg cannot decode it.
cv::Mat decode_by_ffmpeg(const std::string& path) {
  auto decoder = VideoDecoder::open("file:" + std::filesystem::absolute(path).string(), {});
  if (!decoder) return {};
  const auto frame = (*decoder)->next();
  return frame && *frame ? (*frame)->bgr : cv::Mat();
}

// Whether some reader knows the format, by the file's first bytes.
bool has_picture_reader(const std::string& path) {
  std::vector<char> head(16);
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  if (is_for_ffmpeg(head)) return true;
  try {
    return cv::haveImageReader(path);
  } catch (const cv::Exception&) {
    return false;
  }
}

// Reads the file itself, so that "no permission" and "not a picture" are told apart. EXIF orientation is applied.
Result<cv::Mat> read_picture(const std::string& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (failure) return Error{ErrorKind::source, path + ": cannot be read: " + failure.message()};
  if (!std::filesystem::is_regular_file(status)) {  // opening a named pipe would wait for ever
    return Error{ErrorKind::source, path + ": is neither a file nor a link to one"};
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorKind::source, path + ": cannot be read: " + std::strerror(errno)};
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  cv::Mat bgr;
  try {
    if (is_for_ffmpeg(bytes)) {
      bgr = decode_by_ffmpeg(path);
    } else if (!bytes.empty()) {
      bgr = cv::imdecode(bytes, cv::IMREAD_COLOR);
    }
  } catch (const cv::Exception&) {  // a header that claims more than OpenCV accepts
  }
  if (bgr.empty()) return Error{ErrorKind::source, path + ": is not a picture, or a damaged one"};
  return bgr;
}

class PictureSource : public Source {
 public:
  PictureSource(std::string name, std::vector<std::string> files, bool single, SourceOptions options)
      : files_(std::move(files)), single_(single), options_(std::move(options)) {
    info_.name = std::move(name);
    info_.frame_count = static_cast<int64_t>(files_.size());
  }

  const SourceInfo& info() const override { return info_; }

  Result<std::optional<Frame>> read() override {
    while (next_ < files_.size()) {
      const std::size_t index = next_++;
      auto picture = read_picture(files_[index]);
      if (!picture && single_) return picture.error();
      if (!picture) {
        if (options_.on_status) options_.on_status(State::skipped, picture.error().message, files_[index]);
        continue;
      }
      ++read_;
      Frame frame;
      frame.bgr = *std::move(picture);
      frame.number = static_cast<int64_t>(index);
      frame.file = files_[index];
      frame.timestamp = std::chrono::system_clock::now();
      frame.captured = std::chrono::steady_clock::now();
      return std::optional<Frame>(std::move(frame));
    }
    if (next_ == files_.size() && read_ == 0) {
      return Error{ErrorKind::source,
                   info_.name + ": none of the " + std::to_string(files_.size()) + " pictures can be read"};
    }
    return std::optional<Frame>();
  }

 private:
  SourceInfo info_;
  std::vector<std::string> files_;
  bool single_;  // a single picture by name: failing to read it is an error, not skipped
  SourceOptions options_;
  std::size_t next_ = 0, read_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_pictures(std::string name, std::vector<std::string> files, bool single,
                                              const SourceOptions& options) {
  if (single && !has_picture_reader(files.front())) {
    return Error{ErrorKind::source, files.front() + ": is not a picture"};
  }
  return std::unique_ptr<Source>(new PictureSource(std::move(name), std::move(files), single, options));
}

}  // namespace dualsight
