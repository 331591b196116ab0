#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>

#include "app/sources/source.h"

namespace dualsight {
namespace {

// Reads the file itself, so that "no permission" and "not a picture" are told apart. EXIF orientation is applied.
Result<cv::Mat> read_picture(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorKind::source, path + ": cannot be read: " + std::strerror(errno)};
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  cv::Mat bgr;
  try {
    if (!bytes.empty()) bgr = cv::imdecode(bytes, cv::IMREAD_COLOR);
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
  if (single && !cv::haveImageReader(files.front())) {
    return Error{ErrorKind::source, files.front() + ": is not a picture"};
  }
  return std::unique_ptr<Source>(new PictureSource(std::move(name), std::move(files), single, options));
}

}  // namespace dualsight
