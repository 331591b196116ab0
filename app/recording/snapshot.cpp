#include "app/recording/snapshot.h"

#include <filesystem>

#include "app/sinks/picture_sinks.h"
#include "app/system/output_file.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

fs::path with_raw(const fs::path& file) {
  fs::path raw = file;
  return raw.replace_extension(".raw" + file.extension().string());
}

fs::path free_name(const fs::path& wanted) {
  std::error_code ignored;
  fs::path name = wanted;
  for (int i = 2; fs::exists(name, ignored) || fs::exists(with_raw(name), ignored); ++i) {
    name = wanted.parent_path() / (wanted.stem().string() + "-" + std::to_string(i) + wanted.extension().string());
  }
  return name;
}

}  // namespace

Result<std::string> write_snapshot(const SnapshotOptions& options, const cv::Mat& bgr,
                                   const std::vector<Detection>& detections,
                                   const std::vector<std::string>& class_names) {
  const std::string extension = lower_extension(options.file);
  if (extension != ".png" && extension != ".jpg") {
    return Error{ErrorKind::output, options.file + ": pictures end in .png or .jpg"};
  }
  const fs::path wanted = fs::absolute(options.file);
  if (auto made = make_folder(wanted.parent_path().string()); !made) return made.error();
  const fs::path file = free_name(wanted);
  if (options.what != RecordWhat::annotated) {
    const fs::path raw = options.what == RecordWhat::both ? with_raw(file) : file;
    if (auto written = write_picture(raw.string(), extension, bgr); !written) return written.error();
    if (options.what == RecordWhat::raw) return file.string();
  }
  cv::Mat drawn = bgr.clone();
  draw_detections(drawn, detections, class_names, options.style);
  if (auto written = write_picture(file.string(), extension, drawn); !written) return written.error();
  return file.string();
}

}  // namespace dualsight
