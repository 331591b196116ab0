#include "app/video_writer.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <optional>

#include "app/output_file.h"
#include "detector/overlay.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

cv::Mat fitted(const cv::Mat& frame, cv::Size size) {
  if (frame.size() == size) return frame;
  const double scale =
      std::min(static_cast<double>(size.width) / frame.cols, static_cast<double>(size.height) / frame.rows);
  const cv::Size inner(std::clamp(static_cast<int>(std::lround(frame.cols * scale)), 1, size.width),
                       std::clamp(static_cast<int>(std::lround(frame.rows * scale)), 1, size.height));
  cv::Mat out(size, CV_8UC3, cv::Scalar::all(0));
  const cv::Rect middle({(size.width - inner.width) / 2, (size.height - inner.height) / 2}, inner);
  cv::resize(frame, out(middle), inner, 0, 0, cv::INTER_AREA);
  return out;
}

// Recorded time is the sources' time: where frames are missing (a live source that is looked at more slowly than it
// delivers), the one before is written again until the next is due. No frame that comes is left out.
class VideoWriter : public Sink {
 public:
  VideoWriter(std::string path, int fourcc) : path_(std::move(path)), fourcc_(fourcc) {}
  std::string target() const override { return path_; }

  Result<void> begin(const HeaderRecord& header) override {
    class_names_ = header.class_names;
    return write_file(path_, "");  // says why it cannot be created
  }

  Result<void> frame(const FrameRecord& record, const cv::Mat& bgr) override {
    cv::Mat annotated = bgr.clone();
    draw_detections(annotated, record.detections, class_names_);
    if (!writer_.isOpened()) {
      // The codecs want even sizes; the odd last column or row is cut rather than guessed.
      size_ = {std::max(2, annotated.cols & ~1), std::max(2, annotated.rows & ~1)};
      fps_ = record.source_fps > 0 ? record.source_fps : (record.file.empty() ? 25 : 1);
      if (!writer_.open(fs::absolute(path_).string(), cv::CAP_FFMPEG, fourcc_, fps_, size_)) return failed();
    }
    repeat_last_until(record);
    const bool nearly = annotated.cols - size_.width <= 1 && annotated.rows - size_.height <= 1 &&
                        annotated.cols >= size_.width && annotated.rows >= size_.height;
    last_ = nearly ? annotated(cv::Rect({0, 0}, size_)).clone() : fitted(annotated, size_);
    write_last();
    return {};
  }

  Result<void> end(const SummaryRecord&) override {
    if (written_ == 0) {
      remove_if_empty(path_);
      return {};
    }
    writer_.release();
    cv::VideoCapture check(fs::absolute(path_).string(), cv::CAP_FFMPEG);
    const auto found = check.isOpened() ? static_cast<int64_t>(check.get(cv::CAP_PROP_FRAME_COUNT)) : 0;
    return found >= written_ - 1 ? Result<void>{} : failed();
  }

 private:
  void write_last() {
    writer_.write(last_);
    ++written_;
  }

  void repeat_last_until(const FrameRecord& record) {
    if (record.source != source_ || !first_pts_) start_source(record);
    if (!record.pts_ms) return;  // pictures: one frame each
    const double missing =
        (*record.pts_ms - *first_pts_) * fps_ / 1000 - static_cast<double>(written_ - first_written_);
    if (missing > longest_gap_s * fps_) return start_source(record);
    for (auto left = std::llround(missing); left > 0; --left) write_last();
  }

  void start_source(const FrameRecord& record) {
    source_ = record.source;
    first_pts_ = record.pts_ms;
    first_written_ = written_;
  }

  Error failed() const {
    std::error_code ignored;
    const fs::space_info space = fs::space(fs::absolute(path_).parent_path(), ignored);
    const bool full = !ignored && space.available < (1U << 20);
    return {ErrorKind::output, path_ + (full ? ": cannot be written: the disk is full"
                                             : ": cannot be written as a video (disk full, or no encoder for it)")};
  }

  static constexpr double longest_gap_s = 3600;  // beyond it a clock has jumped, and the disk would only fill up

  std::string path_;
  int fourcc_;
  std::vector<std::string> class_names_;
  cv::VideoWriter writer_;
  cv::Size size_;
  double fps_ = 0;
  cv::Mat last_;         // as written; our own
  int64_t written_ = 0;  // repeated ones too
  std::string source_;   // at hand, with the time of its first frame and the number of frames written before it
  std::optional<double> first_pts_;
  int64_t first_written_ = 0;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_video_writer(const std::string& path) {
  std::string extension = fs::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (extension == ".mp4") {
    return std::unique_ptr<Sink>(new VideoWriter(path, cv::VideoWriter::fourcc('m', 'p', '4', 'v')));
  }
  if (extension == ".avi" || extension == ".mkv") {
    return std::unique_ptr<Sink>(new VideoWriter(path, cv::VideoWriter::fourcc('M', 'J', 'P', 'G')));
  }
  return Error{ErrorKind::usage, "--video " + path + ": the name must end in .mp4, .mkv or .avi"};
}

}  // namespace dualsight
