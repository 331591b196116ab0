#include "app/sinks/picture_sinks.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "app/system/decimating_sampler.h"
#include "app/system/output_file.h"
#include "detector/drawing/overlay.h"

namespace dualsight {
namespace fs = std::filesystem;
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

namespace {

cv::Mat annotated(const cv::Mat& bgr, const FrameRecord& record, const std::vector<std::string>& class_names) {
  cv::Mat out = bgr.clone();
  draw_detections(out, record.detections, class_names);
  return out;
}

class PictureFolder : public Sink {
 public:
  explicit PictureFolder(std::string folder) : folder_(std::move(folder)) {}
  std::string target() const override { return folder_; }
  std::vector<std::string> files() const override { return {}; }
  Result<void> begin(const HeaderRecord& header) override {
    class_names_ = header.class_names;
    return make_folder(folder_);
  }

  Result<void> on_result(const FrameRecord& record, const cv::Mat& bgr) override {
    std::error_code ignored;
    if (!record.file.empty() && fs::equivalent(fs::absolute(record.file).parent_path(), folder_, ignored)) {
      return Error{ErrorKind::output, folder_ + ": holds the pictures themselves, which would be overwritten"};
    }
    const std::string name = names_.next(record.source, record.file, record.frame) + ".jpg";
    return write_picture((fs::path(folder_) / name).string(), ".jpg", annotated(bgr, record, class_names_));
  }

  Result<void> end(const SummaryRecord&) override { return {}; }

 private:
  std::string folder_;
  std::vector<std::string> class_names_;
  FrameNames names_;
};

class ContactSheet : public Sink {
 public:
  explicit ContactSheet(std::string path) : path_(std::move(path)) {}
  std::string target() const override { return path_; }

  // The sheet is written at the end of the run; creating the file now finds a path that cannot be written.
  Result<void> begin(const HeaderRecord& header) override {
    class_names_ = header.class_names;
    return write_file(path_, "");
  }

  Result<void> on_result(const FrameRecord& record, const cv::Mat& bgr) override {
    const int64_t order = seen_++;
    DecimatingSampler<Tile>& sample = record.detections.empty() ? without_ : with_;
    if (sample.wants_next()) {
      const double scale = std::min(1.0, static_cast<double>(tile_width) / bgr.cols);
      Tile tile{order, {}};
      cv::resize(annotated(bgr, record, class_names_), tile.bgr, {}, scale, scale, cv::INTER_AREA);
      sample.add(std::move(tile));
    } else {
      sample.skip();
    }
    return {};
  }

  Result<void> end(const SummaryRecord&) override {
    std::vector<Tile> tiles = std::move(with_).take();
    const std::vector<Tile> others = std::move(without_).take();
    const std::size_t fill = std::min(count - tiles.size(), others.size());
    for (std::size_t i = 0; i < fill; ++i) tiles.push_back(others[i * others.size() / fill]);
    if (tiles.empty()) {
      remove_if_empty(path_);
      return {};
    }
    std::sort(tiles.begin(), tiles.end(), [](const Tile& a, const Tile& b) { return a.order < b.order; });
    std::vector<cv::Mat> pictures;
    for (const Tile& tile : tiles) pictures.push_back(tile.bgr);
    return write_picture(path_, fs::path(path_).extension().string(), contact_sheet(pictures, columns, tile_width));
  }

 private:
  struct Tile {
    int64_t order;  // within the run
    cv::Mat bgr;
  };
  static constexpr int columns = 3, tile_width = 640;
  static constexpr std::size_t count = 12;
  std::string path_;
  std::vector<std::string> class_names_;
  DecimatingSampler<Tile> with_{count}, without_{count};
  int64_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_picture_folder(const std::string& folder) { return std::make_unique<PictureFolder>(folder); }

Result<std::unique_ptr<Sink>> make_contact_sheet(const std::string& path) {
  if (!is_picture_name(path)) {
    return Error{ErrorKind::usage, "--contact-sheet " + path + ": the name must end like a picture's"};
  }
  return std::unique_ptr<Sink>(std::make_unique<ContactSheet>(path));
}

SinkRow picture_folder_row() {
  return {.option = "--images",
          .value_name = "DIR",
          .help = "Write every annotated frame into the folder DIR",
          .make = [](const SinkRequest& request) {
            return Result<std::unique_ptr<Sink>>(make_picture_folder(request.target));
          }};
}

SinkRow contact_sheet_row() {
  return {.option = "--contact-sheet",
          .value_name = "FILE",
          .help = "Write twelve annotated frames as one picture",
          .make = [](const SinkRequest& request) { return make_contact_sheet(request.target); }};
}

}  // namespace dualsight
