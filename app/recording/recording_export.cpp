#include "app/recording/recording_export.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/recording/video_encoder.h"
#include "app/records/json_records.h"
#include "app/sinks/picture_sinks.h"
#include "app/sinks/result_writer.h"
#include "app/system/output_file.h"

namespace dualsight {
namespace fs = std::filesystem;
namespace {

// A file or folder that has a temporary name until it is complete.
class AtomicOutput {
 public:
  explicit AtomicOutput(const std::string& path) : path_(path) {
    if (!path_.has_filename()) path_ = path_.parent_path();  // "folder/"
    const fs::path extension = path_.extension();
    const std::string stem = (path_.parent_path() / path_.stem()).string() + ".part";
    std::error_code ignored;
    part_ = stem + extension.string();
    for (int i = 2; fs::exists(part_, ignored); ++i) part_ = stem + std::to_string(i) + extension.string();
  }
  ~AtomicOutput() {
    std::error_code ignored;
    if (!part_.empty()) fs::remove_all(part_, ignored);
  }
  AtomicOutput(const AtomicOutput&) = delete;
  AtomicOutput& operator=(const AtomicOutput&) = delete;

  std::string part() const { return part_.string(); }

  Result<void> finish() {
    std::error_code failure;
    fs::rename(part_, path_, failure);  // takes the place of a file or an empty folder
    if (failure) return Error{ErrorKind::output, path_.string() + ": cannot be written: " + failure.message()};
    part_.clear();
    return {};
  }

 private:
  fs::path path_, part_;
};

Error stopped(const std::string& target) { return {ErrorKind::interrupted, target + ": cancelled"}; }

Result<void> check_target(const Recording& recording, const std::string& file) {
  const fs::path video(recording.video());
  // The raw or annotated counterpart belongs to the recording, too.
  const std::string stem = video.stem().string(), extension = video.extension().string();
  const std::string other = stem.ends_with(".raw") ? stem.substr(0, stem.size() - 4) : stem + ".raw";
  std::error_code ignored;
  for (const fs::path& own : {video, fs::path(recording.sidecar()), video.parent_path() / (other + extension)}) {
    if (!own.empty() && fs::equivalent(own, file, ignored)) {
      return Error{ErrorKind::usage, file + ": belongs to the recording itself: choose another name"};
    }
  }
  return {};
}

Result<void> check_folder(const std::string& folder) {
  std::error_code ignored;
  if (!fs::exists(folder, ignored) || (fs::is_directory(folder, ignored) && fs::is_empty(folder, ignored))) return {};
  return Error{ErrorKind::usage, folder + ": is there already: choose a new folder"};
}

void report_progress(const RecordingExport& options, std::size_t done, std::size_t all) {
  if (options.progress) options.progress(all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 1);
}

bool within(const TimeSpan& range, double ms) { return ms >= range.from_ms && ms <= range.to_ms; }

std::vector<Detection> best_first(std::vector<Detection> detections) {
  std::stable_sort(detections.begin(), detections.end(),
                   [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
  return detections;
}

// Times of the pictures to export, ms.
std::vector<double> picture_times(const Recording& recording, const RecordingExport& options) {
  std::vector<double> all;
  for (const RecordedFrame& frame : recording.run().frames) all.push_back(frame.pts_ms);
  if (all.empty()) all = recording.times();
  std::vector<double> chosen;
  for (const double ms : all) {
    if (!within(options.range, ms)) continue;
    if (chosen.empty() || ms - chosen.back() >= options.every_s * 1000 - 0.5) chosen.push_back(ms);
  }
  return chosen;
}

std::string name_at(const Recording& recording, double ms, const std::string& extension) {
  const auto t = static_cast<int64_t>(std::llround(ms));
  return fmt::format("{}_{}h{:02}m{:02}.{:03}s{}", fs::path(recording.video()).stem().string(), t / 3600000,
                     t / 60000 % 60, t / 1000 % 60, t % 1000, extension);
}

// Calls `take(picture, file name, time in ms)` for each picture to export.
template <typename Take>
Result<void> for_each_picture(const Recording& recording, const std::string& target, const std::string& extension,
                              const RecordingExport& options, const Take& take) {
  const std::vector<double> times = picture_times(recording, options);
  if (times.empty()) return Error{ErrorKind::usage, target + ": there is no picture in this range of time"};
  auto reader = RecordingReader::open(recording.video(), options.stop);
  if (!reader) return reader.error();
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (options.stop.stop_requested()) return stopped(target);
    auto bgr = reader->read(recording.index_at(times[i]), options.stop);
    if (!bgr) return bgr.error();
    if (auto taken = take(*bgr, name_at(recording, times[i], extension), times[i]); !taken) return taken;
    report_progress(options, i + 1, times.size());
  }
  return {};
}

}  // namespace

Result<void> export_clip(const Recording& recording, const std::string& file, const RecordingExport& options) {
  if (auto usable = check_target(recording, file); !usable) return usable;
  std::vector<std::size_t> frames;
  for (std::size_t i = 0; i < recording.times().size(); ++i) {
    if (within(options.range, recording.times()[i])) frames.push_back(i);
  }
  if (frames.empty()) return Error{ErrorKind::usage, file + ": there is no frame in this range of time"};
  auto reader = RecordingReader::open(recording.video(), options.stop);
  if (!reader) return reader.error();
  AtomicOutput output(file);
  EncoderOptions encoding;
  encoding.fps = recording.fps();
  auto encoder = VideoEncoder::create(output.part(), recording.size().width, recording.size().height, encoding);
  if (!encoder) return encoder.error();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (options.stop.stop_requested()) return stopped(file);
    auto bgr = reader->read(frames[i], options.stop);
    if (!bgr) return bgr.error();
    const double ms = recording.times()[frames[i]];
    if (options.boxes) {
      draw_detections(*bgr, recording.detections_at(ms, options.filter), recording.run().class_names, options.style);
    }
    auto written = encoder->write(*bgr, std::llround(ms - recording.times()[frames[0]]));
    if (!written) return written.error();
    report_progress(options, i + 1, frames.size());
  }
  if (auto closed = encoder->close(); !closed) return closed;
  return output.finish();
}

Result<void> export_pictures(const Recording& recording, const std::string& folder, const std::string& extension,
                             const RecordingExport& options) {
  if (auto usable = check_folder(folder); !usable) return usable;
  AtomicOutput output(folder);
  if (auto made = make_folder(output.part()); !made) return made;
  auto done =
      for_each_picture(recording, folder, extension, options, [&](cv::Mat& bgr, const std::string& name, double ms) {
        if (options.boxes) {
          draw_detections(bgr, recording.detections_at(ms, options.filter), recording.run().class_names, options.style);
        }
        return write_picture((fs::path(output.part()) / name).string(), extension, bgr);
      });
  return done ? output.finish() : done;
}

Result<void> export_csv(const Recording& recording, const std::string& file, const RecordingExport& options) {
  if (auto usable = check_target(recording, file); !usable) return usable;
  AtomicOutput output(file);
  auto writer = make_result_writer("csv", output.part());
  if (!writer) return writer.error();
  HeaderRecord header;
  header.class_names = recording.run().class_names;
  if (auto begun = (*writer)->begin(header); !begun) return begun;
  const auto& frames = recording.run().frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (options.stop.stop_requested()) return stopped(file);
    if (!within(options.range, frames[i].pts_ms)) continue;
    FrameRecord record;
    record.source = frames[i].source;
    record.frame = frames[i].frame;
    record.pts_ms = frames[i].pts_ms;
    record.timestamp = frames[i].timestamp;
    record.width = frames[i].width;
    record.height = frames[i].height;
    record.detections = best_first(filter_detections(frames[i], options.filter));
    if (auto written = (*writer)->on_result(record, {}); !written) return written;
    report_progress(options, i + 1, frames.size());
  }
  if (auto ended = (*writer)->end({}); !ended) return ended;
  return output.finish();
}

Result<void> export_coco(const Recording& recording, const std::string& folder, const RecordingExport& options) {
  if (auto usable = check_folder(folder); !usable) return usable;
  const RecordedRun& run = recording.run();
  if (run.frames.empty()) {
    return Error{ErrorKind::usage, recording.video() + ": has no records beside it, so there is nothing to label"};
  }
  if (recording.annotated()) {
    return Error{ErrorKind::usage, recording.video() +
                                       ": has boxes drawn into its pictures: only a raw recording can "
                                       "be learned from"};
  }
  AtomicOutput output(folder);
  const fs::path images = fs::path(output.part()) / "images";
  if (auto made = make_folder(images.string()); !made) return made;

  Json coco = {{"images", Json::array()}, {"annotations", Json::array()}, {"categories", Json::array()}};
  Json unlabelled = Json::array();
  for (std::size_t c = 0; c < run.class_names.size(); ++c) {
    coco["categories"].push_back({{"id", c}, {"name", run.class_names[c]}});
    const bool detected = run.thresholds.empty() || run.thresholds[c] <= 1;
    if (!options.filter.shown.at(c) || !detected) unlabelled.push_back(c);
  }
  auto done = for_each_picture(
      recording, folder, ".jpg", options, [&](cv::Mat& bgr, const std::string& name, double ms) -> Result<void> {
        const std::size_t image_id = coco["images"].size() + 1;
        Json image = {{"id", image_id}, {"file_name", name}, {"width", bgr.cols}, {"height", bgr.rows}};
        if (!unlabelled.empty()) image["not_exhaustive_category_ids"] = unlabelled;
        coco["images"].push_back(image);
        for (const Detection& d : best_first(recording.detections_at(ms, options.filter))) {
          const auto x1 = std::clamp(d.box.x1, 0.0F, static_cast<float>(bgr.cols));
          const auto y1 = std::clamp(d.box.y1, 0.0F, static_cast<float>(bgr.rows));
          const Box box{x1, y1, std::clamp(d.box.x2, x1, static_cast<float>(bgr.cols)),
                        std::clamp(d.box.y2, y1, static_cast<float>(bgr.rows))};
          if (!(box.area() > 0)) continue;
          coco["annotations"].push_back(
              {{"id", coco["annotations"].size() + 1},
               {"image_id", image_id},
               {"category_id", d.class_id},
               {"bbox", {number(box.x1, 2), number(box.y1, 2), number(box.width(), 2), number(box.height(), 2)}},
               {"area", number(box.area(), 2)},
               {"iscrowd", 0},
               {"score", number(d.confidence, 4)}});
        }
        return write_picture((images / name).string(), ".jpg", bgr);
      });
  if (!done) return done;
  if (auto written = write_file((fs::path(output.part()) / "annotations.json").string(), one_line(coco) + "\n");
      !written) {
    return written;
  }
  return output.finish();
}

}  // namespace dualsight
