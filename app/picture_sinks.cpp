#include "app/picture_sinks.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "app/even_sample.h"
#include "app/output_file.h"
#include "detector/overlay.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

// By way of memory: cv::imwrite does not say why it failed, and misses a full disk.
Result<void> write_picture(const std::string& path, const std::string& extension, const cv::Mat& bgr) {
  std::vector<uchar> bytes;
  try {
    if (cv::imencode(extension, bgr, bytes)) {
      return write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
  } catch (const cv::Exception&) {
  }
  return Error{ErrorKind::output, path + ": cannot be encoded as a picture of this kind"};
}

class PictureFolder : public Sink {
 public:
  explicit PictureFolder(std::string folder) : folder_(std::move(folder)) {}
  std::string target() const override { return folder_; }
  bool wants_picture() const override { return true; }
  Result<void> begin(const HeaderRecord&) override { return make_folder(folder_); }

  Result<void> frame(const FrameRecord& record, const cv::Mat& annotated) override {
    std::error_code ignored;
    if (!record.file.empty() && fs::equivalent(fs::absolute(record.file).parent_path(), folder_, ignored)) {
      return Error{ErrorKind::output, folder_ + ": holds the pictures themselves, which would be overwritten"};
    }
    const std::string name = names_.next(record.source, record.file, record.frame) + ".jpg";
    return write_picture((fs::path(folder_) / name).string(), ".jpg", annotated);
  }

  Result<void> end(const SummaryRecord&) override { return {}; }

 private:
  std::string folder_;
  FrameNames names_;
};

class ContactSheet : public Sink {
 public:
  explicit ContactSheet(std::string path) : path_(std::move(path)) {}
  std::string target() const override { return path_; }
  bool wants_picture() const override { return true; }

  // Nothing is written before the end, so a path that cannot be written is found out now.
  Result<void> begin(const HeaderRecord&) override { return write_file(path_, ""); }

  Result<void> frame(const FrameRecord& record, const cv::Mat& annotated) override {
    EvenSample<cv::Mat>& sample = record.detections.empty() ? without_ : with_;
    if (sample.wants_next()) {
      const double scale = std::min(1.0, static_cast<double>(tile_width) / annotated.cols);
      cv::Mat tile;
      cv::resize(annotated, tile, {}, scale, scale, cv::INTER_AREA);
      sample.add(tile);
    } else {
      sample.skip();
    }
    return {};
  }

  Result<void> end(const SummaryRecord&) override {
    std::vector<cv::Mat> tiles = std::move(with_).take();
    if (tiles.empty()) tiles = std::move(without_).take();
    if (tiles.empty()) {
      remove_if_empty(path_);
      return {};
    }
    return write_picture(path_, fs::path(path_).extension().string(), contact_sheet(tiles, columns, tile_width));
  }

 private:
  static constexpr int columns = 3, tile_width = 640;
  static constexpr std::size_t count = 12;
  std::string path_;
  EvenSample<cv::Mat> with_{count}, without_{count};
};

}  // namespace

std::unique_ptr<Sink> make_picture_folder(const std::string& folder) { return std::make_unique<PictureFolder>(folder); }

std::unique_ptr<Sink> make_contact_sheet(const std::string& path) { return std::make_unique<ContactSheet>(path); }

}  // namespace dualsight
